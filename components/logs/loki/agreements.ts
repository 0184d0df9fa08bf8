import type { Agreements, Key } from "../../contracts/agreements";
import keys from "./config-keys.gen.json";
import { TITLE } from "./names";
import { AT } from "./workloads";

const MIB = 2 ** 20;

const ROOT: Key<string> = ["server.http_path_prefix", ""];

export const lokiAgreements: Agreements = {
    program: "loki",
    title: TITLE,
    settings: AT,
    keys,
    validates: ["-verify-config"],
    tenantLimits: "runtime_config.file",
    tenants: ["auth_enabled", true],
    serves: [
        { purpose: "push", path: "/loki/api/v1/push", below: [ROOT] },
        { purpose: "push", path: "/api/prom/push", below: [ROOT] },
        { purpose: "otlp", path: "/otlp/v1/logs", below: [ROOT] },
        { purpose: "query", path: "/loki/api/v1/query", below: [ROOT] },
        { purpose: "rules", path: "/loki/api/v1/rules", below: [ROOT] },
        { purpose: "rules", path: "/api/prom/rules", below: [ROOT] },
    ],
    remoteWrite: {
        part: "ruler's remote_write",
        targets: ["ruler.remote_write.client", "ruler.remote_write.clients"],
        onlyIf: "ruler.remote_write.enabled",
        // The rule's own.
        tenantIfAll: [["ruler.remote_write.add_org_id_header", true]],
    },
    ruler: { alertmanagers: "ruler.alertmanager_url", discovery: "ruler.enable_alertmanager_discovery" },
    copies: [
        {
            holds: "log lines",
            targets: ["ingester", "write"],
            factor: ["ingester.lifecycler.ring.replication_factor", 3],
            inherits: "common.replication_factor",
        },
    ],
    rings: [
        { at: "ingester.lifecycler.ring", fallback: "memberlist" },
        // With an address of its own, `common` puts its rings on Consul in spite of memberlist.
        { at: "common.ring", fallback: "consul", onlyIf: "common.instance_addr" },
    ],
    sharded: [{ target: "ruler", key: "ruler.enable_sharding", otherwise: "every rule is evaluated by each of them" }],
    messages: [
        {
            what: "a distributor's write",
            receives: ["server.grpc_server_max_recv_msg_size", 4 * MIB],
            sends: ["ingester_client.grpc_client_config.max_send_msg_size", 100 * MIB],
        },
        {
            what: "an ingester's answer",
            receives: ["ingester_client.grpc_client_config.max_recv_msg_size", 100 * MIB],
            sends: ["server.grpc_server_max_send_msg_size", 4 * MIB],
        },
    ],
    windows: [
        {
            longer: ["querier.query_ingesters_within", "3h"],
            shorter: ["ingester.max_chunk_age", "2h"],
            otherwise: "lines that only an ingester holds are in no answer",
        },
    ],
    retention: {
        kept: ["limits_config.retention_period", "0s"],
        ofTenant: "retention_period",
        onlyIf: "compactor.retention_enabled",
        // It deletes by table of its index, and its own check lets a shorter retention pass.
        period: { list: "schema_config.configs", at: "index.period", fallback: "24h" },
    },
    reaches: {
        max_query_length: { all: ["limits_config.max_query_length", "721h"] },
        max_query_lookback: { all: ["limits_config.max_query_lookback", "0s"] },
        max_query_range: { all: ["limits_config.max_query_range", "0s"] },
    },
};
