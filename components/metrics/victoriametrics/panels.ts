import type { CrossPanels, PathSection } from "../../contracts/system";
import { hopByHop, logsOfPod } from "../../dashboards/links";
import { inNamespace, perSecond, within } from "../../dashboards/selectors";
import { graph, levels, metrics, number, type Panel } from "../../dashboards/spec";
import { NAMESPACE } from "./names";

export const of = (more?: string) => inNamespace(NAMESPACE, more);

/** @param copies of each series, which every server that has it counts. */
export function activeSeries(copies: number): string {
    return `sum(vm_cache_entries{${of('type="storage/hour_metric_ids"')}}) / ${copies}`;
}

const flow = (copies: number): Panel =>
    graph({
        title: "Metrics: samples in and stored",
        description:
            "Both Prometheus replicas send, and all of it is taken; of each interval the newer sample stays when files are merged. Stored should lie on arriving: below it, servers drop or lose writes.",
        unit: "cps",
        links: [hopByHop],
        queries: [
            metrics("arriving", perSecond(`vm_rows_inserted_total{${of()}}`)),
            metrics("stored", `${perSecond(`vm_rows_added_to_storage_total{${of()}}`)} / ${copies}`),
        ],
    });

const cost = (copies: number): readonly Panel[] => [
    number({
        title: "Active series",
        description:
            "Series that had a sample within the hour, each counted once. Memory of the metrics store grows with them; the limit is the setting metrics.limits.maxHourlySeries.",
        unit: "short",
        queries: [metrics("series", activeSeries(copies))],
    }),
    number({
        title: "Samples, last day",
        description: "Samples that the metrics store took in 24 hours, of both Prometheus replicas.",
        unit: "short",
        queries: [metrics("samples", within("1d", `vm_rows_inserted_total{${of()}}`))],
    }),
];

const links = [logsOfPod(NAMESPACE)];

/** Of the process of vmauth that takes pushes. */
const PUSH = 'endpoint="push-metrics"';

const path: PathSection = {
    signal: "metrics",
    through: ["vmauth", "vminsert", "vmstorage"],
    hops: [
        [
            graph({
                title: "Pushes that vmauth passed on",
                description:
                    "By tenant, and those for which it found no target: the sender retries them. Refused have no tenant, one that is not in the settings, or another path.",
                unit: "reqps",
                width: 6,
                queries: [
                    metrics("{{username}}", perSecond(`vmauth_user_requests_total{${of(PUSH)}}`, "username")),
                    metrics(
                        "{{username}} without a target",
                        perSecond(`vmauth_user_request_errors_total{${of(PUSH)}}`, "username"),
                    ),
                    metrics("of no tenant", perSecond(`vmauth_unauthorized_user_requests_total{${of(PUSH)}}`)),
                    metrics(
                        "refused",
                        perSecond(`vmauth_http_request_errors_total{${of(`${PUSH}, reason="invalid_auth_token"`)}}`),
                    ),
                ],
            }),
        ],
        [
            graph({
                title: "vminsert: samples",
                description:
                    "Taken in, by the way they came, and those that are not on as many servers as they should be. Normally none of the latter.",
                unit: "cps",
                queries: [
                    metrics("{{type}}", perSecond(`vm_rows_inserted_total{${of()}}`, "type")),
                    metrics("too few copies", perSecond(`vm_rpc_rows_incompletely_replicated_total{${of()}}`)),
                    metrics("sent elsewhere", perSecond(`vm_rpc_rows_rerouted_from_here_total{${of()}}`)),
                ],
            }),
        ],
        [
            graph({
                title: "vmstorage: samples",
                description:
                    "Stored by each server, and dropped, by reason: those are lost. With copies on several servers their lines lie together; one that falls is away.",
                unit: "cps",
                links,
                queries: [
                    metrics("{{pod}}", perSecond(`vm_rows_added_to_storage_total{${of()}}`, "pod")),
                    metrics("dropped: {{reason}}", perSecond(`vm_rows_ignored_total{${of()}}`, "reason")),
                ],
            }),
            graph({
                title: "Room on volumes",
                description: "Free bytes of each server's volume. At its limit a server takes no more samples.",
                unit: "bytes",
                links,
                queries: [metrics("{{pod}}", `min by (pod) (vm_free_disk_space_bytes{${of()}})`)],
            }),
        ],
    ],
};

const readOnly: Panel = number({
    title: "Metrics servers that take nothing",
    description: "Servers without room on their volume. Normal: 0; the others take their share.",
    unit: "short",
    thresholds: levels(1, 2),
    queries: [metrics("servers", `sum(vm_storage_is_read_only{${of()}})`)],
});

export function vmPanels(copies: number): CrossPanels {
    return { flow: flow(copies), checks: [readOnly], cost: cost(copies), path: [path] };
}
