import type { CrossPanels } from "../../contracts/system";
import { hopByHop, logsOfPod } from "../../dashboards/links";
import { inNamespace, perSecond, within } from "../../dashboards/selectors";
import { graph, metrics, number, type Link, type Panel } from "../../dashboards/spec";
import { COLLECTORS } from "../../kubernetes/namespaces";
import { NAMESPACE } from "./names";

const of = (more?: string) => inNamespace(NAMESPACE, more);
const collectors = inNamespace(COLLECTORS);

/** Lines on all their copies. */
const WRITTEN = `elasticsearch_indices_indexing_index_total{${of()}}`;

function lines(title: string, links: readonly Link[] = []): Panel {
    return graph({
        title,
        description:
            "Lines that the collectors were told to be kept, those refused for good, which are lost, and what nodes write, each copy for itself. Handed on at 0: look at the gateway of OTLP.",
        unit: "cps",
        links,
        queries: [
            metrics("handed on", perSecond(`otelcol_exporter_sent_log_records_total{${collectors}}`)),
            metrics("refused", perSecond(`otelcol_exporter_send_failed_log_records_total{${collectors}}`)),
            metrics("written, all copies", perSecond(WRITTEN)),
        ],
    });
}

export const taken = lines("Lines handed on and written");

/** Not the label `cluster`, which is the name of OpenSearch's own cluster there. */
export const status: Panel = number({
    title: "Copies of all lines are there",
    description:
        "0: all of them. 1: some lines have too few copies, as while a node is replaced. 2: some lines have none, and are not found.",
    unit: "short",
    thresholds: [
        { from: 1, color: "yellow" },
        { from: 2, color: "red" },
    ],
    queries: [
        metrics(
            "state",
            `max(elasticsearch_cluster_health_status{namespace="${NAMESPACE}",color="yellow"} or 2 * elasticsearch_cluster_health_status{namespace="${NAMESPACE}",color="red"})`,
        ),
    ],
});

export const writes: Panel = graph({
    title: "Writes refused by nodes",
    description:
        "By node: its queue was full. The gateway of OTLP comes again with them, and senders wait. Normally none; lasting: more nodes, or more memory.",
    unit: "cps",
    links: [logsOfPod(NAMESPACE)],
    queries: [
        metrics("{{name}}", perSecond(`elasticsearch_thread_pool_rejected_count{${name('type="write"')}}`, "name")),
    ],
});

function name(more: string): string {
    return `namespace="${NAMESPACE}", ${more}`;
}

export const opensearchPanels: CrossPanels = {
    flow: lines("Logs: lines handed on and written", [hopByHop]),
    checks: [status],
    cost: [
        number({
            title: "Logs, last day",
            description: "Lines that the collectors have handed on in 24 hours.",
            unit: "short",
            queries: [metrics("lines", within("1d", `otelcol_exporter_sent_log_records_total{${collectors}}`))],
        }),
    ],
    path: [{ signal: "logs", through: ["gateway of OTLP", "nodes"], hops: [[taken], [writes]] }],
};
