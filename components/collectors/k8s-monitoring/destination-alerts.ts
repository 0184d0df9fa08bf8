import type { Rule } from "../../alerts/rule";
import { FURTHER } from "../../contracts/further-destinations";
import { NAMESPACE } from "./names";

/*
 * Whether further destinations take what they are sent. None of it wakes anybody: the stack's own stores have it.
 */

const EXPORTER = "otlp_http/otelcol.exporter.otlphttp.to_elsewhere";
const REMOTE_WRITE = "prometheus.remote_write.to_elsewhere";

/** Signals by their names in the exporters' metrics. */
const QUEUED = {
    spans: { type: "traces", what: "spans" },
    log_records: { type: "logs", what: "lines" },
    metric_points: { type: "metrics", what: "samples" },
} as const;

type Items = keyof typeof QUEUED;

/** The rules of further destinations that are sent to by OTLP, by remote write, or both. */
export function furtherRules(kinds: readonly string[]): Rule[] {
    const items = Object.keys(QUEUED) as Items[];
    return [
        ...(kinds.some((kind) => kind !== "prometheus")
            ? [
                  ...items.flatMap((each) => [refused(each, "send"), refused(each, "enqueue")]),
                  ...items.map((each) => behind(each)),
              ]
            : []),
        ...(kinds.includes("prometheus") ? [samplesRefused, samplesBehind] : []),
    ];
}

/** The destination's name in place of the exporter's; events go by an exporter of their own. */
function byName(series: string, label: string): string {
    return `label_replace(${series}, "destination", "$1", "${label}", ".+[.]to_(.+?)(_events)?")`;
}

const labels = (more: string) => `{namespace="${NAMESPACE}"${more}}`;
const further = (more = "") => labels(`,exporter=~"${FURTHER.exporter}"${more}`);

const REASONS = { send: "it refuses them for good", enqueue: "the queue for it is full" } as const;

function refused(items: Items, step: keyof typeof REASONS): Rule {
    const { what } = QUEUED[items];
    const data = step === "send" ? what : `unqueued ${what}`;
    return losing({
        metric: `otelcol_exporter_${step}_failed_${items}_total`,
        matchers: further(),
        label: "exporter",
        ...{ what, data, reason: REASONS[step], played: `exporter="${EXPORTER}"` },
    });
}

const samplesRefused = losing({
    metric: "prometheus_remote_storage_samples_failed_total",
    matchers: labels(`,component_id=~"${FURTHER.component}"`),
    label: "component_id",
    ...{ what: "samples", data: "written samples", reason: REASONS.send, played: `component_id="${REMOTE_WRITE}"` },
});

function losing(of: {
    readonly metric: string;
    readonly matchers: string;
    readonly label: string;
    readonly what: string;
    readonly data: string;
    readonly reason: string;
    readonly played: string;
}): Rule {
    const { metric, matchers, label, what, data, reason, played } = of;
    const series = `${metric}${labels(`,pod="a",${played}`)}`;
    const says = (name: string, rate: string) =>
        `The destination ${name} has missed ${rate} ${what} a second over 15 minutes: ${reason}. The stack's own stores have them.`;
    return {
        alert: "DestinationLosingData",
        severity: "warning",
        expr: `sum by (namespace, destination) (${byName(`rate(${metric}${matchers}[15m])`, label)}) > 0`,
        for: "10m",
        labels: { data },
        summary: `A further destination misses ${what}`,
        description: says("{{ $labels.destination }}", '{{ $value | printf "%.1f" }}'),
        firing: {
            series: { [series]: "0+60x60" },
            minute: 40,
            labels: { namespace: NAMESPACE, destination: "elsewhere", data },
            says: says("elsewhere", "1.0"),
        },
        silent: { series: { [series]: "7x60" }, minute: 40 },
    };
}

/** A queue that is this full will drop what comes. */
const FULL = 0.5;

/** Away: there is something for it, and nothing of it was sent; the queue of a quiet cluster would take days to fill. */
function behind(items: Items): Rule {
    const { type, what } = QUEUED[items];
    const of = further(`,data_type="${type}"`);
    const size = `otelcol_exporter_queue_size${of}`;
    const filled = `${size} / otelcol_exporter_queue_capacity${of}`;
    const sent = `otelcol_exporter_sent_${items}_total`;
    const away = `${filled} and min_over_time(${size}[15m]) > 0 unless on (namespace, pod, exporter) rate(${sent}${further()}[15m]) > 0`;
    const played = (name: string, more = "") => `${name}${labels(`,pod="a",exporter="${EXPORTER}"${more}`)}`;
    const queue = (bytes: number, sending: string) => ({
        [played("otelcol_exporter_queue_size", `,data_type="${type}"`)]: `${bytes}x60`,
        [played("otelcol_exporter_queue_capacity", `,data_type="${type}"`)]: "1000x60",
        [played(sent)]: sending,
    });
    const says = (name: string, part: string) =>
        `The queue of ${what} for the destination ${name} is ${part} full, and is more than ${FULL * 100} % full or has not got shorter by anything in 15 minutes. What comes after 100 % is lost there; the stack's own stores have it.`;
    const firing = (bytes: number, sending: string, part: string) => ({
        series: queue(bytes, sending),
        minute: 40,
        labels: { namespace: NAMESPACE, destination: "elsewhere", data: what },
        says: says("elsewhere", part),
    });
    return {
        alert: "DestinationBehind",
        severity: "warning",
        expr: `max by (namespace, destination) (${byName(`(${filled} > ${FULL} or ${away})`, "exporter")})`,
        for: "10m",
        labels: { data: what },
        summary: `A further destination does not take the ${what} that it is sent`,
        description: says("{{ $labels.destination }}", "{{ $value | humanizePercentage }}"),
        firing: firing(10, "7x60", "1%"),
        alsoFiring: [firing(600, "0+60x60", "60%")],
        silent: { series: queue(10, "0+60x60"), minute: 40 },
    };
}

const written = (more = "") => labels(`,component_id=~"${FURTHER.component}"${more}`);
const LATE = 600;

const samplesBehind: Rule = {
    alert: "DestinationBehind",
    severity: "warning",
    // Only while there is something for it.
    expr: `max by (namespace, destination) (${byName(
        `(time() - prometheus_remote_storage_queue_highest_sent_timestamp_seconds${written()} > ${LATE} and prometheus_remote_storage_samples_pending${written()} > 0)`,
        "component_id",
    )})`,
    for: "10m",
    labels: { data: "written samples" },
    summary: "A further destination does not take the samples that it is sent",
    description: `The newest sample that the destination {{ $labels.destination }} has is {{ $value | humanizeDuration }} old, more than ${LATE / 60} minutes. After two hours they are lost there; the stack's own metrics store has them.`,
    firing: {
        series: late("0x60"),
        minute: 40,
        labels: { namespace: NAMESPACE, destination: "elsewhere", data: "written samples" },
        says: `The newest sample that the destination elsewhere has is 40m 0s old, more than ${LATE / 60} minutes. After two hours they are lost there; the stack's own metrics store has them.`,
    },
    silent: { series: late("0+60x60"), minute: 40 },
};

function late(sent: string): Record<string, string> {
    const played = labels(`,pod="a",component_id="${REMOTE_WRITE}"`);
    return {
        [`prometheus_remote_storage_queue_highest_sent_timestamp_seconds${played}`]: sent,
        [`prometheus_remote_storage_samples_pending${played}`]: "5x60",
    };
}
