import type { Rule } from "../../alerts/rule";
import { NAMESPACE } from "./names";

/** The collectors, through which logs and traces come in. */
export function collectorRules(): Rule[] {
    return [
        losing({
            what: "lines",
            metric: "loki_write_dropped_entries_total",
            reason: "{{ $labels.reason }}",
            by: ", reason",
            labels: { reason: "ingester_error" },
        }),
        losing({
            what: "spans",
            metric: "otelcol_exporter_send_failed_spans_total",
            reason: "sending failed for good",
            by: "",
            labels: {},
        }),
        queueFilling(),
        unhealthy(),
    ];
}

function losing(args: {
    what: string;
    metric: string;
    reason: string;
    by: string;
    labels: Readonly<Record<string, string>>;
}): Rule {
    const { what, metric, reason, by, labels } = args;
    const given = Object.entries(labels).map(([name, value]) => `,${name}="${value}"`);
    const series = `${metric}{namespace="${NAMESPACE}",pod="a"${given.join("")}}`;
    const said = (rate: string, why: string) =>
        `The collectors have dropped ${rate} ${what} a second over 15 minutes (${why}), where none should be. They are lost.`;
    return {
        alert: "CollectorLosingData",
        severity: "critical",
        expr: `sum by (namespace${by}) (rate(${metric}{namespace="${NAMESPACE}"}[15m])) > 0`,
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

/** Sending is slower than what comes in: late now, lost when the queue is full. */
function queueFilling(): Rule {
    const size = `otelcol_exporter_queue_size{namespace="${NAMESPACE}"`;
    const capacity = `otelcol_exporter_queue_capacity{namespace="${NAMESPACE}"`;
    const filled = (part: number) => ({ [`${size},pod="a"}`]: `${part}x40`, [`${capacity},pod="a"}`]: "1000x40" });
    return {
        alert: "CollectorQueueFilling",
        severity: "warning",
        expr: `max by (namespace, pod) (${size}}) / max by (namespace, pod) (${capacity}}) > ${FULL}`,
        for: "10m",
        summary: "A collector receives more than it can send on",
        description: `The sending queue of {{ $labels.pod }} is {{ $value | humanizePercentage }} full, for 10 minutes more than ${FULL * 100} %. What comes after 100 % is lost.`,
        firing: {
            series: filled(900),
            minute: 30,
            labels: { namespace: NAMESPACE, pod: "a" },
            says: "The sending queue of a is 90% full, for 10 minutes more than 80 %. What comes after 100 % is lost.",
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
