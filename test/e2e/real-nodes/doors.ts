import { randomBytes } from "node:crypto";
import { logRecords, points, remoteWrite, spans } from "../pushes";
import type { Kubectl } from "../kubectl";
import { until } from "../until";
import type { Client, Reply } from "./client";
import { jaegerBatch } from "./jaeger";

/** What the program tells its users: outputs of the stack. */
export interface Outputs {
    readonly tenant: string;
    readonly push: Readonly<Record<string, string>>;
    readonly query: Readonly<Record<"metrics" | "logs" | "traces", string>>;
}

export interface Door {
    readonly name: string;
    /** Sends one thing; absent where the platform sends by itself. */
    readonly send?: () => Promise<Reply | undefined>;
    /** Whether it is to be read where Grafana reads. */
    readonly arrived: () => Promise<boolean>;
}

/** Waits until what each of them was sent is to be read, asking no more for what has been seen. */
export async function allArrived(doors: readonly Door[]): Promise<void> {
    let waiting = doors;
    await until(
        "all has arrived",
        async () => {
            const arrived = await Promise.all(waiting.map((door) => door.arrived()));
            waiting = waiting.filter((_, i) => !arrived[i]);
            return waiting.map(({ name }) => name).join(", ");
        },
        2000,
    );
}

/** A name that nothing had before, for what a door takes. */
const name = (door: string) => `${door}-${randomBytes(4).toString("hex")}`;

/** Every door of the platform from inside the cluster: one thing through each, and the question that finds it again. */
export function doors(client: Client, kubectl: Kubectl, { tenant, push, query }: Outputs): Door[] {
    const headers = { "X-Scope-OrgID": tenant };
    const protobuf = { "content-type": "application/x-protobuf" };
    const json = { "content-type": "application/json" };
    const url = (door: string, path = "") => `${push[door] ?? `no output push.${door}`}${path}`;
    const now = () => Date.now();

    const asked = async (of: string): Promise<unknown[]> => {
        const { status, body } = await client.call(of, { headers });
        if (status !== 200) return [];
        return (JSON.parse(body) as { data?: { result?: unknown[] } }).data?.result ?? [];
    };
    const series = async (expr: string) =>
        (await asked(`${query.metrics}/api/v1/query?query=${encodeURIComponent(expr)}`)).length > 0;
    const lines = async (expr: string) => {
        const at = `${query.logs}/loki/api/v1/query_range?since=1h&query=${encodeURIComponent(expr)}`;
        return (await asked(at)).length > 0;
    };
    const trace = async (id: string, service: string) => {
        const { status, body } = await client.call(`${query.traces}/api/traces/${id}`, { headers });
        return status === 200 && body.includes(service);
    };

    const metrics = (door: string, expr: (of: string) => string, send?: (of: string) => Promise<Reply>): Door => {
        const of = name("e2e");
        return { name: door, ...(send && { send: () => send(of) }), arrived: () => series(expr(of)) };
    };
    const logs = (
        door: string,
        expr: (of: string) => string,
        send: (of: string) => Promise<Reply | undefined>,
    ): Door => {
        const of = name("e2e");
        return { name: door, send: () => send(of), arrived: () => lines(expr(of)) };
    };
    /** The name is 12 letters, which is what is made the id of. */
    const traces = (
        door: string,
        send: (of: string, id: string) => Promise<Reply>,
        idOf?: (of: string) => string,
    ): Door => {
        const of = name("e2e");
        const id = idOf?.(of) ?? randomBytes(16).toString("hex");
        return { name: door, send: () => send(of, id), arrived: () => trace(id, of) };
    };
    /** As `spans` makes it. */
    const ofName = (of: string) => {
        const id = Buffer.alloc(16, of);
        id.writeUInt32BE(1, 12);
        return id.toString("hex");
    };

    return [
        metrics("what Prometheus scrapes", () => 'up{job="kps-prometheus"} == 1'),
        metrics("what is annotated", () => `e2e_client_up{namespace="${client.namespace}"} == 1`),
        metrics("what is probed", () => 'probe_success{probe="object-store"} == 1'),
        metrics(
            "remote write",
            (of) => `pushed_1{job="${of}"}`,
            (of) => {
                const written = {
                    ...protobuf,
                    "content-encoding": "snappy",
                    "x-prometheus-remote-write-version": "0.1.0",
                };
                return client.call(url("metrics"), {
                    headers: { ...headers, ...written },
                    body: remoteWrite(of, 1, now()),
                });
            },
        ),
        metrics(
            "metrics by OTLP",
            (of) => `pushed_1{job="${of}"}`,
            (of) => client.call(url("otlpHttp", "/v1/metrics"), { headers: protobuf, body: points(of, 1, now()) }),
        ),
        ...(push.pushgateway === undefined
            ? []
            : [
                  metrics(
                      "a batch job's metrics",
                      (of) => `e2e_job_ended{job="${of}"} == 1`,
                      (of) => client.call(`${url("pushgateway")}/metrics/job/${of}`, { body: "e2e_job_ended 1\n" }),
                  ),
              ]),
        logs(
            "a pod's own line",
            (of) => `{namespace="${client.namespace}"} |= "${of}"`,
            async (of) => {
                await client.log(`level=info message=${of}`);
                return undefined;
            },
        ),
        logs(
            "lines by Loki's push",
            (of) => `{service_name="${of}"}`,
            (of) => {
                const values = [[`${now()}000000`, "a line"]];
                const body = JSON.stringify({ streams: [{ stream: { service_name: of }, values }] });
                return client.call(url("logs"), { headers: { ...headers, ...json }, body });
            },
        ),
        logs(
            "lines by OTLP to the store",
            (of) => `{service_name="${of}"}`,
            (of) =>
                client.call(url("logsOtlp", "/v1/logs"), {
                    headers: { ...headers, ...protobuf },
                    body: logRecords(of, 1, now()),
                }),
        ),
        logs(
            "lines by OTLP",
            (of) => `{service_name="${of}"}`,
            (of) => client.call(url("otlpHttp", "/v1/logs"), { headers: protobuf, body: logRecords(of, 1, now()) }),
        ),
        logs(
            "Kubernetes' events",
            (of) => `{namespace="${client.namespace}"} |= "${of}"`,
            (of) => {
                kubectl.apply(event(of, client));
                return Promise.resolve(undefined);
            },
        ),
        traces(
            "spans by OTLP over gRPC",
            (of) => {
                const message = spans(of, 1, now());
                const prefix = Buffer.alloc(5);
                prefix.writeUInt32BE(message.length, 1);
                const path = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";
                return client.call(`http://${url("otlpGrpc", path)}`, {
                    headers: { "content-type": "application/grpc", te: "trailers" },
                    body: Buffer.concat([prefix, message]),
                    http2: true,
                });
            },
            ofName,
        ),
        traces(
            "spans by OTLP over HTTP",
            (of) => client.call(url("otlpHttp", "/v1/traces"), { headers: protobuf, body: spans(of, 1, now()) }),
            ofName,
        ),
        traces("spans by Jaeger", (of, id) =>
            client.call(url("jaeger"), {
                headers: { "content-type": "application/vnd.apache.thrift.binary" },
                body: jaegerBatch(of, id, now()),
            }),
        ),
        traces("spans by Zipkin", (of, id) => {
            const times = { timestamp: now() * 1000, duration: 1000 };
            const span = {
                traceId: id,
                id: id.slice(16),
                name: "by zipkin",
                localEndpoint: { serviceName: of },
                ...times,
            };
            return client.call(url("zipkin"), { headers: json, body: JSON.stringify([span]) });
        }),
        metrics("metrics made of spans", () => 'traces_spanmetrics_calls_total{service=~"e2e-.+|tempo-vulture"} > 0'),
    ];
}

function event(text: string, { namespace, pod }: Client): object {
    const time = new Date().toISOString();
    return {
        apiVersion: "v1",
        kind: "Event",
        metadata: { name: text, namespace },
        involvedObject: { apiVersion: "v1", kind: "Pod", name: pod, namespace },
        ...{ type: "Normal", reason: "EndToEnd", message: text },
        ...{ firstTimestamp: time, lastTimestamp: time, count: 1, source: { component: "e2e" } },
    };
}
