import { deepEqual, ok } from "node:assert/strict";
import { parseSettings } from "../../components/platform/settings";
import type { SettingsProblem } from "../../components/settings/problem";
import { keyPairs } from "../fixtures/key-pairs";

function problems(raw: object): readonly SettingsProblem[] {
    const result = parseSettings({ survives: "node", cluster: "c", domain: "o.example.com", ...raw });
    return "problems" in result ? result.problems : [];
}

const SENDER = {
    grafana: { enabled: false },
    hub: { secret: "hub" },
    ...{ metrics: { kind: "remote" }, logs: { kind: "remote" }, traces: { kind: "remote" } },
};
const vm = (more: object) => ({ metrics: { kind: "victoriametrics", ...more } });
const OBJECTS = {
    memory: { vmagent: "2Gi", vmalert: "2Gi" },
    volumes: { vmagent: "9Gi" },
    replicas: { operator: 3, vmagent: 3, vmalert: 3 },
    operatorValues: { extraLabels: { team: "shop" } },
};
const ELASTICSEARCH = {
    ...{ kind: "elasticsearch", url: "https://logs.example.com:9200" },
    keys: { writer: "aHVudGVyMjpodW50ZXIy", reader: "aHVudGVyMjpodW50ZXIz" },
};
const OIDC = { clientId: "grafana", clientSecret: "hunter2" };
const CLICKHOUSE = { host: "a.b.svc.cluster.local", cluster: "c", user: "u", password: "hunter2hunter2" };
const S3 = { kind: "s3", endpoint: "s3.example.com:443", region: "eu-west-1" };

/** Settings of what is off, each with the places that have no use there. */
const OFF: Readonly<Record<string, readonly [raw: object, paths: readonly string[]]>> = {
    "VictoriaMetrics' own objects": [
        vm(OBJECTS),
        [
            ...["replicas.operator", "replicas.vmagent", "replicas.vmalert", "memory.vmagent", "memory.vmalert"],
            ...["volumes.vmagent", "operatorValues"],
        ].map((key) => `metrics.${key}`),
    ],
    "those of the second store": [
        { secondMetrics: { kind: "victoriametrics", memory: { vmagent: "2Gi" } } },
        ["secondMetrics.memory.vmagent"],
    ],
    "Cortex' caches": [
        { metrics: { caches: { enabled: false, replicas: 1, index: "9Gi" } } },
        ["metrics.caches.replicas", "metrics.caches.index"],
    ],
    "Thanos' caches, but for the sizes of those in its pods": [
        { metrics: { kind: "thanos", caches: { enabled: false, replicas: 3, index: "2Gi" } } },
        ["metrics.caches.replicas"],
    ],
    "Loki's chunk cache": [
        { logs: { caches: { chunksMb: 0 }, replicas: { chunksCache: 4, resultsCache: 4 } } },
        ["logs.replicas.chunksCache"],
    ],
    "OpenSearch Dashboards": [
        { logs: { kind: "opensearch", replicas: { dashboards: 1 }, dashboardsValues: { labels: {} } } },
        ["logs.replicas.dashboards", "logs.dashboardsValues"],
    ],
    Grafana: [
        { ...SENDER, grafana: { enabled: false, oidc: OIDC, replicas: 1, rotation: 2 }, database: { volume: "20Gi" } },
        ["grafana.replicas", "grafana.oidc", "grafana.rotation", "database.volume"],
    ],
    "Grafana, whose errors' database stays": [
        {
            ...SENDER,
            grafana: { enabled: false },
            errors: { kind: "glitchtip", admin: "a@example.com" },
            database: { instances: 5, replicas: { operator: 3 }, errors: { volume: "99Gi" } },
        },
        ["database.instances"],
    ],
    "values of Grafana's chart": [
        { ...SENDER, kubePrometheusStack: { values: { grafana: { labels: { team: "a" } } } } },
        ["kubePrometheusStack.values.grafana"],
    ],
    "the probe of Grafana": [
        {
            ...SENDER,
            access: { kind: "gateway", name: "public", namespace: "gateways" },
            blackboxExporter: { probeGrafanaIngress: true },
        },
        ["blackboxExporter.probeGrafanaIngress"],
    ],
    probes: [
        {
            blackboxExporter: {
                enabled: false,
                probes: [{ name: "a", url: "https://a.example.com", module: "http_2xx" }],
                replicas: 1,
            },
        },
        ["blackboxExporter.replicas", "blackboxExporter.probes"],
    ],
    "the Pushgateway": [
        { pushgateway: { volume: "9Gi", values: { replicas: 2 } } },
        ["pushgateway.volume", "pushgateway.values"],
    ],
    SigNoz: [{ signoz: { clickhouse: CLICKHOUSE, rotation: 2 } }, ["signoz.rotation", "signoz.clickhouse"]],
    "tail sampling": [
        { k8sMonitoring: { tailSampling: { percentage: 20 }, replicas: { sampler: 4 } } },
        ["k8sMonitoring.replicas.sampler", "k8sMonitoring.tailSampling.percentage"],
    ],
    "features of the collectors": [
        {
            k8sMonitoring: {
                features: { podLogs: false, annotationDiscovery: false },
                podLogs: { linesBurst: 9 },
                replicas: { metrics: 1 },
                volumes: { metrics: "99Gi" },
            },
        },
        ["k8sMonitoring.podLogs.linesBurst", "k8sMonitoring.replicas.metrics", "k8sMonitoring.volumes.metrics"],
    ],
    backups: [{ backup: { everyHours: 12, restore: {} } }, ["backup.everyHours", "backup.restore"]],
    "the archive of databases": [
        { errors: { kind: "glitchtip", admin: "a@example.com" }, database: { errors: { archive: "other" } } },
        ["database.errors.archive"],
    ],
    errors: [
        { load: { errors: "10k/day" }, database: { errors: { volume: "99Gi" } } },
        ["database.errors.volume", "load.errors"],
    ],
    "lines for a store elsewhere": [{ logs: ELASTICSEARCH, load: { logs: "1GB/day", spans: "1MB/s" } }, ["load.logs"]],
    "queries of no series": [{ load: { logs: "1GB/day", queries: 5 } }, ["load.queries"]],
    "network policies": [
        {
            networkPolicies: false,
            ingestFrom: "all",
            queryFrom: "labelled",
            apiServer: { port: 16443 },
            dns: { port: 5353 },
            kubePrometheusStack: { prometheus: { federateTo: ["team"] } },
        },
        ["ingestFrom", "queryFrom", "dns.port", "apiServer.port", "kubePrometheusStack.prometheus.federateTo"],
    ],
    "the hub": [{ hub: { offline: "6h", tenant: "shop" } }, ["hub.offline", "hub.tenant"]],
    "the ruler of a metrics store elsewhere": [
        { ...SENDER, kubePrometheusStack: { ruler: { replicas: 3 } } },
        ["kubePrometheusStack.ruler.replicas"],
    ],
    "an object store that nobody has buckets in": [{ ...SENDER, objectStore: { servers: 8 } }, ["objectStore.servers"]],
    "one outside that nobody has buckets in": [
        { ...SENDER, objectStore: { ...S3, credentials: keyPairs("rw", "logs") } },
        ["objectStore.kind", "objectStore.endpoint", "objectStore.region", "objectStore.credentials"],
    ],
    "keys of a store without a bucket": [
        { objectStore: { ...S3, credentials: keyPairs("rw", "metrics", "logs", "traces", "errors") } },
        ["objectStore.credentials.errors"],
    ],
    "a receiver of alerts that nobody is routed to": [
        { alerting: { receivers: { shop: { webhook: { url: "https://shop.example.com/hunter2" } } } } },
        ["alerting.receivers.shop"],
    ],
};

describe("settings of what is not in the stack", () => {
    for (const [name, [raw, paths]] of Object.entries(OFF)) {
        it(`are refused, each once, with what to write instead: ${name}`, () => {
            const found = problems(raw).filter(({ allowed }) => allowed.startsWith("nothing "));
            deepEqual(found.map(({ path }) => path).sort(), [...paths].sort());
            for (const { fix } of found) ok(fix.startsWith("remove it"), fix);
            ok(!JSON.stringify(problems(raw)).includes("hunter2"), "no credential is repeated");
        });
    }

    it("name the switch that gives them a use", () => {
        const [found] = problems(vm({ memory: { vmagent: "2Gi" } }));
        deepEqual(found, {
            path: "metrics.memory.vmagent",
            given: "2Gi",
            allowed: "nothing with metrics.objects: false",
            fix: "remove it, or write objects: true",
        });
        deepEqual(problems(vm({ ...OBJECTS, objects: true, operatorValues: {} })), []);
    });

    it("are taken where they say what is so by default, as a copied file may", () => {
        const usual = { pushgateway: { enabled: false, volume: "1Gi" }, signoz: { enabled: false, rotation: 1 } };
        deepEqual(problems({ ...usual, k8sMonitoring: { tailSampling: { enabled: false, percentage: 10 } } }), []);
    });

    it("are those of a gateway that is closed for a while no less, of which a plan warns", () => {
        deepEqual(problems({ ingestGateway: { clients: [{ name: "a" }], limits: { requestsPerSecond: 9 } } }), []);
    });
});
