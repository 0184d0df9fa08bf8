import assert from "node:assert/strict";
import { sentence } from "../../policies/finding";
import { isMap, UNKNOWN } from "../../policies/plain";
import { chartName, type Shown } from "../../policies/release";
import { budgetsBeside, rootCredentials } from "../../policies/rules/beside";
import { deduplication } from "../../policies/rules/deduplication";
import { preview } from "../../tools/plan/engine";
import { readStackFile } from "../../tools/plan/stack-file";
import { EVERY_SOURCE } from "../fixtures/every-source";
import { leastOf } from "../fixtures/kinds";
import { planned, root } from "../fixtures/planned";
import { changed, CONFIG, everyRelease, findings, releases, RULES, shown } from "../fixtures/policies-prod";

const CLUSTER = "postgresql.cnpg.io/Cluster";
const OTHER_REPOSITORY = { repo: "https://charts.example.com" };
const SPEC = "prometheus.prometheusSpec";

/** One change of prod's own values, and the path at which the rule speaks, where that is another. */
const CASES: Readonly<
    Record<string, readonly (readonly [chart: string, path: string, value: unknown, at?: string])[]>
> = {
    "replication-and-quorum": [
        ["cortex", "config.ingester.lifecycler.ring.replication_factor", 1],
        ["cortex", "config.ingester.lifecycler.ring.replication_factor", 5],
        ["cortex", "config.store_gateway.sharding_ring.replication_factor", 2],
        ["cortex", "config.store_gateway.sharding_enabled", false],
        ["cortex", "config.compactor.sharding_enabled", false],
        ["cortex", "config.ruler.enable_sharding", false],
        ["cortex", "config.ingester.lifecycler.ring.kvstore.store", "inmemory"],
        ["victoria-metrics-cluster", "vminsert.extraArgs.replicationFactor", "1"],
        ["victoria-metrics-cluster", "vmselect.extraArgs.replicationFactor", "3"],
        ["victoria-metrics-cluster", "vmstorage.replicaCount", 2],
        ["victoria-metrics-cluster", "vmstorage.replicaCount", 4],
        ["victoria-metrics-cluster", 'vmselect.extraArgs."search.denyPartialResponse"', "false"],
        ["thanos", "receive.replicationFactor", 2],
        ["thanos", "receive.replicationFactor", 5],
        ["thanos", "receive.ingestor.replicas", 4],
        ["thanos", "compact.deduplication.enabled", false],
        ["loki", "loki.commonConfig.replication_factor", 1],
        ["tempo-distributed", "ingester.config.replication_factor", 4],
        ["minio", "replicas", 4, "drivesPerNode"],
        [CLUSTER, "spec.postgresql", {}, "spec.postgresql.synchronous.number"],
        ["k8s-monitoring", "collectors.alloy-metrics.presets", ["statefulset"]],
        ["kube-prometheus-stack", 'grafana."grafana.ini".database', {}, 'grafana."grafana.ini".database.type'],
    ],
    spread: [
        ["tempo-distributed", "ingester.affinity", ""],
        ["loki", "querier.affinity", null],
        ["cortex", "ingester.topologySpreadConstraints", []],
        [CLUSTER, "spec.affinity.podAntiAffinityType", "preferred"],
        ["minio", "podDisruptionBudget.maxUnavailable", 0, "podDisruptionBudget"],
        [
            "victoria-metrics-cluster",
            "vmstorage.podDisruptionBudget.maxUnavailable",
            2,
            "vmstorage.podDisruptionBudget",
        ],
        ["loki", "ingester.podDisruptionBudget.enabled", false],
        ["kube-prometheus-stack", "alertmanager.podDisruptionBudget.enabled", false],
        ["kube-prometheus-stack", "grafana.deploymentStrategy.type", "Recreate", "grafana.deploymentStrategy"],
        ["cortex", "querier.strategy", { type: "Recreate" }],
        ["kube-prometheus-stack", "grafana.persistence", { enabled: true }, "grafana.persistence.enabled"],
    ],
    durability: [
        ["minio", "persistence.enabled", false],
        ["cortex", "ingester.persistentVolume.enabled", false],
        ["cortex", "config.limits.compactor_blocks_retention_period", "0s"],
        ["cortex", "config.blocks_storage.backend", "filesystem"],
        ["victoria-metrics-cluster", "vmstorage.persistentVolume.enabled", false],
        ["victoria-metrics-cluster", "vmstorage.retentionPeriod", "12"],
        ["thanos", "receive.ingestor.persistence.enabled", false],
        ["thanos", "objstoreConfig.create", true],
        ["thanos", "storeGateway.enabled", false],
        ["loki", "ingester.persistence.enabled", false],
        ["loki", "loki.ingester", { wal: { enabled: false } }, "loki.ingester.wal.enabled"],
        ["loki", "loki.compactor.retention_enabled", false],
        ["loki", "loki.limits_config.retention_period", undefined],
        ["loki", "loki.storage.type", "filesystem"],
        ["tempo-distributed", "ingester.persistence.enabled", false],
        ["tempo-distributed", "ingester.persistence.inMemory", true],
        ["tempo-distributed", "metricsGenerator.kind", "Deployment"],
        ["tempo-distributed", "compactor.config.compaction.block_retention", undefined],
        ["kube-prometheus-stack", `${SPEC}.storageSpec`, { emptyDir: { medium: "Memory" } }],
        ["kube-prometheus-stack", "alertmanager.alertmanagerSpec.storage", undefined],
        ["k8s-monitoring", "collectors.alloy-receiver.controller.volumeClaimTemplates", []],
        ["prometheus-pushgateway", "persistentVolume.enabled", false],
        ["signoz", "signoz.persistence.enabled", false],
        [
            "k8s-monitoring",
            "collectors.alloy-receiver.presets",
            ["deployment"],
            "collectors.alloy-receiver.controller.type",
        ],
        [
            "loki",
            "querier",
            { extraVolumeMounts: [{ name: "d", mountPath: "/var/loki" }], extraVolumes: [{ emptyDir: {} }] },
            "querier.extraVolumes",
        ],
    ],
    secrets: [
        ["loki", "loki.storage.s3.secretAccessKey", "hunter2"],
        ["cortex", "config.blocks_storage.s3.secret_access_key", "hunter2"],
        ["cortex", "note", "qT7xVb2LmZ9pRk4WsN8dYc3H"],
        ["cortex", "note", "0123456789abcdef0123456789abcdef"],
        ["cortex", "config.ruler_storage.url", "https://user:password@s3.example.com"],
        ["tempo-distributed", "extra", "-----BEGIN RSA PRIVATE KEY-----"],
        ["kube-prometheus-stack", "grafana.adminPassword", "admin"],
        ["kube-prometheus-stack", "grafana.admin.existingSecret", ""],
        ["k8s-monitoring", "destinations.logs.extraHeadersFrom.api-key", "hunter2"],
        ["minio", "rootPassword", "hunter2hunter2"],
        ["minio", "users.0.policy", "consoleAdmin"],
        ["minio", "users.0.existingSecret", undefined, "users.0.secretKey"],
    ],
    supply: [
        ["minio", "image.tag", "latest"],
        ["loki", "sidecar.image", "example.com/sidecar"],
        ["cortex", "querier.resources", {}, "querier.resources.limits.memory"],
        [CLUSTER, "spec.resources.limits", {}, "spec.resources.limits.memory"],
        ["loki", "^version", "^18.0.0", "version"],
        ["loki", "^version", undefined, "version"],
        ["loki", "^repositoryOpts", OTHER_REPOSITORY, "repositoryOpts.repo"],
        ["loki", "^repositoryOpts", undefined, "chart"],
    ],
    safety: [
        ["loki", "^name", undefined, "name"],
        ["loki", "^namespace", undefined, "namespace"],
        ["loki", "^namespace", "default", "namespace"],
        [CLUSTER, "metadata.namespace", undefined],
    ],
};

describe("the policies", () => {
    let prod: Shown[] = [];
    /** With the kinds that prod does not choose. */
    let every: Shown[] = [];
    before(async () => {
        prod = shown(await planned("prod", EVERY_SOURCE));
        every = await everyRelease();
    });

    it("accept production as it is, and with every source", async () => {
        const kinds = [
            ["metrics", { kind: "thanos" }] as const,
            ["metrics", { kind: "thanos", ingest: "sidecar" }] as const,
            ["metrics", { kind: "victoriametrics", retention: "365d", objects: true }] as const,
            ["logs", { ...leastOf("opensearch"), dashboards: { enabled: true } }] as const,
        ].map(([role, settings]) => planned("prod", { [`observability:${role}`]: JSON.stringify(settings) }));
        const others = (await Promise.all(kinds)).map(shown);
        for (const resources of [shown(await planned("prod")), prod, ...others]) {
            const all = releases(resources);
            const said = [
                ...Object.keys(RULES).flatMap((rule) => all.flatMap((release) => findings(rule, release))),
                ...[...budgetsBeside(all, resources), ...deduplication(all), ...rootCredentials(all)],
            ];
            assert.deepEqual(said.map(sentence), []);
        }
    });

    for (const [rule, cases] of Object.entries(CASES)) {
        for (const [chart, path, value, at = path.replace("^", "")] of cases) {
            it(`${rule} refuses ${chart} ${path}: ${value === undefined ? "absent" : JSON.stringify(value)}`, () => {
                const said = findings(rule, changed(every, chart, path, value));
                assert.ok(
                    said.some((finding) => finding.kind === "violation" && finding.path === at),
                    said.map(sentence).join("\n") || "nothing was said",
                );
            });
        }
    }

    const { immutable } = CONFIG["safety"] as { immutable: Record<string, Record<string, unknown>> };
    for (const [name, pinned] of Object.entries(immutable)) {
        for (const [path, value] of Object.entries(pinned)) {
            it(`safety keeps ${name} ${path}`, () => {
                const { chart } = releases(every).find((release) => release.name === name) ?? {};
                const other = typeof value === "number" ? value + 1 : `${String(value)}-2`;
                const said = findings("safety", changed(every, chart ?? "", path, other));
                assert.deepEqual(
                    said.map((finding) => finding.path),
                    [path],
                );
            });
        }
    }

    it("secrets never shows a credential", () => {
        const [finding] = findings("secrets", changed(prod, "loki", "loki.storage.s3.secretAccessKey", "hunter2"));
        assert.ok(finding && !JSON.stringify(finding).includes("hunter2"));
    });

    it("secrets takes the name of a variable for none", () => {
        const header = (value: string) =>
            findings("secrets", changed(prod, "k8s-monitoring", "destinations.logs.extraHeadersFrom.api-key", value));
        assert.deepEqual(header('sys.env("DESTINATION_VENDOR_VALUE")'), []);
        assert.equal(header('sys.env("A") + "hunter2"').length, 1);
    });

    it("durability refuses prod whose data may be deleted", async () => {
        const file = readStackFile(root, "prod");
        const config = { ...file.config, "observability:protectData": "false" };
        const all = releases(shown(await preview(root, "prod", { ...file, config })));
        const refused = all.filter((each) =>
            findings("durability", each).some(({ path }) => path === "(options) protect"),
        );
        for (const name of ["minio", "cortex", "loki", "tempo", "grafana-db"]) {
            assert.ok(
                refused.some((release) => release.name === name),
                `${name} passes`,
            );
        }
    });

    it("deduplication refuses a pair that the store does not tell apart, and a store that expects one", () => {
        const others = (chart: string) => releases(prod).filter((release) => release.chart !== chart);
        const cases: [chart: string, path: string, value: unknown, at: string][] = [
            ["cortex", "config.distributor.ha_tracker.enable_ha_tracker", false, "enable_ha_tracker"],
            ["cortex", "config.limits.accept_ha_samples", false, "accept_ha_samples"],
            ["cortex", "config.limits.ha_replica_label", "__replica__", "ha_replica_label"],
            ["cortex", "config.limits.ha_cluster_label", "cluster", "ha_cluster_label"],
            ["kube-prometheus-stack", `${SPEC}.replicaExternalLabelName`, "replica", "ha_replica_label"],
            ["kube-prometheus-stack", `${SPEC}.replicaExternalLabelNameClear`, true, "ha_replica_label"],
            ["kube-prometheus-stack", `${SPEC}.replicas`, 1, "replicas"],
        ];
        for (const [chart, path, value, at] of cases) {
            const said = deduplication([...others(chart), changed(prod, chart, path, value)]);
            assert.deepEqual(
                said.map((finding) => finding.path.split(".").at(-1)),
                [at],
            );
        }
    });

    it("deduplication refuses a pair whose samples VictoriaMetrics would keep twice", async () => {
        const chosen = { "observability:metrics": JSON.stringify({ kind: "victoriametrics", retention: "365d" }) };
        const resources = shown(await planned("prod", chosen));
        const cases: [chart: string, path: string, value: unknown, at: string][] = [
            ["victoria-metrics-cluster", 'vmstorage.extraArgs."dedup.minScrapeInterval"', "15s", "vmstorage"],
            ["victoria-metrics-cluster", 'vmselect.extraArgs."dedup.minScrapeInterval"', undefined, "vmselect"],
            ["kube-prometheus-stack", `${SPEC}.remoteWrite.0.writeRelabelConfigs`, [], "kps prometheus"],
        ];
        for (const [chart, path, value, at] of cases) {
            const others = releases(resources).filter((release) => release.chart !== chart);
            const said = deduplication([...others, changed(resources, chart, path, value)]);
            assert.deepEqual(
                said.map((finding) => finding.path.split(".")[0]),
                [at],
            );
        }
    });

    it("deduplication refuses queriers that are not told the label of the pair's replicas", async () => {
        const metrics = { "observability:metrics": JSON.stringify({ kind: "thanos" }) };
        const all = shown(await planned("prod", metrics));
        const others = releases(all).filter(({ chart }) => chart !== "thanos");
        const judged = (flags: string[]) =>
            deduplication([...others, changed(all, "thanos", "query.extraArgs", flags)]).map(({ path, found }) => [
                path,
                found,
            ]);
        const flag = "--query.replica-label";
        assert.deepEqual(judged([`${flag}=prometheus_replica`]), []);
        assert.deepEqual(judged([]), [[`query.extraArgs ${flag}`, "absent"]]);
        assert.deepEqual(judged([`${flag}=replica`]), [[`query.extraArgs ${flag}`, '"replica"']]);
    });

    it("durability refuses a resolution of samples that is kept for ever", () => {
        const flags = ["raw", "5m"].map((resolution) => `--retention.resolution-${resolution}=30d`);
        const said = findings("durability", changed(every, "thanos", "compact.extraArgs", flags));
        assert.deepEqual(
            said.map(({ path }) => path),
            ["compact.extraArgs --retention.resolution-1h"],
        );
    });

    it("deduplication has nothing to say of one replica, and cannot tell who keeps one copy of a store's that it does not know", () => {
        const alone = (value: unknown) =>
            deduplication([changed(prod, "kube-prometheus-stack", `${SPEC}.replicas`, value)]).map(({ kind }) => kind);
        assert.deepEqual(alone(1), []);
        assert.deepEqual(alone(3), ["unchecked"]);
    });

    it("root-credentials refuses a store that has MinIO's root key", () => {
        const minio = releases(prod).filter(({ chart }) => chart === "minio");
        const root = String(minio[0]?.get("existingSecret"));
        const store = changed(prod, "cortex", "ingester.extraEnvFrom", [{ secretRef: { name: root } }]);
        const said = rootCredentials([...minio, store]);
        assert.deepEqual(
            said.map(({ path }) => path),
            ["ingester.extraEnvFrom.0.secretRef.name"],
        );
    });

    it("spread-beside-charts refuses an operator without a budget", () => {
        const without = prod.filter(({ type }) => !type.endsWith(":PodDisruptionBudget"));
        assert.equal(budgetsBeside(releases(prod), without).length, 1);
    });

    it("neither fall nor accuse where values are unknown, and say what they could not check", () => {
        for (const { chart, values } of releases(prod)) {
            for (const key of Object.keys(isMap(values) ? values : {})) {
                if (chart === CLUSTER && key !== "spec") continue;
                const release = changed(prod, chart, `"${key}"`, UNKNOWN);
                const said = Object.keys(RULES).flatMap((rule) => findings(rule, release));
                assert.deepEqual(said.filter(({ kind }) => kind === "violation").map(sentence), [], `${chart} ${key}`);
                assert.ok(
                    said.some(({ path }) => path.startsWith(key)),
                    `${chart} ${key}: nothing was said`,
                );
            }
        }
    });

    it("read a chart's name from wherever it comes", () => {
        assert.equal(chartName("charts/tempo-distributed-2.26.2.tgz", "2.26.2"), "tempo-distributed");
        assert.equal(chartName("oci://registry.example.com/charts/loki", "18.11.0"), "loki");
        assert.equal(chartName("grafana/loki", undefined), "loki");
    });
});
