import type { Agreements, Key } from "../../contracts/agreements";
import keys from "./config-keys.gen.json";
import { TITLE } from "./names";
import { AT } from "./workloads";

const MIB = 2 ** 20;

const ROOT: Key<string> = ["server.http_path_prefix", ""];
const LEGACY: Key<string> = ["http_prefix", "/api/prom"];

export const cortexAgreements: Agreements = {
    program: "cortex",
    title: TITLE,
    settings: AT,
    keys,
    // Listing its modules comes after reading and validating all of the configuration, and before starting any.
    validates: ["-modules"],
    tenantLimits: "runtime_config.file",
    // It would put zeros in place of every default.
    refusesEmptySections: true,
    tenants: ["auth_enabled", true],
    serves: [
        { purpose: "push", path: "/api/v1/push", below: [ROOT] },
        { purpose: "push", path: "/push", below: [ROOT, LEGACY] },
        { purpose: "otlp", path: "/api/v1/otlp/v1/metrics", below: [ROOT] },
        { purpose: "query", path: "/api/v1/query", below: [ROOT, ["api.prometheus_http_prefix", "/prometheus"]] },
        { purpose: "query", path: "/api/v1/query", below: [ROOT, LEGACY] },
        { purpose: "query", path: "/rules/api/v1/query", byGateway: true },
        { purpose: "rules", path: "/api/v1/rules", below: [ROOT] },
        { purpose: "rules", path: "/rules", below: [ROOT, LEGACY] },
        { purpose: "alerts", path: "/api/v2/alerts", below: [ROOT, ["api.alertmanager_http_prefix", "/alertmanager"]] },
    ],
    ruler: { alertmanagers: "ruler.alertmanager_url", discovery: "ruler.enable_alertmanager_discovery" },
    deduplication: {
        switches: ["limits.accept_ha_samples", "distributor.ha_tracker.enable_ha_tracker"],
        clusterLabel: ["limits.ha_cluster_label", "cluster"],
        replicaLabel: ["limits.ha_replica_label", "__replica__"],
    },
    bareMembersOn: 7946,
    copies: [
        { holds: "samples", targets: ["ingester"], factor: ["ingester.lifecycler.ring.replication_factor", 3] },
        {
            holds: "blocks",
            targets: ["store-gateway"],
            factor: ["store_gateway.sharding_ring.replication_factor", 3],
            onlyIf: "store_gateway.sharding_enabled",
        },
    ],
    rings: [
        { at: "ingester.lifecycler.ring", fallback: "consul" },
        { at: "distributor.ha_tracker", fallback: "consul", onlyIf: "distributor.ha_tracker.enable_ha_tracker" },
        { at: "store_gateway.sharding_ring", fallback: "consul", onlyIf: "store_gateway.sharding_enabled" },
        { at: "compactor.sharding_ring", fallback: "consul", onlyIf: "compactor.sharding_enabled" },
        { at: "ruler.ring", fallback: "consul", onlyIf: "ruler.enable_sharding" },
    ],
    sharded: [
        { target: "compactor", key: "compactor.sharding_enabled", otherwise: "blocks are compacted twice at a time" },
        { target: "ruler", key: "ruler.enable_sharding", otherwise: "every rule is evaluated by each of them" },
    ],
    messages: [
        {
            what: "an ingester's answer",
            receives: ["ingester_client.grpc_client_config.max_recv_msg_size", 100 * MIB],
            sends: ["server.grpc_server_max_send_msg_size", 4 * MIB],
        },
        {
            what: "a distributor's write",
            receives: ["server.grpc_server_max_recv_msg_size", 4 * MIB],
            sends: ["ingester_client.grpc_client_config.max_send_msg_size", 16 * MIB],
        },
        {
            what: "a querier's answer",
            receives: ["server.grpc_server_max_recv_msg_size", 4 * MIB],
            sends: ["frontend_worker.grpc_client_config.max_send_msg_size", 16 * MIB],
        },
    ],
    windows: [
        {
            longer: ["querier.query_ingesters_within", "0s"],
            shorter: ["querier.query_store_after", "0s"],
            otherwise: "samples between the two are in no answer",
        },
        {
            longer: ["blocks_storage.tsdb.retention_period", "6h"],
            shorter: ["querier.query_ingesters_within", "0s"],
            otherwise: "ingesters are asked for what they have deleted",
            orEqual: true,
        },
        {
            longer: ["limits.compactor_blocks_retention_period", "0s"],
            shorter: ["blocks_storage.tsdb.retention_period", "6h"],
            otherwise: "blocks are deleted from the bucket before ingesters drop theirs",
            orEqual: true,
        },
    ],
    retention: {
        kept: ["limits.compactor_blocks_retention_period", "0s"],
        ofTenant: "compactor_blocks_retention_period",
    },
    reaches: {
        max_query_length: { all: ["limits.max_query_length", "0s"] },
        max_query_lookback: { all: ["limits.max_query_lookback", "0s"] },
    },
};
