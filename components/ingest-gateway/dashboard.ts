import { CLUSTER, perSecond, within } from "../dashboards/selectors";
import { graph, levels, metrics, number, table, type Dashboard, type Panel, type Row } from "../dashboards/spec";
import { METRICS } from "./counting";

const of = (metric: string, more = "") => `${metric}{${CLUSTER}${more}}`;
const TAKEN = ', status=~"2.."';
const expected = `max by (client, signal) (${of(METRICS.expected)})`;

/**
 * Who sends from outside, whether it arrives, and how much of it there is.
 * @param tenants what stores show of each tenant.
 */
export function clustersDashboard(tenants: readonly Panel[]): Dashboard {
    return {
        uid: "clusters",
        title: "Clusters",
        description: "Clusters and clients outside that push here: who sends, what is refused, and how much it is.",
        from: "now-6h",
        rows: [
            whether(),
            pushes(),
            amounts(),
            ...(tenants.length > 0 ? [{ title: "What each tenant keeps", panels: tenants }] : []),
        ],
    };
}

function whether(): Row {
    const silent = `${expected} unless on (client, signal) sum by (client, signal) (increase(${of(METRICS.pushes, TAKEN)}[15m])) > 0`;
    return {
        title: "Who sends",
        panels: [
            number({
                title: "Clusters",
                description: "Clusters that are to send here, by the setting ingestGateway.clusters.",
                unit: "short",
                none: "0",
                queries: [metrics("clusters", `count(count by (client) (${expected}))`)],
            }),
            number({
                title: "Signals that stay away",
                description:
                    "Pairs of cluster and signal of which no push was taken for 15 minutes. Normal: 0. The table beside names them.",
                unit: "short",
                thresholds: [{ from: 1, color: "red" }],
                queries: [metrics("signals", `count(${silent}) or vector(0)`)],
            }),
            number({
                title: "Pushes refused",
                description: "Share of all pushes that were not taken. Normal: 0; the graph below says whose, and why.",
                unit: "percentunit",
                thresholds: levels(0.01, 0.05),
                queries: [
                    metrics(
                        "refused",
                        `(${perSecond(of(METRICS.pushes, ', status!~"2.."'))} or vector(0)) / (${perSecond(of(METRICS.pushes))} > 0)`,
                    ),
                ],
            }),
            table({
                title: "Silent now",
                description: "Cluster and signal of which no push was taken for 15 minutes. Normal: empty.",
                unit: "none",
                width: 12,
                queries: [metrics("", silent)],
            }),
        ],
    };
}

function pushes(): Row {
    return {
        title: "Pushes",
        panels: [
            graph({
                title: "Taken, by client and signal",
                description:
                    "Pushes each second that a store has taken. A line at 0 is a client that stays away; one far above its usual a client that catches up, or floods.",
                unit: "reqps",
                width: 12,
                queries: [metrics("{{client}} {{signal}}", perSecond(of(METRICS.pushes, TAKEN), "client, signal"))],
            }),
            graph({
                title: "Refused, by client and status",
                description:
                    "401: a password that ended or was revoked. 429: past the client's or its tenant's limits. 400: the store does not take the data. 5xx: the store; clients send again.",
                unit: "reqps",
                width: 12,
                queries: [
                    metrics(
                        "{{client}} {{signal}} {{status}}",
                        perSecond(of(METRICS.pushes, ', status!~"2.."'), "client, signal, status"),
                    ),
                ],
            }),
        ],
    };
}

function amounts(): Row {
    return {
        title: "How much",
        panels: [
            graph({
                title: "Bytes, by client and signal",
                description:
                    "As they come: compressed. What is kept is some other number, which the stores' pages have.",
                unit: "Bps",
                stacked: true,
                width: 12,
                queries: [metrics("{{client}} {{signal}}", perSecond(of(METRICS.bytes, TAKEN), "client, signal"))],
            }),
            table({
                title: "Bytes of the last day, by client and signal",
                description: "The largest first, compressed as they came: who causes the cost of what is kept here.",
                unit: "bytes",
                width: 12,
                queries: [metrics("", `sort_desc(${within("1d", of(METRICS.bytes, TAKEN), "client, signal")})`)],
            }),
        ],
    };
}
