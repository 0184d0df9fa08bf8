import { ofStore, orZero, type Rule } from "../../alerts/rule";
import { COLLECTORS } from "../../kubernetes/namespaces";

const SENT = `otelcol_exporter_sent_log_records_total{namespace="${COLLECTORS}"`;
const says =
    "The collectors have handed on 0 lines a second for 15 minutes, though this platform itself always logs. Nodes keep files until they rotate; what rotates away unread is lost.";

/** What is seen of a store outside: what the collectors count when it has taken lines. Queries are asked by a probe. */
export function elasticsearchAlerts(): Rule[] {
    return ofStore("logs", [
        {
            alert: "LogsIngestionStopped",
            severity: "critical",
            expr: `${orZero(`sum(rate(${SENT}}[5m]))`)} == 0`,
            for: "15m",
            labels: { namespace: COLLECTORS },
            summary: "Elasticsearch takes in no lines at all",
            description: says.replace("handed on 0", "handed on {{ $value }}"),
            firing: {
                series: { [`${SENT},pod="a"}`]: "7x40" },
                minute: 30,
                labels: { namespace: COLLECTORS },
                says,
            },
            silent: { series: { [`${SENT},pod="a"}`]: "0+60x40" }, minute: 30 },
        },
    ]);
}
