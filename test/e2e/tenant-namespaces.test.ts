import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, request, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { COLLECTOR_NAMES, NAMESPACE, RECEIVER_PORTS, RELEASE } from "../../components/collectors/k8s-monitoring/names";
import { TENANT_HEADER } from "../../components/contracts/tenancy";
import { attribute, field, fixed, nanoseconds, span } from "../../tools/load/wire";
import { record } from "../../tools/records";
import { arrived } from "./asked";
import { collector, type Collector } from "./collectors";
import { CONTROL_PLANE, stagesFile, startControlPlane, type ControlPlane } from "./control-plane";
import { freePorts } from "./ports";
import { Kubectl } from "./kubectl";
import { readingPods, writeLines } from "./pod-files";
import { Programs } from "./programs";
import type { Found } from "./many/found";
import { needsCharts, renderedRelease } from "./rendered";
import { until } from "./until";

/*
 * Collectors of a stack whose tenant `shop` has the namespace `shop`, as they are rendered, with pods of a real API server:
 * each pod has an address of loopback, from which it pushes and at which it is scraped.
 */

const OURS = "dev";
const SHOP = { namespace: "shop", name: "shop-0", address: "127.0.0.2" };
const OTHER = { namespace: "other", name: "other-0", address: "127.0.0.3" };
/** Of no pod. */
const STRANGER = "127.0.0.4";

const WITH_NAMESPACES = {
    "observability:tenants": JSON.stringify({ shop: { namespaces: [SHOP.namespace] } }),
    "observability:traces": JSON.stringify({ retention: "48h", multitenancy: true }),
};

interface Seen {
    readonly path: string;
    readonly tenant: unknown;
    readonly text: string;
}

describe("tenants by namespace, in real collectors", () => {
    const folder = mkdtempSync(join(tmpdir(), "tenant-namespaces-"));
    const programs = new Programs(folder);
    const seen: Seen[] = [];
    let plane: ControlPlane | undefined;
    const servers: Server[] = [];
    let model: Found;
    let receiver: Collector;

    before(async function () {
        needsCharts(this, ["alloy", ...CONTROL_PLANE]);
        model = await renderedRelease(OURS, WITH_NAMESPACES, RELEASE);
        plane = await startControlPlane(join(folder, "cluster"), 1, 1, stagesFile());
        const { kubeconfig } = plane;
        const [store = 0, scraped = 0] = await freePorts(2);
        servers.push(await listening(store, "127.0.0.1", keep), ...(await targets(scraped)));
        await podsIn(new Kubectl(kubeconfig), scraped);
        const here = (config: string) =>
            config.replaceAll(/tempo[a-z.-]*\.svc\.cluster\.local:\d+/g, `127.0.0.1:${store}`);
        const stores = { cortex: store, loki: store, tempo: store };
        const pods = join(folder, "pods");
        for (const pod of [SHOP, OTHER]) writeLines(pods, 3, pod);
        receiver = await collector(programs, model, COLLECTOR_NAMES.receiver, stores, (config) =>
            byHttp(here(config), store).replaceAll(
                "passthrough = false",
                'passthrough = false\nauth_type = "kubeConfig"',
            ),
        );
        const logs = await collector(programs, model, COLLECTOR_NAMES.logs, stores, (config) =>
            readingPods(config, pods, [SHOP, OTHER]),
        );
        const metrics = await collector(programs, model, COLLECTOR_NAMES.metrics, stores, (config) =>
            config
                .replaceAll(/(discovery\.kubernetes "[a-z]+" \{)/g, `$1\nkubeconfig_file = "${kubeconfig}"`)
                .replaceAll(
                    "honor_labels = false",
                    'honor_labels = false\nscrape_interval = "1s"\nscrape_timeout = "1s"',
                ),
        );
        await Promise.all([receiver.start({ KUBECONFIG: kubeconfig }), logs.start(), metrics.start()]);
    });

    after(async () => {
        await programs.stop();
        plane?.stop();
        for (const server of servers) server.close();
        if (process.env.KEEP === undefined) rmSync(folder, { recursive: true, force: true });
    });

    function keep(path: string, tenant: unknown, body: Buffer): void {
        seen.push({ path, tenant, text: plain(path, body).toString("latin1") });
    }

    /** Tenants of the pushes that hold a text, once there are some. */
    async function tenantsOf(text: string, ending: string): Promise<unknown[]> {
        const own = () => seen.filter((each) => each.text.includes(text) && each.path.endsWith(ending));
        await arrived(() => Promise.resolve(own().length), 1);
        return [...new Set(own().map(({ tenant }) => tenant))];
    }

    const pushed = (from: string, service: string, claims: Readonly<Record<string, string>> = {}) =>
        Promise.all(
            Object.entries(RECORDS).map(async ([signal, body]) => {
                const attributes = Object.entries({ "service.name": service, ...claims });
                const resource = field(1, ...attributes.map(([key, value]) => field(1, attribute(key, value))));
                return posted(from, `/v1/${signal}`, field(1, resource, field(2, field(2, body(service)))));
            }),
        );

    function posted(localAddress: string, path: string, body: Buffer): Promise<number | undefined> {
        const to = { host: "127.0.0.1", port: receiver.port(RECEIVER_PORTS.otlpHttp), localAddress, agent: false };
        const headers = { "content-type": "application/x-protobuf" };
        return new Promise((resolve, reject) => {
            const call = request({ ...to, path, method: "POST", headers }, (answer) => {
                answer.resume().on("end", () => {
                    resolve(answer.statusCode);
                });
            });
            call.on("error", reject).end(body);
        });
    }

    const CLAIMS = { "k8s.namespace.name": "shop", "k8s.pod.ip": SHOP.address };

    for (const [who, from, service, claims, tenant] of [
        ["of a pod in the tenant's namespace are the tenant's", SHOP.address, "of-shop", {}, "shop"],
        ["of another's pod are the platform's, whatever it says of itself", OTHER.address, "of-other", CLAIMS, OURS],
        ["of nobody known are the platform's, whatever it says of itself", STRANGER, "of-nobody", CLAIMS, OURS],
    ] as const) {
        it(`pushes ${who}`, async () => {
            // The first of them is from before the pods are known.
            await arrived(async () => {
                assert.deepEqual(await pushed(SHOP.address, "known"), [200, 200, 200]);
                return (await tenantsOf("known", "/v1/logs")).includes("shop") ? 1 : 0;
            }, 1);
            assert.deepEqual(await pushed(from, service, claims), [200, 200, 200]);
            for (const ending of ["/v1/logs", "/v1/metrics", "/v1/traces"]) {
                assert.deepEqual(await tenantsOf(service, ending), [tenant], ending);
            }
        });
    }

    it("lines of pods are their namespaces' tenants'", async () => {
        assert.deepEqual(await tenantsOf('namespace="shop"', "/loki/api/v1/push"), ["shop"]);
        assert.deepEqual(await tenantsOf('namespace="other"', "/loki/api/v1/push"), [OURS]);
    });

    it("scrapes are those of the namespace of the pod that is scraped, whatever namespace it writes on its series", async () => {
        assert.deepEqual(await tenantsOf("scraped_of_shop", "/api/v1/push"), ["shop"]);
        assert.deepEqual(await tenantsOf("scraped_of_other", "/api/v1/push"), [OURS]);
    });

    it("scrapes differ from the chart's in what they take a target's own labels for, and in nothing else", async () => {
        const blocks = (of: Found) => {
            const { data } = record(of.find("ConfigMap", NAMESPACE, `${RELEASE}-${COLLECTOR_NAMES.metrics}`));
            const text = String(record(data)["config.alloy"]);
            return ["http", "https"].map((scheme) => {
                const name = `prometheus.scrape "annotation_autodiscovery_${scheme}"`;
                const [block = ""] = new RegExp(`${name} \\{[^]*?\\} // ${name}`).exec(text) ?? [];
                const lines = block.split("\n").map((line) => line.trim());
                return lines.filter((line) => line !== "" && !/^(\/\/|honor_labels|forward_to)/.test(line));
            });
        };
        const charts = blocks(await renderedRelease(OURS, {}, RELEASE));
        assert.ok(charts.every((lines) => lines.length > 5));
        assert.deepEqual(blocks(model), charts);
    });
});

/** A push's bytes before they were compressed: OTLP by gzip, the others by Snappy. */
function plain(path: string, body: Buffer): Buffer {
    if (path.includes("/v1/push")) return unsnapped(body);
    return body[0] === 0x1f && body[1] === 0x8b ? gunzipSync(body) : body;
}

/** https://github.com/google/snappy/blob/main/format_description.txt */
function unsnapped(body: Buffer): Buffer {
    let at = 0;
    // How long it is to be.
    while ((body[at] ?? 0) > 127) at += 1;
    at += 1;
    const out: number[] = [];
    while (at < body.length) {
        const tag = body[at] ?? 0;
        at += 1;
        const high = tag >> 2;
        if (tag % 4 === 0) {
            const extra = high < 60 ? 0 : high - 59;
            const length = extra === 0 ? high + 1 : body.readUIntLE(at, extra) + 1;
            out.push(...body.subarray(at + extra, at + extra + length));
            at += extra + length;
            continue;
        }
        const [length, bytes] = tag % 4 === 1 ? [(high % 8) + 4, 1] : [high + 1, tag % 4 === 2 ? 2 : 4];
        const offset = (tag % 4 === 1 ? (tag >> 5) * 256 : 0) + body.readUIntLE(at, bytes);
        at += bytes;
        for (let i = 0; i < length; i++) out.push(out[out.length - offset] ?? 0);
    }
    return Buffer.from(out);
}

/** One record of each signal. */
const RECORDS: Readonly<Record<string, (name: string) => Buffer>> = {
    logs: (name) => Buffer.concat([fixed(1, nanoseconds(Date.now())), field(5, field(1, name))]),
    metrics: (name) =>
        Buffer.concat([field(1, name), field(5, field(1, fixed(3, nanoseconds(Date.now())), fixed(6, 1n)))]),
    traces: (name) => {
        const ids = { trace: Buffer.alloc(16, name), span: Buffer.alloc(8, name) };
        return span(ids, name, [Date.now(), Date.now()], []);
    },
};

/** Spans by HTTP, so that one server takes all: by gRPC they are as they are. */
function byHttp(config: string, store: number): string {
    return config
        .replaceAll("otelcol.exporter.otlp ", "otelcol.exporter.otlphttp ")
        .replaceAll(/otelcol\.exporter\.otlp\./g, "otelcol.exporter.otlphttp.")
        .replaceAll(`endpoint = "127.0.0.1:${store}"`, `endpoint = "http://127.0.0.1:${store}"`);
}

async function listening(
    port: number,
    host: string,
    take: (path: string, tenant: unknown, body: Buffer) => void,
    said = "",
): Promise<Server> {
    const server = createServer((call, answer) => {
        const parts: Buffer[] = [];
        call.on("data", (part: Buffer) => parts.push(part));
        call.on("end", () => {
            take(call.url ?? "", call.headers[TENANT_HEADER.toLowerCase()], Buffer.concat(parts));
            answer.setHeader("content-type", said === "" ? "application/x-protobuf" : "text/plain; version=0.0.4");
            answer.writeHead(200).end(said);
        });
    });
    await new Promise<void>((resolve) => server.listen(port, host, resolve));
    return server;
}

/** What the pods answer to a scrape: the other's writes the tenant's namespace on its series. */
function targets(port: number): Promise<Server[]> {
    const nothing = () => undefined;
    return Promise.all([
        listening(port, SHOP.address, nothing, "scraped_of_shop 1\n"),
        listening(port, OTHER.address, nothing, 'scraped_of_other{namespace="shop"} 1\n'),
    ]);
}

/** Pods that no scheduler places, so that their addresses are what is written here. */
async function podsIn(kubectl: Kubectl, containerPort: number): Promise<void> {
    for (const { namespace, name, address } of [SHOP, OTHER]) {
        kubectl.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
        // A pod without it is refused, and who makes it too is in the controller's way.
        const account = ["get", "serviceaccount", "default", "--namespace", namespace];
        await until(`${namespace} has its account`, () => kubectl.run(account) !== "");
        kubectl.apply({
            apiVersion: "v1",
            kind: "Pod",
            metadata: { name, namespace, annotations: { "k8s.grafana.com/scrape": "true" } },
            spec: {
                schedulerName: "nobody",
                containers: [{ name: "main", image: "none", ports: [{ containerPort }] }],
            },
        });
        const conditions = [{ type: "Ready", status: "True" }];
        const status = { phase: "Running", podIP: address, podIPs: [{ ip: address }], conditions };
        const patch = ["--type=merge", "--subresource=status", `--patch=${JSON.stringify({ status })}`];
        kubectl.run(["patch", "pod", name, "--namespace", namespace, ...patch]);
    }
}
