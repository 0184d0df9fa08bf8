import type { Agreements } from "../../contracts/agreements";
import keys from "./config-keys.gen.json";
import { TITLE } from "./names";
import { AT } from "./workloads";

const MIB = 2 ** 20;

const RINGS = ["distributor.ring", "ingester.lifecycler.ring", "compactor.ring", "metrics_generator.ring"];

export const tempoAgreements: Agreements = {
    program: "tempo",
    title: TITLE,
    settings: AT,
    keys,
    // Bare, the flag would eat the next argument. It refuses what it warns of, too.
    validates: ["-config.verify=true"],
    tenantLimits: "overrides.per_tenant_override_config",
    tenants: ["multitenancy_enabled", false],
    serves: [
        // Its receivers have servers of their own, which no prefix moves.
        { purpose: "otlp", path: "/v1/traces" },
        { purpose: "otlp", path: "/otlp/v1/traces", byGateway: true },
        {
            purpose: "query",
            path: "/api/search",
            below: [
                ["server.http_path_prefix", ""],
                ["http_api_prefix", ""],
            ],
        },
    ],
    remoteWrite: {
        part: "metrics_generator's remote_write",
        targets: ["metrics_generator.storage.remote_write"],
        // The spans' own.
        tenantIfAll: [
            ["multitenancy_enabled", false],
            ["metrics_generator.storage.remote_write_add_org_id_header", true],
        ],
    },
    copies: [{ holds: "spans", targets: ["ingester"], factor: ["ingester.lifecycler.ring.replication_factor", 1] }],
    rings: RINGS.map((at) => ({ at, fallback: "memberlist" })),
    sharded: [],
    messages: [
        {
            what: "a whole trace",
            receives: ["server.grpc_server_max_recv_msg_size", 16 * MIB],
            sends: ["overrides.defaults.global.max_bytes_per_trace", 5_000_000],
        },
        {
            what: "a distributor's write",
            receives: ["server.grpc_server_max_recv_msg_size", 16 * MIB],
            sends: ["ingester_client.grpc_client_config.max_send_msg_size", 100 * MIB],
        },
        {
            what: "an ingester's answer",
            receives: ["ingester_client.grpc_client_config.max_recv_msg_size", 100 * MIB],
            sends: ["server.grpc_server_max_send_msg_size", 16 * MIB],
        },
    ],
    windows: [
        {
            longer: ["query_frontend.search.query_ingesters_until", "30m"],
            shorter: ["query_frontend.search.query_backend_after", "15m"],
            otherwise: "traces between the two are in no answer",
        },
        {
            longer: ["compactor.compaction.block_retention", "336h"],
            shorter: ["storage.trace.blocklist_poll", "5m"],
            otherwise: "blocks are deleted before anyone has seen them",
        },
    ],
    retention: { kept: ["compactor.compaction.block_retention", "336h"], ofTenant: "compaction.block_retention" },
    // It reads a limit of the overrides before the frontend's; a tenant with overrides of its own has none of the defaults.
    reaches: {
        "read.max_search_duration": {
            all: ["query_frontend.search.max_duration", "168h"],
            before: "overrides.defaults.read.max_search_duration",
        },
        "read.max_metrics_duration": {
            all: ["query_frontend.metrics.max_duration", "3h"],
            before: "overrides.defaults.read.max_metrics_duration",
        },
    },
};
