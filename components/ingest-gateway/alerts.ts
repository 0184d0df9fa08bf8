import type { Rule } from "../alerts/rule";
import { METRICS } from "./counting";
import { GATEWAY, NAMESPACE } from "./names";

const TAKEN = `${METRICS.pushes}{status=~"2.."}`;

/** Several gateways count each for itself, and each tells who is to send. */
const expected = `max by (client, signal) (${METRICS.expected})`;

const pushes = (signal: string, status: number) =>
    `${METRICS.pushes}{client="edge-eu",signal="${signal}",status="${status}"}`;
const sends = (signal: string) => `${METRICS.expected}{client="edge-eu",signal="${signal}"}`;

export function clientRules(): Rule[] {
    return [clusterSilent(), clusterSignalSilent(), clientPushesRefused(), ingestGatewayDown()];
}

/** Its link or its senders: what waits there is dropped in the end. */
function clusterSilent(): Rule {
    const expectedSeries = { [sends("metrics")]: "1x60", [sends("logs")]: "1x60" };
    return {
        alert: "ClusterSilent",
        severity: "critical",
        expr: `count by (client) (${expected}) unless on (client) sum by (client) (increase(${TAKEN}[15m])) > 0`,
        for: "5m",
        summary: "A cluster sends nothing any more",
        description:
            "Of the cluster {{ $labels.client }} no push was taken for 15 minutes, of the {{ $value }} signals that it is to send. What it keeps meanwhile ends when its queues are full.",
        firing: {
            series: { ...expectedSeries, [pushes("metrics", 204)]: "0+60x10 600x50", [pushes("logs", 401)]: "0+60x60" },
            minute: 40,
            labels: { client: "edge-eu" },
            says: "Of the cluster edge-eu no push was taken for 15 minutes, of the 2 signals that it is to send. What it keeps meanwhile ends when its queues are full.",
        },
        silent: {
            series: { ...expectedSeries, [pushes("metrics", 204)]: "0+60x60", [pushes("logs", 401)]: "0+60x60" },
            minute: 40,
        },
    };
}

function clusterSignalSilent(): Rule {
    const expectedSeries = { [sends("metrics")]: "1x60", [sends("logs")]: "1x60" };
    return {
        alert: "ClusterSignalSilent",
        severity: "warning",
        expr: `${expected} unless on (client, signal) sum by (client, signal) (increase(${TAKEN}[15m])) > 0`,
        for: "15m",
        summary: "A cluster does not send one of its signals",
        description:
            "Of the cluster {{ $labels.client }} no {{ $labels.signal }} were taken for 15 minutes, which its settings here say that it sends.",
        firing: {
            series: { ...expectedSeries, [pushes("metrics", 204)]: "0+60x60", [pushes("logs", 204)]: "0+60x10 600x50" },
            minute: 50,
            labels: { client: "edge-eu", signal: "logs" },
            says: "Of the cluster edge-eu no logs were taken for 15 minutes, which its settings here say that it sends.",
        },
        silent: {
            series: { ...expectedSeries, [pushes("metrics", 204)]: "0+60x60", [pushes("logs", 204)]: "0+60x60" },
            minute: 50,
        },
    };
}

/** What a client was refused it mostly drops: senders try again at 429 and 5xx alone. */
function clientPushesRefused(): Rule {
    const rate = (selector: string, by: string) => `sum by (${by}) (rate(${selector}[10m]))`;
    const refused = rate(`${METRICS.pushes}{status!~"2.."}`, "client, signal, status");
    const all = rate(METRICS.pushes, "client, signal");
    return {
        alert: "ClientPushesRefused",
        severity: "warning",
        expr: `${refused} / on (client, signal) group_left () ${all} > 0.05`,
        for: "10m",
        summary: "Pushes of a client are refused",
        description:
            "{{ $value | humanizePercentage }} of the pushes of {{ $labels.signal }} by {{ $labels.client }} were answered {{ $labels.status }}.",
        firing: {
            series: { [pushes("logs", 204)]: "0+30x40", [pushes("logs", 429)]: "0+30x40" },
            minute: 30,
            labels: { client: "edge-eu", signal: "logs", status: "429" },
            says: "50% of the pushes of logs by edge-eu were answered 429.",
        },
        silent: {
            series: { [pushes("logs", 204)]: "0+99x40", [pushes("logs", 429)]: "0+1x40" },
            minute: 30,
        },
    };
}

/** It takes its own metrics along: who is silent is not known either. */
function ingestGatewayDown(): Rule {
    const available = `kube_deployment_status_replicas_available{namespace="${NAMESPACE}",deployment="${GATEWAY}"}`;
    return {
        alert: "IngestGatewayDown",
        severity: "critical",
        expr: `max by (namespace, deployment) (${available}) == 0`,
        for: "5m",
        summary: "Nothing from outside is taken in",
        description:
            "{{ $value }} pods of {{ $labels.deployment }} are available. Clusters and clients outside keep what they cannot send, until their queues are full.",
        firing: {
            series: { [available]: "2x5 0x20" },
            minute: 15,
            labels: { namespace: NAMESPACE, deployment: GATEWAY },
            says: `0 pods of ${GATEWAY} are available. Clusters and clients outside keep what they cannot send, until their queues are full.`,
        },
        silent: { series: { [available]: "2x5 1x20" }, minute: 15 },
    };
}
