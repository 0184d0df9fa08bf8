import type { Check } from "../../check";
import type { Found } from "../../finding";
import { hops } from "./hops";
import { configured, storesOf, type Store } from "./stores";

export const messageSizes: Check = {
    name: "message-sizes",
    promise: "What one hop may send at once, the next one takes: collectors, gateways, stores and the parts of these",
    run: (model) => [
        ...storesOf(model).flatMap((store) => LIMITS[store.program].flatMap((limit) => tooSmall(store, limit))),
        ...hops(model),
    ],
};

/** Two limits of one configuration, in bytes, of which the first has to be at least the second. */
interface Limit {
    readonly receives: readonly [key: string, fallback: number];
    readonly sends: readonly [key: string, fallback: number];
    readonly what: string;
}

const MIB = 2 ** 20;

// Fallbacks: the pinned versions' own defaults, from their configuration references.
const LIMITS: Readonly<Record<Store["program"], readonly Limit[]>> = {
    cortex: [
        {
            receives: ["ingester_client.grpc_client_config.max_recv_msg_size", 100 * MIB],
            sends: ["server.grpc_server_max_send_msg_size", 4 * MIB],
            what: "an ingester's answer",
        },
        {
            receives: ["server.grpc_server_max_recv_msg_size", 4 * MIB],
            sends: ["ingester_client.grpc_client_config.max_send_msg_size", 16 * MIB],
            what: "a distributor's write",
        },
        {
            receives: ["server.grpc_server_max_recv_msg_size", 4 * MIB],
            sends: ["frontend_worker.grpc_client_config.max_send_msg_size", 16 * MIB],
            what: "a querier's answer",
        },
    ],
    loki: [
        {
            receives: ["server.grpc_server_max_recv_msg_size", 4 * MIB],
            sends: ["ingester_client.grpc_client_config.max_send_msg_size", 100 * MIB],
            what: "a distributor's write",
        },
        {
            receives: ["ingester_client.grpc_client_config.max_recv_msg_size", 100 * MIB],
            sends: ["server.grpc_server_max_send_msg_size", 4 * MIB],
            what: "an ingester's answer",
        },
    ],
    tempo: [
        {
            receives: ["server.grpc_server_max_recv_msg_size", 16 * MIB],
            sends: ["overrides.defaults.global.max_bytes_per_trace", 5_000_000],
            what: "a whole trace",
        },
        {
            receives: ["server.grpc_server_max_recv_msg_size", 16 * MIB],
            sends: ["ingester_client.grpc_client_config.max_send_msg_size", 100 * MIB],
            what: "a distributor's write",
        },
        {
            receives: ["ingester_client.grpc_client_config.max_recv_msg_size", 100 * MIB],
            sends: ["server.grpc_server_max_send_msg_size", 16 * MIB],
            what: "an ingester's answer",
        },
    ],
};

function tooSmall(store: Store, { receives, sends, what }: Limit): Found[] {
    const received = Number(configured(store, ...receives));
    const sent = Number(configured(store, ...sends));
    if (received >= sent) return [];
    return [
        {
            object: store.object,
            found: `${what} may have ${sent} bytes (${sends[0]}), ${received} are received (${receives[0]})`,
            wanted: `${receives[0]} of at least ${sent}`,
            hint: `the two belong together under ${store.program}.values`,
        },
    ];
}
