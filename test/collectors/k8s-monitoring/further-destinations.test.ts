import assert from "node:assert/strict";
import type { Destination } from "../../../components/collectors/k8s-monitoring/destination-settings";
import { collectorNetwork } from "../../../components/collectors/k8s-monitoring/network-policies";
import { k8sMonitoringDefaults, k8sMonitoringRules } from "../../../components/collectors/k8s-monitoring/settings";
import { buildK8sMonitoringValues } from "../../../components/collectors/k8s-monitoring/values";
import { networkPolicySpecs } from "../../../components/kubernetes/network-policies";
import { parseSettings } from "../../../components/platform/settings";
import { at, record, records, strings } from "../../../tools/records";
import { platformOf } from "../../fixtures/platform";
import { logStore, metricsStore, traceStore } from "../../fixtures/stores";

type Survives = Parameters<typeof platformOf>[0];

const signoz: Destination = {
    name: "my-signoz",
    kind: "otlp",
    protocol: "grpc",
    url: "https://ingest.example.com:443",
    auth: { kind: "header", header: "signoz-ingestion-key", secret: "signoz", rotation: 2 },
};
const loki: Destination = { name: "archive", kind: "loki", url: "https://loki.example.com/", tenant: "blue" };
const mimir: Destination = {
    name: "mimir",
    kind: "prometheus",
    url: "https://mimir.example.com/api/v1/push",
    auth: { kind: "basic", secret: "mimir" },
};

function settings(survives: Survives, ...destinations: Destination[]) {
    return { ...k8sMonitoringDefaults(survives), destinations };
}

function values(survives: Survives, ...destinations: Destination[]) {
    return buildK8sMonitoringValues({
        platform: platformOf(survives),
        settings: settings(survives, ...destinations),
        scrapedByPrometheus: [],
        ...{ metricsStore, traceStore, logStore },
    });
}

const SHAPES = ["nothing", "node", "zone"] as const;
const QUEUED_IN_FILES = ["alloy-logs", "alloy-metrics", "alloy-receiver"];

describe("k8s-monitoring: further destinations", () => {
    for (const survives of SHAPES) {
        it(`never make a sender wait, and are tried again for ever (survives ${survives})`, () => {
            const all = record(values(survives, signoz, loki, mimir).destinations);
            const further = Object.entries(all).filter(([name]) => name.startsWith("to-"));
            assert.ok(further.length >= 3);
            for (const [name, each] of further) {
                const { sendingQueue, retryOnFailure, type } = record(each);
                // Remote write has a write-ahead log, which no sender waits for.
                if (type === "prometheus") continue;
                assert.notEqual(record(sendingQueue).blockOnOverflow, true, name);
                assert.ok(Number(record(sendingQueue).queueSize) > 0, name);
                assert.deepEqual(retryOnFailure, { maxElapsedTime: "0s" }, name);
            }
            for (const name of ["pushed-logs", "traces", "pushed-metrics"]) {
                assert.equal(at(all[name], "sendingQueue.blockOnOverflow"), true, `${name} is the stack's own`);
            }
        });
    }

    it("changes nothing for the stack's own stores", () => {
        const own = values("zone").destinations;
        const { destinations } = values("zone", signoz, loki, mimir);
        for (const [name, each] of Object.entries(own ?? {})) assert.deepEqual(destinations?.[name], each, name);
    });

    it("get each what its kind takes, from every collector that has it", () => {
        const made = values("zone", signoz, loki, mimir);
        const goesTo = (feature: string) =>
            strings(at(made, `${feature}.destinations`)).filter((to) => /^to-/.test(to));
        assert.deepEqual(goesTo("podLogsViaLoki"), ["to-my-signoz", "to-archive"]);
        assert.deepEqual(goesTo("nodeLogs"), ["to-my-signoz", "to-archive"]);
        assert.deepEqual(goesTo("clusterEvents"), ["to-my-signoz-events", "to-archive-events"]);
        assert.deepEqual(goesTo("annotationAutodiscovery"), ["to-my-signoz", "to-mimir"]);
        assert.deepEqual(goesTo("applicationObservability"), ["to-my-signoz", "to-archive", "to-mimir"]);
        const sends = (name: string) =>
            ["traces", "logs", "metrics"].filter(
                (signal) => at(made.destinations?.[name], `${signal}.enabled`) !== false,
            );
        assert.deepEqual(sends("to-my-signoz"), ["traces", "logs", "metrics"]);
        assert.deepEqual(sends("to-archive"), ["logs"]);
        assert.deepEqual(sends("to-my-signoz-events"), ["logs"]);
    });

    it("that want only some signals get these alone", () => {
        const made = values("zone", { ...signoz, signals: ["traces"] });
        assert.equal(at(made.destinations?.["to-my-signoz"], "logs.enabled"), false);
        assert.equal(made.destinations?.["to-my-signoz-events"], undefined);
        assert.deepEqual(at(made, "podLogsViaLoki.destinations"), ["logs"]);
        assert.equal(at(made, "collectors.alloy-logs.alloy.extraEnv"), undefined, "no credential where it is not sent");
    });

    it("are kept for in files where collectors have a place for them", () => {
        const made = values("zone", signoz);
        for (const name of QUEUED_IN_FILES) {
            const collector = record(at(made, `collectors.${name}`));
            assert.match(String(collector.extraConfig), /otelcol\.storage\.file "queue"/, name);
            assert.equal(at(collector, "alloy.stabilityLevel"), "public-preview", name);
        }
        const queue = (name: string) => record(at(made.destinations?.[name], "sendingQueue"));
        assert.match(String(queue("to-my-signoz").storage), /otelcol\.storage\.file\.queue\.handler/);
        assert.equal(queue("to-my-signoz").queueSize, 512 * 2 ** 20);
        // The collector of events has no volume.
        assert.equal(queue("to-my-signoz-events").storage, undefined);
        const events = record(at(made, "collectors.alloy-events"));
        assert.doesNotMatch(String(events.extraConfig), /otelcol\.storage\.file/);
        // A gRPC server takes 4 MiB unless it is told otherwise.
        assert.ok(Number(record(queue("to-my-signoz").batch).maxSize) < 4 * 2 ** 20);
    });

    it("are kept for in little memory where the stack survives nothing: a full one must not turn pushes away", () => {
        const made = values("nothing", signoz, loki);
        for (const name of ["to-my-signoz", "to-archive"]) {
            const { sizer, queueSize, storage } = record(at(made.destinations?.[name], "sendingQueue"));
            assert.deepEqual([sizer, storage], ["bytes", undefined], name);
            assert.ok(Number(queueSize) <= 32 * 2 ** 20, name);
        }
    });

    it("are addressed as each protocol wants it", () => {
        const of = (destination: Destination) =>
            record(values("zone", destination).destinations?.[`to-${destination.name}`]);
        assert.deepEqual([of(signoz).url, of(signoz).tls], ["ingest.example.com:443", undefined]);
        const open = of({ name: "signoz", kind: "otlp", protocol: "grpc", url: "http://signoz.signoz.svc:4317" });
        assert.deepEqual([open.url, open.tls], ["signoz.signoz.svc:4317", { insecure: true }]);
        assert.deepEqual([of(loki).url, of(loki).protocol], ["https://loki.example.com/otlp", "http"]);
        assert.deepEqual(of(loki).extraHeaders, { "X-Scope-OrgID": "blue" });
        assert.equal(of(mimir).url, "https://mimir.example.com/api/v1/push");
    });

    it("are shown credentials by variables that name a Secret, without which the pods still start", () => {
        const made = values("zone", signoz, mimir);
        assert.deepEqual(at(made.destinations?.["to-my-signoz"], "extraHeadersFrom"), {
            "signoz-ingestion-key": 'sys.env("DESTINATION_MY_SIGNOZ_VALUE")',
        });
        assert.deepEqual(at(made.destinations?.["to-mimir"], "auth"), {
            type: "basic",
            usernameFrom: 'sys.env("DESTINATION_MIMIR_USERNAME")',
            passwordFrom: 'sys.env("DESTINATION_MIMIR_PASSWORD")',
        });
        const variables = records(at(made, "collectors.alloy-receiver.alloy.extraEnv"));
        assert.deepEqual(
            variables.map(({ name, valueFrom }) => [name, at(valueFrom, "secretKeyRef")]),
            [
                ["DESTINATION_MY_SIGNOZ_VALUE", { name: "signoz", key: "value", optional: true }],
                ["DESTINATION_MIMIR_USERNAME", { name: "mimir", key: "username", optional: true }],
                ["DESTINATION_MIMIR_PASSWORD", { name: "mimir", key: "password", optional: true }],
            ],
        );
        assert.deepEqual(at(made, "collectors.alloy-receiver.controller.podAnnotations"), {
            "observability-platform/to-my-signoz-rotation": "2",
        });
        assert.doesNotMatch(JSON.stringify(at(made, "collectors.alloy-receiver.rbac")), /secrets/);
    });

    it("are reached: by their port outside, by any port of pods where they are in the cluster", () => {
        const specs = networkPolicySpecs(
            collectorNetwork({
                cluster: platformOf("zone"),
                applications: "cluster",
                destinations: [signoz, { name: "inside", url: "http://signoz.signoz.svc.cluster.local:4318" }],
                ...{ metricsStore, traceStore, logStore },
            }),
        );
        assert.deepEqual(specs["to-my-signoz-outside"]?.egress, [
            {
                to: [{ ipBlock: { cidr: "0.0.0.0/0" } }, { ipBlock: { cidr: "::/0" } }],
                ports: [{ port: 443, protocol: "TCP" }],
            },
        ]);
        assert.equal(specs["to-my-signoz-inside"], undefined);
        assert.deepEqual(specs["to-inside-inside"]?.egress, [{ to: [{ namespaceSelector: {} }], ports: [] }]);
    });
});

describe("k8s-monitoring: further destinations that are refused", () => {
    const found = (survives: Survives, ...destinations: Destination[]) =>
        k8sMonitoringRules(settings(survives, ...destinations), platformOf(survives)).map(
            ({ path, fix }) => `${path.replace("k8sMonitoring.destinations", "")}: ${fix}`,
        );

    it("none of those above", () => {
        for (const survives of SHAPES) assert.deepEqual(found(survives, signoz, loki, mimir), [], survives);
    });

    const wrong: Record<string, [Partial<Destination> & Pick<Destination, "kind" | "url">, string]> = {
        "a signal that the kind cannot take": [
            { kind: "prometheus", url: "https://m.example.com/push", signals: ["traces"] },
            "[0].signals[0]: remove it, or write kind: otlp where it takes OTLP",
        ],
        "no signal": [
            { kind: "otlp", url: "https://m.example.com", signals: [] },
            "[0].signals: remove it for all of them",
        ],
        "a signal twice": [
            { kind: "otlp", url: "https://m.example.com", signals: ["logs", "logs"] },
            "[0].signals[1]: remove it",
        ],
        "a protocol of a kind that has one": [
            { kind: "loki", url: "https://l.example.com", protocol: "grpc" },
            "[0].protocol: remove it",
        ],
        "a credential in the open": [
            { kind: "otlp", url: "http://m.example.com", auth: { kind: "bearer", secret: "a" } },
            "[0].url: write https://m.example.com",
        ],
        "a header that the exporter sets": [
            {
                kind: "otlp",
                url: "https://m.example.com",
                auth: { kind: "header", header: "Authorization", secret: "a" },
            },
            "[0].auth.header: write kind: bearer or basic",
        ],
        "a path that is appended": [
            { kind: "otlp", url: "https://m.example.com/otlp/v1/traces" },
            "[0].url: write https://m.example.com/otlp",
        ],
        "Loki's push API": [
            { kind: "loki", url: "https://l.example.com/loki/api/v1/push" },
            "[0].url: write https://l.example.com",
        ],
        "remote write without its path": [
            { kind: "prometheus", url: "https://m.example.com" },
            "[0].url: write https://m.example.com/api/v1/write, or what it has",
        ],
        "gRPC with a path": [
            { kind: "otlp", protocol: "grpc", url: "https://m.example.com:4317/x" },
            "[0].url: write https://m.example.com:4317",
        ],
        "gRPC without a port": [
            { kind: "otlp", protocol: "grpc", url: "https://m.example.com" },
            "[0].url: write https://m.example.com:4317",
        ],
        "the receivers themselves": [
            { kind: "otlp", url: "http://otel-collector.collectors.svc.cluster.local:4318" },
            "[0].url: write where it ends",
        ],
        "a queue of remote write": [
            { kind: "prometheus", url: "https://m.example.com/push", queue: "1Gi" },
            "[0].queue: remove it",
        ],
    };
    for (const [what, [destination, problem]] of Object.entries(wrong)) {
        it(what, () => {
            assert.deepEqual(found("zone", { name: "a", ...destination }), [problem]);
        });
    }

    it("names that are double", () => {
        assert.deepEqual(found("zone", loki, loki), ["[1].name: write another name"]);
    });

    it("queues that together leave the stack's own no room", () => {
        // 20 % of 20 GiB are 4 GiB.
        assert.deepEqual(found("zone", { ...signoz, queue: "1Gi" }), []);
        assert.deepEqual(found("zone", { ...signoz, queue: "2Gi" }), [
            ": write queue: 1365Mi for each, fewer signals, or a larger volume before the first deployment",
        ]);
    });

    it("queues where there are no volumes", () => {
        assert.deepEqual(found("nothing", { ...loki, queue: "1Gi" }), [
            "[0].queue: remove it, or write survives: node",
        ]);
    });

    it("URLs without a scheme, or with a login", () => {
        const paths = (url: string) => {
            const result = parseSettings({
                ...{ cluster: "blue", domain: "o11y.example.com", survives: "zone" },
                k8sMonitoring: { destinations: [{ name: "a", kind: "otlp", url }] },
            });
            return "problems" in result ? result.problems.map(({ path }) => path) : [];
        };
        assert.deepEqual(paths("otlp.example.com:4317"), ["k8sMonitoring.destinations[0].url"]);
        assert.deepEqual(paths("https://user:password@otlp.example.com"), ["k8sMonitoring.destinations[0].url"]);
        assert.deepEqual(paths("https://otlp.example.com"), []);
    });
});
