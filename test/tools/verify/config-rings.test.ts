import { headerTenancy } from "../../../components/contracts/tenancy";
import { gatewayConfig } from "../../../components/ingest-gateway/nginx";
import { ingestGatewayDefaults } from "../../../components/ingest-gateway/settings";
import { deduplication } from "../../../tools/verify/configs/agree/deduplication";
import { gossip } from "../../../tools/verify/configs/agree/gossip";
import { replicationFactors, sharedRings } from "../../../tools/verify/configs/agree/rings";
import { tenants } from "../../../tools/verify/configs/agree/tenants";
import { logStore, metricsStore, traceStore } from "../../fixtures/stores";
import { assertClean, assertFound, given } from "../../fixtures/verify/given";
import { alloy, cortex, documents, loki, program, prometheus, tempo, type Config } from "../../fixtures/verify/stores";

const memberlist = { kvstore: { store: "memberlist" } };
const members = { join_members: ["gossip:7946"], bind_port: 7946 };

describe("replication factors", () => {
    it("need as many replicas, in one process or in parts", () => {
        const three = { common: { replication_factor: 3 } };
        assertClean(replicationFactors, given(loki(three, { ingester: 3, querier: 1 })));
        assertFound(
            replicationFactors,
            given(loki(three, { ingester: 2 })),
            /replication factor 3 of log lines, 2 of ingester/,
        );
        assertFound(replicationFactors, given(loki(three)), /1 of ingester/);
        assertClean(replicationFactors, given(loki({ common: { replication_factor: 1 } })));
    });

    it("are the program's own where none is written", () => {
        assertFound(replicationFactors, given(cortex({}, { ingester: 1 })), /replication factor 3 of samples, 1/);
        assertClean(replicationFactors, given(tempo({}, { ingester: 1 })));
    });

    it("of blocks count where store gateways share them", () => {
        const sharded = { store_gateway: { sharding_enabled: true } };
        assertFound(
            replicationFactors,
            given(cortex(sharded, { "store-gateway": 2 })),
            /3 of blocks, 2 of store-gateway/,
        );
        assertClean(replicationFactors, given(cortex({}, { "store-gateway": 2 })));
    });
});

describe("rings", () => {
    const shared = {
        memberlist: members,
        ingester: { lifecycler: { ring: memberlist } },
        compactor: { sharding_enabled: true, sharding_ring: memberlist },
    };

    it("are kept where all processes see them", () => {
        assertClean(sharedRings, given(cortex(shared, { ingester: 3, compactor: 2 })));
        assertFound(
            sharedRings,
            given(cortex({ ...shared, compactor: { sharding_enabled: true } }, { ingester: 3, compactor: 2 })),
            /compactor.sharding_ring is kept in consul/,
        );
        assertFound(
            sharedRings,
            given(cortex({ ...shared, memberlist: {}, compactor: {} }, { ingester: 3 })),
            /memberlist.join_members is empty/,
        );
        assertFound(
            sharedRings,
            given(loki({ memberlist: members, common: { instance_addr: "1.2.3.4" } }, { ingester: 3 })),
            /common.ring is kept in consul/,
        );
    });

    it("divide work that is done twice without them", () => {
        assertFound(
            sharedRings,
            given(cortex({ ...shared, compactor: {} }, { compactor: 2 })),
            /2 of compactor without/,
        );
    });
});

describe("gossip", () => {
    it("is joined on the port that is bound", () => {
        const other = { memberlist: { bind_port: 7947, join_members: ["gossip:7946"] } };
        assertFound(gossip, given(loki(other)), /gossip:7946, joined on 7946; members bind 7947 -> gossip:7947/);
        // Without a port, Cortex alone dials the default one.
        const bare = { memberlist: { bind_port: 7947, join_members: ["gossip"] } };
        assertClean(gossip, given(loki(bare)));
        assertFound(gossip, given(cortex(bare)), /joined on 7946; members bind 7947/);
    });

    it("of two stores cannot merge", () => {
        assertFound(
            gossip,
            given(loki({ memberlist: members }) + tempo({ memberlist: members })),
            /no cluster_label, as ns/,
        );
        const labelled = { memberlist: { ...members, cluster_label: "tempo" } };
        assertClean(gossip, given(loki({ memberlist: members }) + tempo(labelled)));
    });
});

describe("tenants", () => {
    const url = "http://gateway.ns.svc.cluster.local/api/v1/push";
    const writer = (tenant?: string) =>
        prometheus({ remoteWrite: [{ url, ...(tenant !== undefined && { headers: { "X-Scope-OrgID": tenant } }) }] });
    const source = (name: string, value: Config) =>
        documents(
            {
                apiVersion: "v1",
                kind: "ConfigMap",
                metadata: { name: "grafana" },
                data: {
                    ini: "a = b",
                    sources: JSON.stringify({
                        datasources: [{ name, url: "http://gateway.ns.svc/prometheus", ...value }],
                    }),
                },
            },
            {
                apiVersion: "apps/v1",
                kind: "Deployment",
                metadata: { name: "grafana" },
                spec: {
                    template: {
                        spec: {
                            containers: [
                                {
                                    name: "g",
                                    image: "grafana/grafana:13",
                                    volumeMounts: [
                                        { name: "c", mountPath: "/etc/grafana/grafana.ini", subPath: "ini" },
                                        {
                                            name: "c",
                                            mountPath: "/etc/grafana/provisioning/datasources/datasources.yaml",
                                            subPath: "sources",
                                        },
                                    ],
                                },
                            ],
                            volumes: [{ name: "c", configMap: { name: "grafana" } }],
                        },
                    },
                },
            },
        );
    const headers = { jsonData: { httpHeaderName2: "X-Scope-OrgID" }, secureJsonData: { httpHeaderValue2: "b" } };

    it("are said by whoever writes, wherever it is written", () => {
        assertClean(tenants, given(cortex({}) + writer("a")));
        assertFound(tenants, given(cortex({}) + writer()), /Prometheus\/p: remoteWrite: no X-Scope-OrgID/);
        assertClean(tenants, given(cortex({ auth_enabled: false }) + writer()));
        const generator = { metrics_generator: { storage: { remote_write: [{ url }] } } };
        assertFound(
            tenants,
            given(cortex({}) + tempo(generator)),
            /metrics_generator's remote_write: no X-Scope-OrgID/,
        );
        assertClean(tenants, given(cortex({}) + tempo({ ...generator, multitenancy_enabled: true })));
        const sink = (more: string) =>
            alloy(`otelcol.exporter.otlphttp "x" {\n client {\n endpoint = "http://g.ns.svc:80/otlp"\n${more}\n}\n}`);
        assertFound(tenants, given(loki({}) + sink("")), /otelcol.exporter.otlphttp.x: no X-Scope-OrgID/);
        assertClean(tenants, given(loki({}) + sink('headers = {"X-Scope-OrgID" = "a"}')));
    });

    it("are not asked of those who speak to somebody else", () => {
        const outside = prometheus({ remoteWrite: [{ url: "https://metrics.example.com/ns/push" }] });
        assertClean(tenants, given(cortex({}) + outside));
    });

    it("are heard by a store that has them unless it is told otherwise", () => {
        const write = (headers: object) =>
            prometheus({ remoteWrite: [{ url: "http://cortex.ns.svc/api/v1/push", headers }] });
        const named = write({ "X-Scope-OrgID": "prod" });
        assertClean(tenants, given(cortex({}) + named));
        assertFound(
            tenants,
            given(cortex({ auth_enabled: false }) + named),
            /^ns\/ConfigMap\/cortex: auth_enabled is false; 1 users of cortex name tenants: prod -> auth_enabled: true/,
        );
        assertClean(tenants, given(cortex({ auth_enabled: false }) + write({})));
        // Of traces a single tenant is a choice of the settings.
        assertClean(tenants, given(tempo({}) + named.replace("cortex.ns", "tempo.ns")));
    });

    it("that are read have a writer", () => {
        assertClean(tenants, given(cortex({}) + writer("b") + source("Cortex", headers)));
        assertFound(
            tenants,
            given(cortex({}) + writer("a") + source("Cortex", headers)),
            /data source Cortex reads tenant b of cortex -> a tenant that something writes, or that has limits: a/,
        );
        assertFound(
            tenants,
            given(cortex({}) + writer("a") + source("Cortex", {})),
            /data source Cortex: no X-Scope-OrgID/,
        );
    });

    it("that are read may have limits of their own instead: others than the platform may send as them", () => {
        const limited = (tenant: string) =>
            cortex({ runtime_config: { file: "/etc/cortex/tenants.yaml" } }).replace(
                "\ndata:\n",
                `\ndata:\n  tenants.yaml: 'overrides: {${tenant}: {}}'\n`,
            );
        assertClean(tenants, given(limited("b") + writer("a") + source("Cortex", headers)));
        assertFound(tenants, given(limited("c") + writer("a") + source("Cortex", headers)), /limits: a, c/);
    });

    it("that are read may be written by clients outside, whose gateway says whose they are", () => {
        const stores = {
            metricsStore: { push: { ...metricsStore.push, url, otlpUrl: url }, tenancy: headerTenancy("a") },
            logStore: {
                ...logStore,
                push: {
                    ...logStore.push,
                    lokiUrl: "http://logs.elsewhere.svc/push",
                    otlpUrl: "http://logs.elsewhere.svc/otlp",
                },
            },
            traceStore: { ...traceStore, push: { ...traceStore.push, otlpHttp: "http://traces.elsewhere.svc:4318" } },
        };
        const gateway = (tenant: string) =>
            program(
                "nginx:1",
                "nginx.conf",
                gatewayConfig(
                    stores,
                    { ...ingestGatewayDefaults("node"), clients: [{ name: "edge", tenant }] },
                    { ipFamilies: "ipv4" },
                ),
            );
        assertClean(tenants, given(cortex({}) + writer("a") + gateway("b") + source("Cortex", headers)));
        assertFound(
            tenants,
            given(cortex({}) + writer("a") + gateway("c") + source("Cortex", headers)),
            /data source Cortex reads tenant b of cortex -> .* limits: a, c/,
        );
    });
});

describe("deduplication of Prometheus' replicas", () => {
    const pair = { replicas: 2, remoteWrite: [{ url: "http://a" }] };
    const tracking = {
        limits: { accept_ha_samples: true, ha_cluster_label: "prometheus", ha_replica_label: "prometheus_replica" },
        distributor: { ha_tracker: { enable_ha_tracker: true } },
    };
    const limits = (more: Config) => ({ ...tracking, limits: { ...tracking.limits, ...more } });

    it("goes by the labels that are sent", () => {
        assertClean(deduplication, given(cortex(tracking) + prometheus(pair)));
        assertFound(
            deduplication,
            given(cortex(tracking) + prometheus({ ...pair, replicaExternalLabelName: "__replica__" })),
            /names its replicas in __replica__; Cortex elects on prometheus_replica/,
        );
        assertFound(
            deduplication,
            given(cortex(tracking) + prometheus({ ...pair, prometheusExternalLabelName: "" })),
            /sends no external label; Cortex knows a pair by prometheus/,
        );
    });

    it("is on where there is a pair, and not asked of a single one", () => {
        assertFound(
            deduplication,
            given(cortex(limits({ accept_ha_samples: false })) + prometheus(pair)),
            /accept_ha_samples is not true/,
        );
        assertClean(deduplication, given(cortex({}) + prometheus({ ...pair, replicas: 1 })));
    });

    it("is not by a label that other monitors set", () => {
        assertFound(
            deduplication,
            given(
                cortex(limits({ ha_cluster_label: "cluster" })) +
                    prometheus({ ...pair, externalLabels: { cluster: "c" } }),
            ),
            /ha_cluster_label is cluster/,
        );
    });
});
