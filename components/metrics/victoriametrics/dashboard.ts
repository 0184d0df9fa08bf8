import { logsOfPod } from "../../dashboards/links";
import { podRows } from "../../dashboards/pods";
import { perSecond, within } from "../../dashboards/selectors";
import { graph, levels, metrics, number, type Dashboard, type Row } from "../../dashboards/spec";
import { NAMESPACE } from "./names";
import { activeSeries, of } from "./panels";

const links = [logsOfPod(NAMESPACE)];
const PUSHES = 'protocol=~"promremotewrite|opentelemetry"';
const QUERIES = 'path=~".*/api/v1/(query|query_range|series|labels|label/.*)"';
/** How its programs, which log JSON, mark a line that someone should read. */
const COMPLAINT = '"level":"(error|warn|fatal|panic)"';

/** @param copies of each sample. */
export function vmDashboard(copies: number): Dashboard {
    return {
        uid: "victoriametrics",
        title: "VictoriaMetrics",
        description: "The metrics store: is it whole, does it take writes, does it answer, is there room.",
        from: "now-6h",
        rows: [health(copies), writes(), reads(), servers(), ...podRows(NAMESPACE, COMPLAINT)],
    };
}

/** Share of requests that failed, 0 where none came to grief. */
function failing(matchers: string): string {
    const rate = (metric: string) => perSecond(`${metric}{${of(matchers)}}`);
    return `(${rate("vm_http_request_errors_total")} or vector(0)) / (${rate("vm_http_requests_total")} > 0)`;
}

function health(copies: number): Row {
    return {
        title: "Health",
        panels: [
            number({
                title: "Servers out of reach",
                description:
                    "As the vminsert that reaches fewest sees it. Normal: 0. One is survived without loss; with as many as there are copies, queries fail. No data: one process is all.",
                unit: "short",
                thresholds: levels(1, 2),
                none: "one process",
                queries: [metrics("servers", `sum(1 - min by (addr) (vm_rpc_vmstorage_is_reachable{${of()}}))`)],
            }),
            number({
                title: "Servers without room",
                description: "Normal: 0. A server whose volume is full takes nothing, and still answers.",
                unit: "short",
                thresholds: levels(1, 1),
                queries: [metrics("servers", `sum(vm_storage_is_read_only{${of()}})`)],
            }),
            number({
                title: "Failing pushes",
                description: "Share that was answered with an error. Normal: 0. Prometheus sends these again.",
                unit: "percentunit",
                thresholds: levels(0.001, 0.01),
                none: "no pushes",
                queries: [metrics("failing", failing(PUSHES))],
            }),
            number({
                title: "Failing queries",
                description:
                    "Share that was answered with an error, wrong questions among them. Normal: nearly 0. See the log.",
                unit: "percentunit",
                thresholds: levels(0.05, 0.25),
                none: "no queries",
                queries: [metrics("failing", failing(QUERIES))],
            }),
            number({
                title: "Bytes on disk",
                description: "All servers together, every copy counted.",
                unit: "bytes",
                queries: [metrics("bytes", `sum(vm_data_size_bytes{${of()}})`)],
            }),
            number({
                title: "Active series",
                description: "Each counted once. Past the setting metrics.limits.maxHourlySeries new ones are dropped.",
                unit: "short",
                queries: [metrics("series", activeSeries(copies))],
            }),
        ],
    };
}

function writes(): Row {
    return {
        title: "Writes",
        panels: [
            graph({
                title: "Samples",
                description:
                    "Taken in, by the way they came, and dropped, by reason. Dropped are lost: raise the limit in metrics.limits, or stop who sends them.",
                unit: "cps",
                width: 6,
                queries: [
                    metrics("{{type}}", perSecond(`vm_rows_inserted_total{${of()}}`, "type")),
                    metrics("dropped: {{reason}}", perSecond(`vm_rows_ignored_total{${of()}}`, "reason")),
                ],
            }),
            graph({
                title: "New series",
                description:
                    "Made each second, by server. Steadily high: some label changes all the time, and costs room and memory.",
                unit: "cps",
                width: 6,
                links,
                queries: [metrics("{{pod}}", perSecond(`vm_new_timeseries_created_total{${of()}}`, "pod"))],
            }),
            graph({
                title: "Slow inserts",
                description:
                    "Share of samples whose series was not in memory. Normal: some percent. Steadily above 5 %: more memory for vmstorage.",
                unit: "percentunit",
                width: 6,
                thresholds: levels(0.05, 0.2),
                links,
                queries: [
                    metrics(
                        "{{pod}}",
                        `${perSecond(`vm_slow_row_inserts_total{${of()}}`, "pod")} / ${perSecond(`vm_rows_added_to_storage_total{${of()}}`, "pod")}`,
                    ),
                ],
            }),
            graph({
                title: "Copies of one sample, dropped",
                description:
                    "Of each interval one sample stays: when files are merged, and when they are read. About half of what arrives, where there is a pair of Prometheus.",
                unit: "cps",
                width: 6,
                queries: [metrics("{{type}}", perSecond(`vm_deduplicated_samples_total{${of()}}`, "type"))],
            }),
        ],
    };
}

function reads(): Row {
    return {
        title: "Reads",
        panels: [
            graph({
                title: "Queries",
                description: "Each second, by tenant; those of no tenant where the store knows none.",
                unit: "reqps",
                queries: [
                    metrics(
                        "{{username}}",
                        perSecond(`vmauth_user_requests_total{${of('endpoint="query-metrics"')}}`, "username"),
                    ),
                    metrics(
                        "all",
                        perSecond(`vmauth_unauthorized_user_requests_total{${of('endpoint="query-metrics"')}}`),
                    ),
                ],
            }),
            graph({
                title: "Query duration",
                description: "The slowest of 100 of each pod. Normal: below some seconds.",
                unit: "s",
                links,
                queries: [
                    metrics(
                        "{{pod}}",
                        `max by (pod) (vm_request_duration_seconds{${of('quantile="0.99", path=~"/api/v1/query.*"')}})`,
                    ),
                ],
            }),
            graph({
                title: "Queries that waited too long, last hour",
                description:
                    "Refused, since as many as there may be were running. Normal: 0. More: more or larger vmselect, or fewer and cheaper queries.",
                unit: "short",
                links,
                queries: [metrics("{{pod}}", within("1h", `vm_concurrent_select_limit_timeout_total{${of()}}`, "pod"))],
            }),
        ],
    };
}

function servers(): Row {
    return {
        title: "Servers",
        panels: [
            graph({
                title: "Free room",
                description:
                    "Of each server's volume. A server stops to take samples before it is full. Falls for the retention and a month, then stays.",
                unit: "bytes",
                links,
                queries: [metrics("{{pod}}", `min by (pod) (vm_free_disk_space_bytes{${of()}})`)],
            }),
            graph({
                title: "Too few copies",
                description:
                    "Samples that are on fewer servers than they should be. Normal: 0. They stay so: nothing heals by itself.",
                unit: "cps",
                queries: [metrics("samples", perSecond(`vm_rpc_rows_incompletely_replicated_total{${of()}}`))],
            }),
            graph({
                title: "Backups, last 6 hours",
                description:
                    "Completed, by server. Normal: one an hour; fewer while a first one runs. No data: no bucket for them is set.",
                unit: "short",
                links,
                queries: [
                    metrics("{{pod}}", within("6h", `vm_http_requests_total{${of('path="/snapshot/list"')}}`, "pod")),
                ],
            }),
        ],
    };
}
