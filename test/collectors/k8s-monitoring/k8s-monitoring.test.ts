import assert from "node:assert/strict";
import {
    k8sMonitoringDefaults,
    k8sMonitoringRules,
    k8sMonitoringSettings,
    type K8sMonitoringSettings,
} from "../../../components/collectors/k8s-monitoring/settings";
import { buildK8sMonitoringValues } from "../../../components/collectors/k8s-monitoring/values";
import type { LogStore } from "../../../components/contracts/log-store";
import { headerTenancy } from "../../../components/contracts/tenancy";
import type { Survives } from "../../../components/kubernetes/placement";
import type { PlatformSettings } from "../../../components/settings/platform";
import type { Resources } from "../../../components/kubernetes/resources";
import { at, record } from "../../../tools/records";
import { platformOf } from "../../fixtures/platform";
import { logStore, metricsStore, traceStore } from "../../fixtures/stores";

/** Namespaces that Prometheus scrapes by the charts' own monitors. */
const SCRAPED = ["monitoring", "cortex", "loki", "tempo", "minio", "postgres", "collectors"];

interface Collector {
    presets: string[];
    extraConfig?: string;
    alloy: {
        stabilityLevel?: string;
        storagePath?: string;
        securityContext: { capabilities: { add: string[]; drop: string[] } };
        resources: Resources;
    };
    rbac: { rules: { resources: string[] }[]; clusterRules: { resources: string[] }[] };
    controller: {
        replicas?: number;
        nodeSelector?: Record<string, string>;
        tolerations: { key?: string; operator: string }[];
        affinity?: { podAntiAffinity?: unknown };
        topologySpreadConstraints?: { whenUnsatisfiable: string }[];
        podDisruptionBudget?: { maxUnavailable: number };
        volumeClaimTemplates?: { spec: { storageClassName?: string; resources: { requests: { storage: string } } } }[];
    };
}

function platform(survives: Survives, more: Partial<PlatformSettings> = {}): PlatformSettings {
    return platformOf(survives, { protectData: false, ...more });
}

function values(
    survives: Survives,
    features: Partial<K8sMonitoringSettings["features"]> = {},
    of = platform(survives),
    stores: { readonly logStore?: Partial<LogStore> } = {},
) {
    const defaults = k8sMonitoringDefaults(survives);
    return buildK8sMonitoringValues({
        platform: of,
        settings: { ...defaults, features: { ...defaults.features, ...features } },
        scrapedByPrometheus: SCRAPED,
        logStore: { ...logStore, tenancy: headerTenancy("l"), ...stores.logStore },
        traceStore: { ...traceStore, tenancy: headerTenancy("t") },
        metricsStore: { ...metricsStore, tenancy: headerTenancy("m") },
    });
}

const collectorsOf = (of: ReturnType<typeof values>) => of.collectors as unknown as Record<string, Collector>;

function collector(of: ReturnType<typeof values>, name: string): Collector {
    const found = collectorsOf(of)[name];
    assert.ok(found, `no collector ${name}`);
    return found;
}

const STATEFUL = ["alloy-metrics", "alloy-receiver"];
const REPLICATED = ["alloy-events", ...STATEFUL];
const shapes = ["nothing", "node", "zone"] as const;

describe("k8s-monitoring: values", () => {
    it("names only collectors and destinations that are there: a misspelt destination is passed over by the chart", () => {
        const off = { podLogs: false, nodeLogs: false, clusterEvents: false, annotationDiscovery: false };
        const toggles = [{}, off, ...Object.keys(off).map((name) => ({ [name]: false }))];
        for (const survives of shapes) {
            for (const toggle of toggles) {
                const made = values(survives, toggle);
                const features = [
                    made.podLogsViaLoki,
                    made.nodeLogs,
                    made.clusterEvents,
                    made.annotationAutodiscovery,
                    made.applicationObservability,
                ].filter((feature) => feature?.enabled === true);
                // Rules on logs go through it whatever else it does.
                const used = new Set([...features.map((feature) => feature?.collector), "alloy-events"]);
                const sentTo = new Set(features.flatMap((feature) => feature?.destinations ?? []));
                assert.deepEqual([...used].sort(), Object.keys(collectorsOf(made)).sort());
                assert.deepEqual([...sentTo].sort(), Object.keys(made.destinations ?? {}).sort());
            }
        }
    });

    it("sends each signal to the store that its contract names, as that store's tenant, without a Secret", () => {
        const { destinations } = values("zone");
        const targets = Object.entries(destinations ?? {}).map(([name, to]) => [
            name,
            [to.url, to.tenantId ?? to.extraHeaders?.["X-Scope-OrgID"]].join(" "),
        ]);
        assert.deepEqual(Object.fromEntries(targets), {
            logs: "http://logs/loki/api/v1/push l",
            events: "http://logs/loki/api/v1/push l",
            "pushed-logs": "http://logs/otlp l",
            traces: "traces:4317 t",
            "pushed-metrics": "http://metrics/otlp m",
            metrics: "http://metrics/api/v1/push m",
        });
        for (const to of Object.values(destinations ?? {})) {
            assert.ok(to.tenantId === undefined || to.secret?.embed === true, "the chart would make a Secret of it");
        }
        assert.equal(values("zone").cluster?.name, "blue");
    });

    it("never gives up on a store that is away", () => {
        for (const survives of shapes) {
            const { destinations } = values(survives);
            for (const to of Object.values(destinations ?? {})) {
                const about = to as { type: string; maxBackoffRetries?: number; retryOnFailure?: unknown };
                if (about.type === "loki") assert.equal(about.maxBackoffRetries, 0);
                if (about.type === "otlp") assert.deepEqual(about.retryOnFailure, { maxElapsedTime: "0s" });
            }
        }
    });

    it("keeps what was pushed in a queue on the receiver's volume, which Alloy lets through only as a preview", () => {
        for (const survives of ["node", "zone"] as const) {
            const made = values(survives);
            const receiver = collector(made, "alloy-receiver");
            for (const name of ["pushed-logs", "traces", "pushed-metrics"]) {
                const to = made.destinations?.[name] as { sendingQueue: { storage: string; queueSize: number } };
                assert.match(to.sendingQueue.storage, /^otelcol\.storage\.file\.queue\.handler\n\s+sizer = "bytes"$/);
                // All three queues, and room for the holes in their files.
                assert.ok(
                    3 * to.sendingQueue.queueSize <= 0.6 * 20 * 2 ** 30 && to.sendingQueue.queueSize > 3.9 * 2 ** 30,
                );
            }
            assert.match(receiver.extraConfig ?? "", /otelcol\.storage\.file "queue"/);
            assert.match(receiver.extraConfig ?? "", /on_rebound\s+= true/, "else the file keeps its largest size");
            assert.ok(receiver.extraConfig?.includes(`${receiver.alloy.storagePath ?? "?"}/`));
            assert.equal(receiver.alloy.stabilityLevel, "public-preview");
            assert.equal(receiver.controller.volumeClaimTemplates?.[0]?.spec.resources.requests.storage, "20Gi");
        }
    });

    it("sends no batch that the next hop refuses, and takes none that it promises to take", () => {
        for (const survives of shapes) {
            const { destinations, applicationObservability } = values(survives);
            for (const name of ["pushed-logs", "traces", "pushed-metrics"]) {
                const queue = at(destinations, `${name}.sendingQueue`);
                assert.equal(at(queue, "batch.sizer"), "bytes", "a count of items bounds nothing");
                assert.ok(Number(at(queue, "batch.maxSize")) <= 8 * 2 ** 20);
                assert.equal(at(queue, "blockOnOverflow"), true, "what was accepted is not thrown away");
            }
            const otlp = at(applicationObservability, "receivers.otlp");
            assert.equal(at(otlp, "grpc.maxReceivedMessageSize"), "16MiB");
            assert.equal(at(otlp, "http.maxRequestBodySize"), "16MiB");
        }
    });

    it("holds little before the queue, where a kill loses what was accepted", () => {
        for (const survives of shapes) {
            const { destinations, applicationObservability } = values(survives);
            for (const name of ["pushed-logs", "traces", "pushed-metrics"])
                assert.deepEqual(at(destinations, `${name}.processors.batch`), { size: 2048, timeout: "200ms" });
            assert.equal(at(applicationObservability, "processors.batch.timeout"), "0s", "passed on at once");
        }
        const removed = at(values("zone").destinations, "pushed-logs.processors.resourceAttributes.removeList");
        assert.deepEqual(removed, ["loki.resource.labels"], "beside the other processors");
    });

    it("counts metrics of delta temporality, which no store here keeps", () => {
        const filters = at(values("zone").applicationObservability, "metrics.filters.metric");
        assert.deepEqual(filters, ["aggregation_temporality == AGGREGATION_TEMPORALITY_DELTA"]);
    });

    it("keeps nothing of events over a restart, which begins with all that the API server has", () => {
        for (const survives of shapes) {
            const events = collector(values(survives), "alloy-events");
            const volumes = ["alloy.mounts", "controller.volumes", "controller.volumeClaimTemplates"];
            assert.equal(events.alloy.storagePath, "/tmp/alloy", "or it would know what it has handed on");
            assert.deepEqual(
                volumes.map((each) => at(events, each)),
                volumes.map(() => undefined),
            );
        }
    });

    it("makes a series of each attribute of a point, as remote write would", () => {
        const moved = at(
            values("node").destinations,
            "pushed-metrics.processors.transform.metrics.datapointToResource",
        );
        assert.deepEqual([...new Set(Object.values(record(moved)))], [""]);
        assert.equal(at(values("node").destinations, "pushed-metrics.sendingQueue.numConsumers"), 1, "in order");
    });

    it("reads files from their first line, with positions on the host", () => {
        const made = values("node");
        assert.equal(made.podLogsViaLoki?.onlyGatherNewLogLines, false);
        assert.ok(collector(made, "alloy-logs").presets.includes("host-storage"));
    });

    it("puts the log collector on every node, also on those that the platform keeps off", () => {
        const { controller } = collector(values("zone"), "alloy-logs");
        assert.deepEqual(controller.tolerations, [{ operator: "Exists" }]);
        assert.equal(controller.nodeSelector, undefined);
        assert.equal(controller.podDisruptionBudget, undefined, "the operator fails on a DaemonSet with a budget");
    });

    it("keeps every other pod to the platform's nodes, the hooks' Jobs included", () => {
        const made = values("zone");
        const operator = made["alloy-operator"];
        const pods = [
            ...REPLICATED.map((name) => collector(made, name).controller),
            operator,
            operator?.waitForAlloyRemoval,
        ];
        for (const pod of pods) {
            assert.deepEqual(pod?.nodeSelector, { pool: "o11y" });
            assert.deepEqual(pod.tolerations, [{ key: "o11y", operator: "Exists" }]);
        }
    });

    it("keeps hosts apart where a node may be lost, and zones strictly, since volumes stay in their zone", () => {
        for (const name of REPLICATED) {
            const node = collector(values("node"), name).controller;
            assert.ok(node.affinity?.podAntiAffinity);
            assert.deepEqual(node.topologySpreadConstraints, []);
            const zone = collector(values("zone"), name).controller;
            const strictly = STATEFUL.includes(name) ? "DoNotSchedule" : "ScheduleAnyway";
            assert.equal(zone.topologySpreadConstraints?.[0]?.whenUnsatisfiable, strictly);
            assert.equal(zone.podDisruptionBudget?.maxUnavailable, 1);
        }
    });

    it("fits a laptop: one of each, no volume, no rule that blocks, less than 300m and 700Mi", () => {
        const made = values("nothing");
        const reloader = (made.collectorCommon?.alloy as { configReloader: { resources: Resources } }).configReloader;
        const asked = [made["alloy-operator"]?.resources as Resources];
        for (const [name, { alloy, controller }] of Object.entries(collectorsOf(made))) {
            asked.push(alloy.resources, reloader.resources);
            if (name !== "alloy-logs") assert.equal(controller.replicas, 1);
            assert.equal(controller.podDisruptionBudget, undefined);
            assert.equal(controller.volumeClaimTemplates, undefined);
        }
        const sum = (pick: (of: Resources) => string) => asked.reduce((total, of) => total + parseInt(pick(of)), 0);
        assert.ok(sum((of) => of.requests.cpu) <= 300);
        assert.ok(sum((of) => of.requests.memory) <= 700);
        assert.equal(made["alloy-operator"]?.podDisruptionBudget, undefined);
    });

    it("scrapes nothing that Prometheus scrapes, and hands no token to targets", () => {
        const made = values("zone");
        const discovery = made.annotationAutodiscovery;
        assert.deepEqual(discovery?.excludeNamespaces, SCRAPED);
        assert.equal(discovery.bearerToken?.enabled, false);
        for (const key of [
            "clusterMetrics",
            "hostMetrics",
            "prometheusOperatorObjects",
            "telemetryServices",
        ] as const) {
            assert.equal(made[key], undefined, key);
        }
        assert.ok(collector(made, "alloy-metrics").presets.includes("clustered"), "else each replica scrapes all");
    });

    it("lets collectors read neither Secrets nor ConfigMaps, and holds no capabilities but to read logs", () => {
        for (const [name, { rbac, alloy }] of Object.entries(collectorsOf(values("zone")))) {
            const readable = [...rbac.rules, ...rbac.clusterRules].flatMap((rule) => rule.resources);
            assert.ok(!readable.includes("secrets") && !readable.includes("configmaps"), name);
            const add = name === "alloy-logs" ? ["DAC_READ_SEARCH"] : [];
            assert.deepEqual(alloy.securityContext.capabilities, { drop: ["ALL"], add });
        }
    });

    it("takes images and storage from where the platform says", () => {
        const made = values("node", {}, platform("node", { imageRegistry: "reg.example.com", storageClass: "fast" }));
        assert.deepEqual(made.global, { image: { registry: "reg.example.com" } });
        for (const name of STATEFUL) {
            const [claim] = collector(made, name).controller.volumeClaimTemplates ?? [];
            assert.equal(claim?.spec.storageClassName, "fast");
        }
    });
});

describe("k8s-monitoring: settings", () => {
    it("has defaults that are valid and keep the rules", () => {
        for (const survives of shapes) {
            const defaults = k8sMonitoringDefaults(survives);
            assert.deepEqual(k8sMonitoringSettings.parse(defaults), defaults);
            assert.deepEqual(k8sMonitoringRules(defaults, platform(survives)), []);
        }
    });

    it("refuses too few replicas for what must be survived, and twice the work where they cannot share it", () => {
        const sampling = (survives: Survives): K8sMonitoringSettings => {
            const settings = k8sMonitoringDefaults(survives);
            return { ...settings, tailSampling: { ...settings.tailSampling, enabled: true } };
        };
        const paths = (of: K8sMonitoringSettings, survives: Survives) =>
            k8sMonitoringRules(of, platform(survives)).map(({ path }) => path.replace("k8sMonitoring.replicas.", ""));
        assert.deepEqual(paths(sampling("nothing"), "zone"), ["events", "metrics", "receiver", "sampler", "operator"]);
        assert.deepEqual(paths(sampling("node"), "nothing"), ["events", "metrics"]);
    });
});
