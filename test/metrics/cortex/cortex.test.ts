import assert from "node:assert/strict";
import { platformOf } from "../../fixtures/platform";
import { HA_LABELS, PORTS, pushUrl, queryUrl } from "../../../components/metrics/cortex/names";
import { cortexNetwork } from "../../../components/metrics/cortex/network-policies";
import { cortexDefaults, type CortexSettings } from "../../../components/metrics/cortex/settings";
import { buildCortexValues } from "../../../components/metrics/cortex/values";
import type { CortexValuesArgs } from "../../../components/metrics/cortex/values-args";
import { INGEST_LABEL, QUERY_LABEL } from "../../../components/kubernetes/access-labels";
import type { Survives } from "../../../components/kubernetes/placement";
import { objectStore } from "../../fixtures/stores";

type Tree = Record<string, unknown>;

const WORKLOADS = [
    "distributor",
    "ingester",
    "querier",
    "query_frontend",
    "store_gateway",
    "compactor",
    "ruler",
    "nginx",
] as const;
const CACHES = [
    "memcached-frontend",
    "memcached-blocks-index",
    "memcached-blocks",
    "memcached-blocks-metadata",
] as const;

function args(survives: Survives, change: Partial<CortexSettings> = {}): CortexValuesArgs {
    return {
        tenants: {},
        platform: platformOf(survives, { cluster: "prod", scheduling: { nodeSelector: {}, tolerations: [] } }),
        settings: { ...cortexDefaults(survives), ...change },
        objectStore,
        access: { rotation: 4, accountAnnotations: {} },
        alertReceiver: { srvUrl: "http://_http-web._tcp.alertmanager-operated.monitoring.svc.cluster.local" },
    };
}

/** What stands at a dotted path. */
function at(tree: unknown, path: string): unknown {
    return path.split(".").reduce<unknown>((node, key) => (node as Tree | undefined)?.[key], tree);
}

function config(survives: Survives, change: Partial<CortexSettings> = {}): unknown {
    return buildCortexValues(args(survives, change)).config;
}

describe("cortex values", () => {
    it("runs every ring on gossip: any other would look for Consul on localhost", () => {
        const rings = [
            "ingester.lifecycler.ring",
            "distributor.ha_tracker",
            "store_gateway.sharding_ring",
            "compactor.sharding_ring",
            "ruler.ring",
        ];
        for (const ring of rings) assert.equal(at(config("node"), `${ring}.kvstore.store`), "memberlist", ring);
    });

    it("gossips on a port of its own, and dials the same port", () => {
        const { bind_port, join_members } = at(config("node"), "memberlist") as {
            bind_port: number;
            join_members: string[];
        };
        assert.notEqual(bind_port, 7946);
        assert.deepEqual(join_members, [`cortex-memberlist.cortex.svc.cluster.local:${bind_port}`]);
    });

    it("elects on labels that no scraped series has of its own", () => {
        const { limits } = config("node") as { limits: Tree };
        assert.equal(limits.accept_ha_samples, true);
        assert.deepEqual([limits.ha_cluster_label, limits.ha_replica_label], [HA_LABELS.cluster, HA_LABELS.replica]);
        assert.ok(![HA_LABELS.cluster, HA_LABELS.replica].some((label: string) => label === "cluster"));
    });

    it("shards where there is more than one, so that no block is compacted twice", () => {
        for (const [survives, sharded] of [
            ["nothing", false],
            ["zone", true],
        ] as const) {
            assert.equal(at(config(survives), "compactor.sharding_enabled"), sharded);
            assert.equal(at(config(survives), "store_gateway.sharding_enabled"), sharded);
            assert.equal(at(config(survives), "ruler.enable_sharding"), sharded);
        }
    });

    it("writes Go durations outside the limits, which know no days", () => {
        const windows = { queryStoreAfter: "1d", queryIngestersWithin: "25h", ingesterRetention: "2d" };
        const given = config("node", { windows, retention: "90d" });
        assert.equal(at(given, "querier.query_store_after"), "24h");
        assert.equal(at(given, "blocks_storage.tsdb.retention_period"), "48h");
        assert.equal(at(given, "limits.compactor_blocks_retention_period"), "90d");
    });

    it("takes its keys from the Secret, in every pod that opens a bucket and no other", () => {
        const values = buildCortexValues(args("node"));
        assert.equal(JSON.stringify(values.config).includes("access_key"), false);
        for (const name of WORKLOADS) {
            const opens = !["distributor", "query_frontend", "nginx"].includes(name);
            const env = (at(values[name], "env") ?? []) as { name: string; valueFrom?: { secretKeyRef?: Tree } }[];
            const keys = env.filter((entry) => entry.valueFrom?.secretKeyRef?.name === "cortex-s3");
            const wanted = opens ? ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"] : [];
            assert.deepEqual(
                keys.map((entry) => entry.name),
                wanted,
                name,
            );
            const annotations = at(values[name], "podAnnotations") as Tree | undefined;
            const rotation = annotations?.["observability-platform/credentials-rotation"];
            assert.equal(rotation, opens ? "4" : undefined, `${name}: rotated keys must roll it`);
        }
    });

    it("says how the object store is reached", () => {
        const of = args("node");
        const outside = { ...of, objectStore: { ...of.objectStore, tls: true, pathStyle: false } };
        for (const store of ["blocks_storage", "ruler_storage"]) {
            assert.equal(at(buildCortexValues(of).config, `${store}.s3.insecure`), true);
            assert.equal(at(buildCortexValues(of).config, `${store}.s3.bucket_lookup_type`), "path");
            assert.equal(at(buildCortexValues(outside).config, `${store}.s3.insecure`), false);
            assert.equal(at(buildCortexValues(outside).config, `${store}.s3.bucket_lookup_type`), "virtual-hosted");
        }
    });

    it("lets readers of blocks start after their caches, without which Cortex ends, and nobody where there are none", () => {
        const waits = (caches: boolean) => {
            const given = { caches: { ...cortexDefaults("zone").caches, enabled: caches } };
            const built = buildCortexValues(args("zone", given)) as Tree;
            return WORKLOADS.filter((name) => "initContainers" in (built[name] as Tree));
        };
        assert.deepEqual(waits(true), ["querier", "store_gateway", "ruler"]);
        assert.deepEqual(waits(false), []);
        const [wait] = buildCortexValues(args("zone")).querier?.initContainers as [{ command: string[] }];
        for (const cache of ["memcached-blocks-index", "memcached-blocks", "memcached-blocks-metadata"]) {
            assert.match(wait.command.join(" "), new RegExp(` cortex-${cache}\\.cortex\\.svc\\.cluster\\.local[ ;]`));
        }
    });

    it("keeps replicas on different hosts, caches too, unless nothing is to survive", () => {
        const required =
            "affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution.0.labelSelector.matchLabels";
        for (const name of [...WORKLOADS, ...CACHES]) {
            assert.ok(at(buildCortexValues(args("node"))[name], required), name);
            assert.equal(at(buildCortexValues(args("nothing"))[name], required), undefined, name);
            assert.equal(at(buildCortexValues(args("node"))[name], "topologySpreadConstraints"), undefined, name);
        }
    });

    it("tells ingesters and store gateways their zone, and spreads them strictly", () => {
        const values = buildCortexValues(args("zone"));
        for (const [name, ring] of [
            ["ingester", "ingester.lifecycler.ring"],
            ["store_gateway", "store_gateway.sharding_ring"],
        ] as const) {
            assert.equal(at(values.config, `${ring}.zone_awareness_enabled`), true);
            assert.deepEqual(Object.values(at(values[name], "extraArgs") as Tree), ["$(AVAILABILITY_ZONE)"]);
            assert.ok(
                (at(values[name], "env") as { name: string }[]).some((entry) => entry.name === "AVAILABILITY_ZONE"),
            );
            assert.equal(at(values[name], "topologySpreadConstraints.0.whenUnsatisfiable"), "DoNotSchedule");
        }
        assert.equal(at(values.querier, "topologySpreadConstraints.0.whenUnsatisfiable"), "ScheduleAnyway");
    });

    it("fits a laptop, and surges a single replica so that Helm waits for it", () => {
        const values = buildCortexValues(args("nothing"));
        let cpu = 0;
        let memory = 0;
        for (const name of WORKLOADS) {
            const requests = at(values[name], "resources.requests") as { cpu: string; memory: string };
            cpu += Number(requests.cpu.replace("m", ""));
            memory += Number(requests.memory.replace("Mi", ""));
        }
        assert.ok(cpu <= 500 && memory <= 1331, `${cpu}m, ${memory}Mi`);
        assert.deepEqual(at(values.nginx, "strategy.rollingUpdate"), { maxSurge: 1, maxUnavailable: 0 });
        assert.equal(at(buildCortexValues(args("node")).nginx, "strategy"), undefined);
        for (const name of CACHES) assert.deepEqual(values[name], { enabled: false });
    });

    it("honours storage class, registry and scheduling in every workload", () => {
        const of = args("node");
        const scheduling = { nodeSelector: { pool: "o11y" }, tolerations: [{ key: "o11y" }] };
        const platform = { ...of.platform, scheduling, storageClass: "fast", imageRegistry: "r.example.com/m" };
        const values = buildCortexValues({ ...of, platform });
        for (const name of [...WORKLOADS, ...CACHES]) {
            assert.deepEqual(at(values[name], "nodeSelector"), scheduling.nodeSelector, name);
            assert.deepEqual(at(values[name], "tolerations"), scheduling.tolerations, name);
        }
        for (const name of ["ingester", "store_gateway", "compactor"] as const) {
            assert.equal(at(values[name], "persistentVolume.storageClass"), "fast", name);
        }
        assert.equal(at(values, "image.repository"), "r.example.com/m/cortexproject/cortex");
        assert.equal(at(values, "nginx.image.repository"), "r.example.com/m/nginx");
        assert.equal(at(values, "global.imageRegistry"), "r.example.com/m");
    });
});

describe("cortex network", () => {
    it("lets writers and applications to the gateway only, and the ruler alone to Alertmanager", () => {
        const { ingress = [], egress = [] } = cortexNetwork({
            cluster: platformOf("zone"),
            pushFrom: ["monitoring", "tempo", "tempo"],
            queryFrom: ["monitoring"],
            readers: { namespaceLabels: QUERY_LABEL },
            applications: { namespaceLabels: INGEST_LABEL },
            objectStore: { peer: { namespace: undefined, podPort: 443 }, identityAgents: [] },
            alertReceiver: { namespace: "monitoring", podPort: 9093 },
        });
        assert.deepEqual(
            ingress.map((flow) => [flow.name, flow.ports, flow.pods?.["app.kubernetes.io/component"]]),
            [
                ["push-from-others", [8080], "nginx"],
                ["push-from-monitoring", [8080], "nginx"],
                ["push-from-tempo", [8080], "nginx"],
                ["query-from-others", [8081], "nginx"],
                ["query-from-monitoring", [8081], "nginx"],
                ["from-scrapes", [8080, 9150], undefined],
            ],
        );
        assert.deepEqual(
            egress.map((flow) => [flow.peer, flow.ports, flow.pods?.["app.kubernetes.io/component"]]),
            [
                ["anywhere", [443], undefined],
                [{ namespace: "monitoring" }, [9093], "ruler"],
            ],
        );
        assert.equal(at(buildCortexValues(args("node")), "nginx.http_listen_port"), PORTS.http);
        assert.match(queryUrl, /^http:\/\/cortex-query\.cortex\.svc\.cluster\.local\/prometheus$/);
        assert.match(pushUrl, /^http:\/\/cortex-nginx\.cortex\.svc\.cluster\.local\/api\/v1\/push$/);
    });
});
