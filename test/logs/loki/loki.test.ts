import assert from "node:assert/strict";
import type { Flow } from "../../../components/kubernetes/network-policies";
import type { Survives } from "../../../components/kubernetes/placement";
import { platformDefaults, platformSettings } from "../../../components/settings/platform";
import { lokiEgress, lokiIngress } from "../../../components/logs/loki/network-policies";
import { lokiRules } from "../../../components/logs/loki/rules";
import { lokiDefaults, lokiSettings, type LokiSettings } from "../../../components/logs/loki/settings";
import { lokiKind } from "../../../components/logs/loki/kind";
import { QUERY_LABEL } from "../../../components/kubernetes/access-labels";
import { buildLokiValues } from "../../../components/logs/loki/values";
import { objectStore } from "../../fixtures/stores";

const NOW = new Date("2026-01-15T00:00:00Z");

function platform(survives: Survives, more: object = {}) {
    const own = { cluster: "prod", domain: "example.com", survives };
    return platformSettings.parse({ ...platformDefaults(own), ...own, ...more });
}

function settings(survives: Survives, more: Partial<LokiSettings> = {}): LokiSettings {
    return lokiSettings.parse({ ...lokiDefaults(survives), ...more });
}

function values(survives: Survives, more: { settings?: Partial<LokiSettings>; platform?: object; tls?: boolean } = {}) {
    return buildLokiValues({
        settings: settings(survives, more.settings),
        tenants: {},
        platform: platform(survives, more.platform),
        objectStore: { ...objectStore, tls: more.tls ?? false },
        access: { rotation: 4, accountAnnotations: {} },
        alertmanagerUrl: "http://_http-web._tcp.alertmanager.example",
        metricsPushUrl: "http://metrics.example/push",
    });
}

function broken(survives: Survives, more: Partial<LokiSettings>): string[] {
    return lokiRules(settings(survives, more), platform(survives), NOW).map(({ path }) => path);
}

describe("loki: gossip", () => {
    it("goes on where a name does not resolve at the start, and has a ring of its own", () => {
        assert.deepEqual(values("zone").loki?.extraMemberlistConfig, {
            cluster_label: "loki.loki",
            abort_if_cluster_join_fails: false,
        });
    });
});

/** Flows, each of which has a name of its own. */
function byName(flows: readonly Flow[]): Partial<Record<string, Flow>> {
    assert.equal(new Set(flows.map(({ name }) => name)).size, flows.length);
    return Object.fromEntries(flows.map((flow) => [flow.name, flow]));
}

const replicas = (survives: Survives, more: Partial<LokiSettings["replicas"]>) => ({
    replicas: { ...lokiDefaults(survives).replicas, ...more },
});

describe("Loki's values", () => {
    it("spell the deployment mode as the chart knows it", () => {
        assert.equal(values("nothing").deploymentMode, "Monolithic");
        assert.equal(values("node").deploymentMode, "Distributed");
        assert.equal(values("zone").deploymentMode, "Distributed");
    });

    it("leave no replicas to another mode, whose count the chart refuses", () => {
        for (const survives of ["nothing", "node", "zone"] as const) {
            const { read, write, backend } = values(survives);
            assert.deepEqual([read?.replicas, write?.replicas, backend?.replicas], [0, 0, 0]);
        }
        assert.equal(values("node").singleBinary?.replicas, 0);
        assert.equal(values("nothing").ingester, undefined);
    });

    it("place one replica anywhere when nothing survives", () => {
        const { singleBinary, gateway } = values("nothing");
        for (const pod of [singleBinary, gateway]) {
            assert.equal(pod?.replicas, 1);
            assert.deepEqual(pod.affinity?.podAntiAffinity, { requiredDuringSchedulingIgnoredDuringExecution: [] });
            assert.deepEqual(pod.topologySpreadConstraints, []);
        }
    });

    it("spread pods with volumes strictly over zones, others where possible", () => {
        const zone = values("zone");
        const mode = (spread: unknown) => (spread as { whenUnsatisfiable: string }[]).map((s) => s.whenUnsatisfiable);
        for (const pod of [zone.ingester, zone.indexGateway, zone.ruler]) {
            assert.deepEqual(mode(pod?.topologySpreadConstraints), ["DoNotSchedule"]);
        }
        for (const pod of [zone.gateway, zone.distributor, zone.querier, zone.chunksCache]) {
            assert.deepEqual(mode(pod?.topologySpreadConstraints), ["ScheduleAnyway"]);
        }
        assert.deepEqual(values("node").ingester?.topologySpreadConstraints, []);
    });

    it("give each replicated workload a budget that lets a drain proceed", () => {
        const v = values("zone");
        const serving = [v.gateway, v.distributor, v.querier, v.queryFrontend, v.queryScheduler];
        const keeping = [v.ingester, v.indexGateway, v.ruler, v.chunksCache, v.resultsCache];
        const workloads = [...serving, ...keeping, v.lokiCanary];
        for (const workload of workloads) assert.equal(workload?.podDisruptionBudget?.maxUnavailable, 1);
        assert.equal(v.compactor?.replicas, 1);
    });

    it("hold no key: the pods take it from the Secret and roll with its rotation", () => {
        const v = values("zone");
        assert.deepEqual(v.defaults?.extraEnvFrom, [{ secretRef: { name: "loki-s3" } }]);
        assert.equal(v.defaults.podAnnotations?.["observability-platform/credentials-rotation"], "4");
        assert.doesNotMatch(JSON.stringify(v), /"(secretAccessKey|accessKeyId)"/);
    });

    it("keep what Helm merged below the same key", () => {
        const { defaults } = values("node", {
            platform: { scheduling: { nodeSelector: { pool: "obs" }, tolerations: [] } },
        });
        assert.deepEqual(defaults?.service, { publishNotReadyAddresses: false });
        assert.deepEqual(defaults.nodeSelector, { pool: "obs" });
    });

    it("write the object store as Loki's S3 client reads it", () => {
        assert.deepEqual(values("node", { tls: true }).loki?.storage?.s3, {
            endpoint: "https://s3.example.com:9000",
            insecure: false,
            region: "eu",
            s3ForcePathStyle: true,
        });
        assert.match(JSON.stringify(values("node").loki?.storage?.s3), /"http:\/\/s3\.example\.com:9000"/);
    });

    it("turn retention on together with what it needs", () => {
        const loki = values("node", { settings: { retention: "14d" } }).loki;
        assert.deepEqual(loki?.compactor, { retention_enabled: true, delete_request_store: "s3" });
        assert.equal(loki.limits_config?.retention_period, "336h");
    });

    it("let an ingester fill half its memory while it replays its log", () => {
        const wal = values("node", { settings: { memory: { ingester: "6Gi", querier: "3Gi" } } }).loki?.ingester?.wal;
        assert.deepEqual(wal, { flush_on_shutdown: true, replay_memory_ceiling: "3072MB" });
    });

    it("give every pod the stack's node selector and tolerations, every volume its class, every image its registry", () => {
        const scheduling = { nodeSelector: { pool: "obs" }, tolerations: [{ key: "obs", operator: "Exists" }] };
        const v = values("zone", {
            platform: { scheduling, storageClass: "fast", imageRegistry: "registry.example.com" },
        });
        for (const pods of [v.defaults, v.lokiCanary, v.chunksCache, v.resultsCache]) {
            assert.deepEqual(pods?.nodeSelector, scheduling.nodeSelector);
            assert.deepEqual(pods.tolerations, scheduling.tolerations);
        }
        for (const volume of [v.ingester?.persistence?.claims?.[0], v.compactor?.persistence?.claims?.[0]]) {
            assert.equal(volume?.storageClass, "fast");
        }
        for (const volume of [v.indexGateway?.persistence, v.ruler?.persistence])
            assert.equal(volume?.storageClass, "fast");
        assert.equal(v.global?.imageRegistry, "registry.example.com");
    });

    it("leave out a cache of no size", () => {
        const v = values("node", { settings: { caches: { chunksMb: 0, resultsMb: 256 } } });
        assert.deepEqual(v.chunksCache, { enabled: false });
        assert.equal(v.resultsCache?.allocatedMemory, 256);
    });
});

describe("Loki's rules", () => {
    it("accept the defaults of every shape", () => {
        for (const survives of ["nothing", "node", "zone"] as const) assert.deepEqual(broken(survives, {}), []);
    });

    it("want retention in whole days", () => {
        for (const retention of ["12h", "36h", "90m"])
            assert.deepEqual(broken("node", { retention }), ["logs.retention"]);
        for (const retention of ["24h", "72h", "1d"]) assert.deepEqual(broken("node", { retention }), []);
    });

    it("want schema periods in order, the first in the past", () => {
        const from = (...days: string[]) => ({
            schema: days.map((day) => ({ from: day, store: "tsdb", schema: "v13" }) as const),
        });
        assert.deepEqual(broken("node", from("2026-03-01")), ["logs.schema[0].from"]);
        assert.deepEqual(broken("node", from("2025-01-01", "2024-01-01")), ["logs.schema[1].from"]);
        assert.deepEqual(broken("node", from("2025-01-01", "2026-03-01")), []);
    });

    it("want as many ingesters as copies, and with zones no more", () => {
        assert.deepEqual(broken("node", replicas("node", { ingester: 2 })), ["logs.replicas.ingester"]);
        assert.deepEqual(broken("node", replicas("node", { ingester: 5 })), []);
        assert.deepEqual(broken("zone", replicas("zone", { ingester: 5 })), ["logs.replicas.ingester"]);
        assert.deepEqual(broken("zone", { replicationFactor: 1 }).slice(0, 1), ["logs.replicationFactor"]);
    });

    it("want two of what serves, and one of everything when nothing survives", () => {
        assert.deepEqual(broken("node", replicas("node", { gateway: 1, ruler: 1 })), [
            "logs.replicas.gateway",
            "logs.replicas.ruler",
        ]);
        assert.deepEqual(broken("nothing", replicas("nothing", { querier: 2 })), ["logs.replicas.querier"]);
        assert.deepEqual(broken("nothing", { replicationFactor: 3 }), ["logs.replicationFactor"]);
    });

    it("want room for two checkpoints, and a burst no smaller than the rate", () => {
        const { volumes, limits } = lokiDefaults("node");
        assert.deepEqual(broken("node", { volumes: { ...volumes, ingester: "7Gi" } }), ["logs.volumes.ingester"]);
        assert.deepEqual(broken("node", { limits: { ...limits, ingestionBurstMb: 4 } }), [
            "logs.limits.ingestionBurstMb",
            "logs.limits.ingestionBurstMb",
        ]);
        // No push of 16 MiB would ever be let in, whatever the rate.
        assert.deepEqual(broken("node", { limits: { ...limits, ingestionRateMb: 4, ingestionBurstMb: 15 } }), [
            "logs.limits.ingestionBurstMb",
        ]);
    });
});

describe("Loki's surroundings", () => {
    it("ask for both buckets", () => {
        assert.deepEqual(lokiKind.buckets(settings("node")), {
            "buckets.chunks": "loki-chunks",
            "buckets.ruler": "loki-ruler",
        });
    });

    it("open the gateway to those who may push and let the pods that run rules reach what rules need", () => {
        const applications = { namespaceLabels: { team: "shop" } };
        const clients = {
            pushFrom: ["collectors"],
            queryFrom: ["monitoring"],
            rulesFrom: "collectors",
            applications,
            readers: { namespaceLabels: QUERY_LABEL },
        };
        const ingress = (survives: Survives) => byName(lokiIngress(survives, clients));
        const { "push-from-others": push, "query-from-others": query, ...own } = ingress("zone");
        assert.equal(push?.peer, applications);
        assert.deepEqual(push.ports, [8080]);
        assert.deepEqual([query?.peer, query?.ports], [{ namespaceLabels: QUERY_LABEL }, [8081]]);
        assert.deepEqual(own["push-from-collectors"]?.ports, [8080]);
        assert.deepEqual(own["query-from-monitoring"]?.ports, [8081]);
        assert.deepEqual(Object.fromEntries(Object.entries(own).map(([name, flow]) => [name, flow?.peer])), {
            "push-from-collectors": { namespace: "collectors" },
            "query-from-monitoring": { namespace: "monitoring" },
            "rules-from-collectors": { namespace: "collectors" },
            "from-prometheus": { namespace: "monitoring" },
        });
        const rules = (survives: Survives) => ingress(survives)["rules-from-collectors"];
        assert.deepEqual(rules("zone")?.ports, [3100]);
        assert.equal(rules("zone")?.pods?.["app.kubernetes.io/component"], "ruler");
        assert.equal(rules("nothing")?.pods?.["app.kubernetes.io/component"], "single-binary");
        const outside = { namespace: undefined, podPort: 443 };
        const egress = (survives: Survives) =>
            byName(
                lokiEgress(survives, {
                    objectStore: { peer: outside, identityAgents: [] },
                    alertReceiver: outside,
                    metricsStore: outside,
                }),
            );
        for (const flow of ["to-alertmanager", "to-metrics-store"]) {
            assert.equal(egress("nothing")[flow]?.pods?.["app.kubernetes.io/component"], "single-binary", flow);
            assert.equal(egress("zone")[flow]?.pods?.["app.kubernetes.io/component"], "ruler", flow);
        }
        assert.equal(egress("zone")["to-object-store"]?.peer, "anywhere");
    });
});
