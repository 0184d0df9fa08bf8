import { ofStore, orZero, type Rule } from "../../alerts/rule";
import { dataRejected, flushFailing, readsFailing, ringRules } from "../../alerts/store-rules";
import { FURTHER } from "../../contracts/further-destinations";
import { COLLECTORS } from "../../kubernetes/namespaces";
import { canaryRules } from "./canary-alerts";
import { NAMESPACE } from "./names";
import { spanMetricsRules } from "./span-metrics-alerts";

const TEMPO = { store: "Tempo", namespace: NAMESPACE, prefix: "tempo" } as const;

export interface TempoFacts {
    readonly replicationFactor: number;
    readonly compactors: number;
}

/** Tempo, its canary, and the metrics that it makes of spans. */
export function tempoRules({ replicationFactor, compactors }: TempoFacts): Rule[] {
    return ofStore("traces", [
        ingestionStopped,
        writesFailing,
        dataRejected({
            ...TEMPO,
            what: "spans",
            rejected: "tempo_discarded_spans_total",
            received: "tempo_distributor_spans_received_total",
            label: "tenant",
        }),
        ...ringRules({ ...TEMPO, replicationFactor }),
        readsFailing({ ...TEMPO, routes: 'route=~"api_.+"', example: "api_search" }),
        flushFailing("Tempo", NAMESPACE, "tempo_ingester_failed_flushes_total", "flushes of blocks"),
        compactionStuck(compactors),
        retentionStuck,
        blocklistStale,
        ...canaryRules,
        ...spanMetricsRules,
    ]);
}

const accepted = `otelcol_receiver_accepted_spans_total{namespace="${COLLECTORS}"`;
const sent = `otelcol_exporter_sent_spans_total{namespace="${COLLECTORS}"`;
/** Where traces are sampled, receivers send to samplers first; and some go elsewhere as well. */
const toTempo = `${sent},exporter!~".*loadbalancing.*",exporter!~"${FURTHER.exporter}"}`;
const exporter = "otlp/otelcol.exporter.otlp.tempo";

/**
 * A quiet cluster sends no spans: only what the collectors took and did not get rid of is wrong. What arrives at Tempo
 * says nothing of that, since the canary's spans do too.
 */
const ingestionStopped: Rule = {
    alert: "TracesIngestionStopped",
    severity: "critical",
    expr: `sum(rate(${accepted}}[5m])) > 0 unless ${orZero(`sum(rate(${toTempo}[5m]))`)} > 0`,
    for: "10m",
    labels: { namespace: NAMESPACE },
    summary: "Tempo takes no spans from the collectors, though applications send some",
    description:
        'The collectors take {{ $value | printf "%.1f" }} spans a second, and Tempo has taken none of them for 10 minutes. The queues of the collectors keep some minutes of them; the rest is lost.',
    firing: {
        series: {
            [`${accepted},pod="a"}`]: "0+600x30",
            [`${sent},pod="a",exporter="loadbalancing/otelcol.exporter.loadbalancing.tempo_sampler"}`]: "0+600x30",
            [`${sent},pod="a",exporter="otlp/otelcol.exporter.otlp.to_elsewhere"}`]: "0+600x30",
            [`${sent},pod="b",exporter="${exporter}"}`]: "5x30",
        },
        minute: 25,
        labels: { namespace: NAMESPACE },
        says: "The collectors take 10.0 spans a second, and Tempo has taken none of them for 10 minutes. The queues of the collectors keep some minutes of them; the rest is lost.",
    },
    silent: {
        series: { [`${accepted},pod="a"}`]: "0+600x30", [`${sent},pod="a",exporter="${exporter}"}`]: "0+600x30" },
        minute: 25,
    },
};

const REFUSED = 0.01;
const receiver = (what: string) =>
    `tempo_receiver_${what}_spans{namespace="${NAMESPACE}",pod="a",receiver="otlp/otlp_receiver",transport="grpc"}`;
const rate = (what: string) => `sum by (namespace) (rate(tempo_receiver_${what}_spans{namespace="${NAMESPACE}"}[5m]))`;

/** Spans come in beside the HTTP server that counts requests, so the receivers' own counts say how it goes. */
const writesFailing: Rule = {
    alert: "WritesFailing",
    severity: "critical",
    expr: `${rate("refused")} / (${rate("refused")} + ${rate("accepted")}) > ${REFUSED}`,
    for: "5m",
    summary: "Tempo fails to take what is sent to it",
    description: `{{ $value | humanizePercentage }} of the spans sent to Tempo were refused over 5 minutes, more than ${REFUSED * 100} %. Senders retry for a while; what they cannot keep is lost.`,
    firing: {
        series: { [receiver("refused")]: "0+10x40", [receiver("accepted")]: "0+90x40" },
        minute: 30,
        labels: { namespace: NAMESPACE },
        says: "10% of the spans sent to Tempo were refused over 5 minutes, more than 1 %. Senders retry for a while; what they cannot keep is lost.",
    },
    silent: { series: { [receiver("refused")]: "0x40", [receiver("accepted")]: "0+90x40" }, minute: 30 },
};

const OUTSTANDING_EACH = 100;

/** Blocks that wait for each compactor: upstream's own mixin warns at a hundred. */
function compactionStuck(compactors: number): Rule {
    const limit = OUTSTANDING_EACH * compactors;
    const series = `tempodb_compaction_outstanding_blocks{namespace="${NAMESPACE}",pod="a",tenant="single-tenant"}`;
    return {
        alert: "CompactionStuck",
        severity: "warning",
        expr: `sum by (namespace, tenant) (tempodb_compaction_outstanding_blocks{namespace="${NAMESPACE}"}) > ${limit}`,
        for: "6h",
        summary: "Compaction of Tempo does not keep up",
        description: `{{ $value }} blocks wait for compaction, for 6 hours more than ${limit} (${OUTSTANDING_EACH} for each compactor). Searches over days get slower.`,
        firing: {
            series: { [series]: `${limit + 1}x500` },
            minute: 480,
            labels: { namespace: NAMESPACE, tenant: "single-tenant" },
            says: `${limit + 1} blocks wait for compaction, for 6 hours more than ${limit} (${OUTSTANDING_EACH} for each compactor). Searches over days get slower.`,
        },
        silent: { series: { [series]: `${limit + 1}x60 ${limit - 1}x500` }, minute: 480 },
    };
}

const errors = (metric: string, labels = "") => `${metric}{namespace="${NAMESPACE}",pod="a"${labels}}`;

const retentionStuck: Rule = {
    alert: "RetentionStuck",
    severity: "warning",
    expr: `sum by (namespace) (increase(tempodb_retention_errors_total{namespace="${NAMESPACE}"}[1h])) > 0`,
    for: "2h",
    summary: "Retention of Tempo does not get done",
    description:
        '{{ $value | printf "%.0f" }} deletions of old blocks of Tempo failed within an hour, and for two hours some always did. Traces past their retention stay, and the object store fills.',
    firing: {
        series: { [errors("tempodb_retention_errors_total")]: "0+1x240" },
        minute: 200,
        labels: { namespace: NAMESPACE },
        says: "60 deletions of old blocks of Tempo failed within an hour, and for two hours some always did. Traces past their retention stay, and the object store fills.",
    },
    silent: { series: { [errors("tempodb_retention_errors_total")]: "0x60 1x180" }, minute: 200 },
};

const blocklistStale: Rule = {
    alert: "TraceBlocklistStale",
    severity: "warning",
    expr: `sum by (namespace) (increase(tempodb_blocklist_poll_errors_total{namespace="${NAMESPACE}"}[15m])) > 0`,
    for: "30m",
    summary: "Queriers of Tempo do not learn of new blocks",
    description:
        '{{ $value | printf "%.0f" }} polls of the list of blocks failed within 15 minutes, and for half an hour some always did. Traces that have left the ingesters since are not found.',
    firing: {
        series: { [errors("tempodb_blocklist_poll_errors_total", ',tenant="single-tenant"')]: "0+1x90" },
        minute: 80,
        labels: { namespace: NAMESPACE },
        says: "15 polls of the list of blocks failed within 15 minutes, and for half an hour some always did. Traces that have left the ingesters since are not found.",
    },
    silent: {
        series: { [errors("tempodb_blocklist_poll_errors_total", ',tenant="single-tenant"')]: "0x30 1x60" },
        minute: 80,
    },
};
