import type { Client } from "./client";

interface Alert {
    readonly state: string;
    readonly labels: Readonly<Record<string, string>>;
}

/** About to fire on every start, and over before they do; the others have to be silent when this is asked. */
const AFTER_A_START = [
    // Loki's compactor runs after ten minutes for the first time.
    "CompactionStuck",
    "RetentionStuck",
    // The canary looks for traces that are some minutes old.
    "TraceCanarySilent",
    // Prometheus pushes before the ring has its ingester, and is told to come again.
    "WritesFailing",
];

/** The chart's rules on the machine below are not about the platform: its clock, its load, its disk. */
const OF_THE_MACHINE = /^(Node|Watchdog |InfoInhibitor )/;

/** Alerts that fire, and those of the platform's own rules that are about to, as Prometheus has them. */
export async function platformAlerts(client: Client): Promise<string[]> {
    const { status, body } = await client.call("http://kps-prometheus.monitoring.svc.cluster.local:9090/api/v1/alerts");
    if (status !== 200) return [`Prometheus answered ${status}`];
    const { data } = JSON.parse(body) as { data: { alerts: readonly Alert[] } };
    if (!data.alerts.some(({ labels }) => labels.alertname === "Watchdog")) return ["no rule was evaluated yet"];
    return data.alerts
        .filter(({ state, labels }) => state === "firing" || labels.team !== undefined)
        .map(({ state, labels: { alertname = "", probe, job, store } }) =>
            [alertname, state, probe ?? job ?? store].filter((word) => word !== undefined).join(" "),
        );
}

/** @param absent whether Grafana is not there. */
export function silentButFor(absent: { readonly grafana: boolean }): (alert: string) => boolean {
    return (alert) =>
        !OF_THE_MACHINE.test(alert) &&
        !AFTER_A_START.some((name) => alert.startsWith(`${name} pending`)) &&
        !(absent.grafana && alert.endsWith(" grafana"));
}
