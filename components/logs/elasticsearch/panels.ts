import type { CrossPanels } from "../../contracts/system";
import { hopByHop, logsOfPod } from "../../dashboards/links";
import { inNamespace, perSecond, within } from "../../dashboards/selectors";
import { graph, metrics, number, type Link, type Panel } from "../../dashboards/spec";
import { COLLECTORS } from "../../kubernetes/namespaces";
import { NAMESPACE } from "./names";

const of = inNamespace(COLLECTORS);
const SENT = `otelcol_exporter_sent_log_records_total{${of}}`;
const REFUSED = `otelcol_exporter_send_failed_log_records_total{${of}}`;
/** The platform asks the store as Grafana does. */
const PROBE = 'probe_success{probe="log-store"}';

const lines = (title: string, links: readonly Link[] = []): Panel =>
    graph({
        title,
        description:
            "Lines that Elasticsearch has acknowledged, and those that it refused for good, which are lost. Where both are 0 it is away, or refuses its key: nodes keep their files meanwhile.",
        unit: "cps",
        links,
        queries: [metrics("taken", perSecond(SENT)), metrics("refused", perSecond(REFUSED))],
    });

export const answers: Panel = graph({
    title: "A query's way to Elasticsearch and back",
    description:
        "Seconds of the probe that asks as Grafana does, through the gateway, and whether it was answered. Normal: below a second, and 1.",
    unit: "short",
    links: [logsOfPod(NAMESPACE)],
    queries: [
        metrics("answered", `min(${PROBE})`),
        metrics("seconds", 'max(probe_duration_seconds{probe="log-store"})'),
    ],
});

export const taken = lines("Lines taken and refused");

export const elasticsearchPanels: CrossPanels = {
    flow: lines("Logs: lines handed on", [hopByHop]),
    checks: [
        number({
            title: "Elasticsearch answers",
            description:
                "1 while a query through the gateway is answered; none where the blackbox exporter is off. 0: look at the gateway's log and at the store.",
            unit: "short",
            base: "red",
            thresholds: [{ from: 1, color: "green" }],
            queries: [metrics("answered", `min(${PROBE})`)],
        }),
    ],
    cost: [
        number({
            title: "Logs, last day",
            description: "Lines that Elasticsearch has taken in 24 hours. What they cost is seen there.",
            unit: "short",
            queries: [metrics("lines", within("1d", SENT))],
        }),
    ],
    path: [{ signal: "logs", through: ["gateway", "Elasticsearch"], hops: [[taken], [answers]] }],
};
