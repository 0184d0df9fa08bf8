import type { Rule } from "../../alerts/rule";
import { FURTHER } from "../../contracts/further-destinations";
import { furtherRules } from "./destination-alerts";
import { NAMESPACE } from "./names";

/**
 * The collectors, through which logs and traces come in.
 * @param destinations kinds of the further destinations that they send to.
 */
export function collectorRules(destinations: readonly string[]): Rule[] {
    return [
        losing({
            what: "lines",
            metric: "loki_write_dropped_entries_total",
            reason: "{{ $labels.reason }}",
            by: ", reason",
            labels: { reason: "ingester_error" },
        }),
        ...(["spans", "log_records", "metric_points"] as const).flatMap((items) =>
            (["send", "enqueue"] as const).map((step) => pushedLost(items, step)),
        ),
        losing({
            what: "samples",
            metric: "prometheus_remote_storage_samples_failed_total",
            own: `component_id!~"${FURTHER.component}"`,
            reason: "refused for good",
            by: "",
            labels: {},
        }),
        namespaceLimited(),
        deltaDropped(),
        queueFilling(),
        unhealthy(),
        ...furtherRules(destinations),
    ];
}

/** Of the stack's own stores. */
const OWN_EXPORTERS = `exporter!~"${FURTHER.exporter}"`;

const PUSHED = { spans: "spans", log_records: "pushed lines", metric_points: "pushed samples" } as const;

/** What applications pushed and a receiver or a sampler had accepted. */
function pushedLost(items: keyof typeof PUSHED, step: "send" | "enqueue"): Rule {
    const what = PUSHED[items];
    return losing({
        what: step === "send" ? what : `unqueued ${what}`,
        metric: `otelcol_exporter_${step}_failed_${items}_total`,
        own: OWN_EXPORTERS,
        reason: step === "send" ? "sending failed for good" : "the queue on the volume could not be written",
        by: "",
        labels: {},
    });
}

/** What a namespace writes beyond its rate: the stage that drops it counts by the label that it goes by. */
function namespaceLimited(): Rule {
    const metric = "loki_process_dropped_lines_by_label_total";
    const of = (more: string) => `${metric}{namespace="${NAMESPACE}",label_name="namespace"${more}}`;
    const says = (rate: string, namespace: string) =>
        `Pods of the namespace ${namespace} write more lines than a node takes of one namespace (k8sMonitoring.podLogs.linesPerSecond); ${rate} of them a second have been dropped over 15 minutes. No other namespace is affected.`;
    return {
        alert: "NamespaceLogsLimited",
        severity: "warning",
        expr: `sum by (namespace, label_value) (rate(${of("")}[15m])) > 0`,
        for: "10m",
        summary: "A namespace writes more lines than it may",
        description: says('{{ $value | printf "%.1f" }}', "{{ $labels.label_value }}"),
        firing: {
            series: { [of(',pod="a",label_value="shop"')]: "0+60x60" },
            minute: 40,
            labels: { namespace: NAMESPACE, label_value: "shop" },
            says: says("1.0", "shop"),
        },
        silent: { series: { [of(',pod="a",label_value="shop"')]: "7x60" }, minute: 40 },
    };
}

/** Metrics that no store here can keep; who pushed them the counter does not know. */
function deltaDropped(): Rule {
    const counted = `otelcol_processor_filter_datapoints_filtered_total{namespace="${NAMESPACE}"`;
    const says = (rate: string) =>
        `Applications push metrics of delta temporality by OTLP; ${rate} of their points a second have been dropped over 15 minutes, though each push was answered with 200. They are to push cumulative ones.`;
    return {
        alert: "DeltaMetricsDropped",
        severity: "warning",
        expr: `sum by (namespace) (rate(${counted}}[15m])) > 0`,
        for: "10m",
        summary: "Metrics of delta temporality are dropped",
        description: says('{{ $value | printf "%.1f" }}'),
        firing: {
            series: { [`${counted},pod="a"}`]: "0+60x60" },
            minute: 40,
            labels: { namespace: NAMESPACE },
            says: says("1.0"),
        },
        silent: { series: { [`${counted},pod="a"}`]: "7x60" }, minute: 40 },
    };
}

function losing(args: {
    what: string;
    metric: string;
    /** Leaves further destinations out, where the metric counts what they are sent. */
    own?: string;
    reason: string;
    by: string;
    labels: Readonly<Record<string, string>>;
}): Rule {
    const { what, metric, own, reason, by, labels } = args;
    const matchers = [`namespace="${NAMESPACE}"`, ...(own === undefined ? [] : [own])].join(",");
    const given = Object.entries(labels).map(([name, value]) => `,${name}="${value}"`);
    const series = `${metric}{namespace="${NAMESPACE}",pod="a"${given.join("")}}`;
    const said = (rate: string, why: string) =>
        `The collectors have dropped ${rate} ${what} a second over 15 minutes (${why}), where none should be. They are lost.`;
    return {
        alert: "CollectorLosingData",
        severity: "critical",
        expr: `sum by (namespace${by}) (rate(${metric}{${matchers}}[15m])) > 0`,
        for: "10m",
        labels: { data: what },
        summary: `The collectors drop ${what}`,
        description: said('{{ $value | printf "%.1f" }}', reason),
        firing: {
            series: { [series]: "0+60x60" },
            minute: 40,
            labels: { namespace: NAMESPACE, data: what, ...labels },
            says: said("1.0", labels.reason ?? reason),
        },
        silent: { series: { [series]: "7x60" }, minute: 40 },
    };
}

const FULL = 0.8;

/** Sending is slower than what comes in: late now, refused when the queue is full. */
function queueFilling(): Rule {
    const size = `otelcol_exporter_queue_size{namespace="${NAMESPACE}"`;
    const capacity = `otelcol_exporter_queue_capacity{namespace="${NAMESPACE}"`;
    const filled = (part: number) => ({ [`${size},pod="a"}`]: `${part}x40`, [`${capacity},pod="a"}`]: "1000x40" });
    return {
        alert: "CollectorQueueFilling",
        severity: "warning",
        // Queue by queue: the one of spans may be full while that of lines is empty.
        expr: `max by (namespace, pod) (${size},${OWN_EXPORTERS}} / ${capacity},${OWN_EXPORTERS}}) > ${FULL}`,
        for: "10m",
        summary: "A collector receives more than it can send on",
        description: `The sending queue of {{ $labels.pod }} is {{ $value | humanizePercentage }} full, for 10 minutes more than ${FULL * 100} %. What comes after 100 % is refused, and lost where its sender does not keep it.`,
        firing: {
            series: filled(900),
            minute: 30,
            labels: { namespace: NAMESPACE, pod: "a" },
            says: "The sending queue of a is 90% full, for 10 minutes more than 80 %. What comes after 100 % is refused, and lost where its sender does not keep it.",
        },
        silent: { series: filled(500), minute: 30 },
    };
}

/** Alloy runs on with the parts that work: pods are ready, and one signal of a node is missing. */
function unhealthy(): Rule {
    const components = `alloy_component_controller_running_components{namespace="${NAMESPACE}"`;
    const series = (count: string) => ({
        [`${components},pod="a",health_type="unhealthy",controller_path="/"}`]: count,
    });
    return {
        alert: "CollectorUnhealthy",
        severity: "warning",
        expr:
            `sum by (namespace, pod) (${components},health_type!="healthy"}) > 0` +
            ` or max by (namespace, pod) (alloy_config_last_load_successful{namespace="${NAMESPACE}"} == bool 0) > 0`,
        for: "15m",
        summary: "A collector refuses its configuration, or part of it does not work",
        description:
            "{{ $value }} components of {{ $labels.pod }} have been unhealthy for 15 minutes, or its last configuration was refused. What they collect or send is missing.",
        firing: {
            series: series("1x40"),
            minute: 30,
            labels: { namespace: NAMESPACE, pod: "a" },
            says: "1 components of a have been unhealthy for 15 minutes, or its last configuration was refused. What they collect or send is missing.",
        },
        silent: {
            series: {
                ...series("0x40"),
                [`alloy_config_last_load_successful{namespace="${NAMESPACE}",pod="a"}`]: "1x40",
            },
            minute: 30,
        },
    };
}
