import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { EventEmitter, once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { resolve } from "node:path";
import { JOB, PROBER } from "../../components/collectors/blackbox-exporter/names";
import { MODULES } from "../../components/collectors/blackbox-exporter/modules";
import { STORE_RULES } from "../../components/contracts/rule-objects";
import { INGEST_LABEL } from "../../components/kubernetes/access-labels";
import { hasLabel, readTables } from "../../tools/metric-names/table";
import { metricsOf } from "../../tools/promql";
import { at, record, records } from "../../tools/records";
import { parseManifests, type KubernetesObject } from "../../tools/render/manifests";
import { APPLICATION as folder, madeByProgram } from "../fixtures/example-program";

const app = resolve(folder, "app/app.mjs");

function manifests(): KubernetesObject[] {
    const files = ["namespace.yaml", ...readdirSync(resolve(folder, "manifests")).map((name) => `manifests/${name}`)];
    return files.flatMap((file) => parseManifests(readFileSync(resolve(folder, file), "utf8")));
}

const objects = manifests();

function only(kind: string, name: string): KubernetesObject {
    const [found, ...more] = objects.filter((each) => each.kind === kind && each.metadata.name === name);
    assert.ok(found && more.length === 0, `${kind}/${name}`);
    return found;
}

/** Objects whose labels (at `labels`) have all that a selector asks for. */
function selected(kind: string, selector: unknown, labels: string): KubernetesObject[] {
    const wanted = Object.entries(record(record(selector).matchLabels ?? selector));
    assert.ok(wanted.length > 0, "an empty selector takes everything");
    return objects.filter(
        (each) => each.kind === kind && wanted.every(([key, value]) => record(at(each, labels))[key] === value),
    );
}

const portsOf = (workload: KubernetesObject) =>
    records(at(workload, "spec.template.spec.containers")).flatMap(({ ports }) => records(ports));

describe("the example application's manifests", () => {
    it("may push, by the namespace's label", () => {
        assert.deepEqual(
            { ...only("Namespace", "shop").metadata.labels, ...INGEST_LABEL },
            only("Namespace", "shop").metadata.labels,
        );
    });

    it("are scraped: each monitor finds its target and a port of that name", () => {
        const monitor = only("ServiceMonitor", "shop");
        const [service, ...others] = selected("Service", at(monitor, "spec.selector"), "metadata.labels");
        assert.ok(service && others.length === 0);
        const [{ port } = {}] = records(at(monitor, "spec.endpoints"));
        const named = records(at(service, "spec.ports")).find(({ name }) => name === port);
        const [deployment] = selected("Deployment", at(service, "spec.selector"), "spec.template.metadata.labels");
        assert.ok(deployment && portsOf(deployment).some(({ name }) => name === named?.targetPort));

        const podMonitor = only("PodMonitor", "visitor");
        const pods = selected("Deployment", at(podMonitor, "spec.selector"), "spec.template.metadata.labels");
        assert.deepEqual(
            pods.map(({ metadata }) => metadata.name),
            ["visitor"],
        );
        const [endpoint] = records(at(podMonitor, "spec.podMetricsEndpoints"));
        assert.ok(pods[0] && portsOf(pods[0]).some(({ name }) => name === endpoint?.port));
    });

    it("are probed by the platform's exporter, with a module that it has, at an address that is there", () => {
        const { spec } = only("Probe", "shop");
        const { jobName, module, prober } = record(spec);
        assert.deepEqual([jobName, record(prober).url], [JOB, PROBER]);
        assert.ok(String(module) in MODULES);
        const [target = ""] = at(spec, "targets.staticConfig.static") as string[];
        const { hostname, port } = new URL(target);
        const [service = "", namespace] = hostname.split(".");
        const { metadata, spec: of } = only("Service", service);
        assert.equal(namespace, metadata.namespace);
        assert.ok(records(record(of).ports).some((each) => String(each.port) === port));
    });

    it("disrupt one pod of several at a time", () => {
        const budget = only("PodDisruptionBudget", "shop");
        const [shop] = selected("Deployment", at(budget, "spec.selector"), "spec.template.metadata.labels");
        assert.ok(Number(at(shop, "spec.replicas")) > 1);
    });
});

describe("the example application's rules on its spans", () => {
    const object = only("PrometheusRule", "shop-spans");
    const [group = {}] = records(at(object, "spec.groups"));
    const selectors = records(group.rules).flatMap(({ expr }) => metricsOf(String(expr)));

    it("read metrics that Tempo makes, by labels that it puts on them", () => {
        const [tempo] = readTables().filter(({ binary }) => binary === "tempo");
        assert.ok(tempo && selectors.length > 0);
        const unknown = selectors.flatMap(({ metric = "", matchers }) =>
            matchers.filter(({ label }) => !hasLabel(metric, label, [tempo])).map(({ label }) => `${metric}{${label}}`),
        );
        assert.deepEqual(unknown, []);
    });

    it("ask for a service by the name that its spans carry", () => {
        const deployment = only("Deployment", "shop");
        const roles = records(at(deployment, "spec.template.spec.containers")).flatMap(({ env }) => records(env));
        const role = roles.find(({ name }) => name === "ROLE")?.value;
        const services = selectors.flatMap(({ matchers }) => matchers.filter(({ label }) => label === "service"));
        assert.deepEqual([...new Set(services.map(({ value }) => value))], [role ?? "shop"]);
    });

    it("are for the ruler of the store that alone has the metrics, with labels that route them", () => {
        assert.equal(object.metadata.labels?.[STORE_RULES.label], STORE_RULES.value);
        for (const { labels } of records(group.rules)) {
            assert.deepEqual(labels, { severity: "warning", team: "shop" });
        }
    });
});

describe("the example application", () => {
    const spans: { headers: unknown; span: Record<string, unknown>; service: string }[] = [];
    const lines: Record<string, Record<string, unknown>[]> = { shop: [], visitor: [] };
    const started: ChildProcess[] = [];
    /** Emits `arrival` for each span and line, and `error` where the application ends by itself. */
    const arrivals = new EventEmitter();
    let receiver: Server;
    let metrics = "";

    /** However long it takes on a busy machine: mocha's own bound is the only one. */
    async function until(condition: () => boolean): Promise<void> {
        while (!condition()) await once(arrivals, "arrival");
    }

    /** A visit and how it was served. A span that the application could not send in time is lost, and its visit with it. */
    function joined() {
        const pairs = spans.flatMap((asked) =>
            spans.filter(({ span }) => span.parentSpanId === asked.span.spanId).map((served) => ({ asked, served })),
        );
        return pairs.at(0);
    }

    const logged = () => lines.shop?.map((line) => line.trace_id).filter((id) => id !== undefined) ?? [];

    const exemplars = () => {
        const form = /_bucket\{[^}]+\} \d+ # \{trace_id="([0-9a-f]{32})"\} [\d.]+ [\d.]+$/gm;
        return [...metrics.matchAll(form)].map(([, id = ""]) => id);
    };

    /** Starts the application in a role; resolves with its port. */
    async function start(role: string, env: Record<string, string>): Promise<number> {
        const child = spawn(process.execPath, [app], {
            env: { ...process.env, ...env, ROLE: role, PORT: "0" },
            stdio: ["ignore", "pipe", "inherit"],
        });
        started.push(child);
        child.once("exit", (code) => arrivals.emit("error", new Error(`${role} ended with ${code ?? "a signal"}`)));
        let rest = "";
        child.stdout.on("data", (chunk: Buffer) => {
            const parts = (rest + chunk.toString()).split("\n");
            rest = parts.pop() ?? "";
            for (const part of parts) lines[role]?.push(JSON.parse(part) as Record<string, unknown>);
            arrivals.emit("arrival");
        });
        const listening = () => lines[role]?.find(({ message }) => message === "listening");
        await until(() => listening() !== undefined);
        return Number(listening()?.port);
    }

    before(async () => {
        receiver = createServer((request, response) => {
            let text = "";
            request.on("data", (chunk: Buffer) => (text += chunk.toString()));
            request.on("end", () => {
                assert.equal(request.url, "/v1/traces");
                const [{ resource, scopeSpans } = {}] = records(record(JSON.parse(text)).resourceSpans);
                const [{ spans: sent } = {}] = records(scopeSpans);
                const [attribute] = records(record(resource).attributes);
                const service = String(record(attribute?.value).stringValue);
                for (const span of records(sent)) spans.push({ headers: request.headers, span, service });
                arrivals.emit("arrival");
                response.end("{}");
            });
        }).listen(0, "127.0.0.1");
        await once(receiver, "listening");
        const otlp = { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(receiver.address() as AddressInfo).port}` };
        const port = await start("shop", otlp);
        await start("visitor", { ...otlp, SHOP_URL: `http://127.0.0.1:${port}/` });
        await until(() => joined() !== undefined);
        metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
        // A line takes another way than a span and a scrape do.
        await until(() => exemplars().some((id) => logged().includes(id)));
    });

    after(() => {
        for (const child of started) child.removeAllListeners("exit").kill();
        receiver.close();
    });

    it("joins the visitor's span and the shop's in one trace", () => {
        const { asked, served } = joined() ?? {};
        assert.equal(asked?.service, "visitor");
        assert.equal(served?.service, "shop");
        assert.equal(asked.span.traceId, served.span.traceId);
        assert.match(String(served.span.traceId), /^[0-9a-f]{32}$/);
    });

    it("writes the trace's id into its log lines and its exemplars", () => {
        assert.ok(exemplars().some((id) => logged().includes(id)));
        assert.ok(metrics.endsWith("# EOF\n"));
    });

    it("has every metric that its rules read", () => {
        const rules = records(at(only("PrometheusRule", "shop"), "spec.groups")).flatMap((group) =>
            records(group.rules),
        );
        const names = rules.flatMap(({ expr }) => metricsOf(String(expr)).map(({ metric }) => metric ?? ""));
        for (const name of names.filter((each) => each !== "probe_success")) {
            assert.match(metrics, new RegExp(`^${name}\\{`, "m"));
        }
        assert.ok(names.includes("probe_success"), "the exporter's own");
    });
});

describe("the example application's Pulumi program", () => {
    it("gives the application the address from the platform's outputs", async () => {
        const otlpHttp = "http://collector.example:4318";
        const made = await madeByProgram({ push: { otlpHttp } });
        const maps = made.filter(({ kind }) => kind === "ConfigMap");
        const data = Object.assign({}, ...maps.map((each) => record(each.data))) as Record<string, unknown>;
        assert.equal(data.OTEL_EXPORTER_OTLP_ENDPOINT, otlpHttp);
        assert.equal(data["app.mjs"], readFileSync(app, "utf8"));
    });

    it("makes all that the manifests hold", async () => {
        const names = (all: readonly KubernetesObject[]) => all.map(({ kind, metadata }) => `${kind}/${metadata.name}`);
        const made = names(await madeByProgram({ push: { otlpHttp: "" } }));
        assert.deepEqual(
            names(objects).filter((name) => !made.includes(name)),
            [],
        );
    });
});
