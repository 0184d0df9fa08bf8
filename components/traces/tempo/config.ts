import { inMib, MESSAGE, PUSH } from "../../contracts/push-sizes";
import type { MetricsSink } from "../../contracts/metrics-store";
import type { BucketAccess, ObjectStore } from "../../contracts/object-store";
import { ofTenant } from "../../settings/overrides";
import type { PlatformSettings } from "../../settings/platform";
import { byteCount, goDuration, queryWindow } from "../../settings/units";
import { CANARY, S3_SECRET } from "./names";
import type { TempoSettings, TempoTenant } from "./settings";

/** What the values of either chart are made of. */
export interface TempoValuesArgs {
    readonly platform: PlatformSettings;
    readonly settings: TempoSettings;
    /** Tenants beside the platform's own. */
    readonly tenants: Readonly<Record<string, TempoTenant>>;
    readonly objectStore: Pick<ObjectStore, "endpoint" | "region" | "tls" | "pathStyle">;
    readonly metricsStore: Pick<MetricsSink, "push" | "tenancy" | "exemplars">;
    readonly access: BucketAccess;
}

/**
 * Where blocks go. The key pair comes from the environment, so it is not in here.
 * Tempo refuses to start on a key that it does not know: these are its own spellings.
 */
export function traceStorage({ settings, objectStore }: TempoValuesArgs) {
    return {
        backend: "s3",
        s3: {
            bucket: settings.buckets.traces,
            endpoint: objectStore.endpoint,
            region: objectStore.region,
            insecure: !objectStore.tls,
            forcepathstyle: objectStore.pathStyle,
        },
    };
}

/** What the receivers of spans take at once: they do not go by the server's sizes, and over gRPC begin with 4 MiB. */
export const otlpReceivers = {
    grpc: { max_recv_msg_size_mib: inMib(PUSH) },
    http: { max_request_body_size: PUSH },
};

/** Between Tempo's parts: a push shared out, and a whole trace that is read. */
export function messageSizes({ settings }: TempoValuesArgs) {
    const size = Math.max(MESSAGE, 2 * byteCount(settings.limits.traceSize));
    return { grpc_server_max_recv_msg_size: size, grpc_server_max_send_msg_size: size };
}

/** Limits, and what the metrics generator makes: without this list it makes nothing. */
export function overrides({ settings }: TempoValuesArgs) {
    return { defaults: limitsOf(settings) };
}

/** What Tempo reads again while it runs. A tenant named here has none of the defaults, so that all is written out. */
export function tenantOverrides({ settings, tenants }: TempoValuesArgs) {
    if (!settings.multitenancy || Object.keys(tenants).length === 0) return {};
    const overrides = Object.entries(tenants).map(([name, own]) => [
        name,
        {
            ...limitsOf(ofTenant(settings, own)),
            ...(own.retention !== undefined && { compaction: { block_retention: goDuration(own.retention) } }),
        },
    ]);
    return { per_tenant_overrides: Object.fromEntries(overrides) as Record<string, object> };
}

function limitsOf({ limits, retention }: TempoSettings) {
    // Tempo's own limits are a week for searches and three hours for metrics of spans: what is kept may be asked for.
    const window = queryWindow(retention);
    return {
        read: { max_search_duration: window, max_metrics_duration: window },
        global: { max_bytes_per_trace: byteCount(limits.traceSize) },
        ingestion: {
            rate_limit_bytes: byteCount(limits.ingestRate),
            burst_size_bytes: byteCount(limits.ingestBurst),
            max_traces_per_user: limits.liveTraces,
        },
        metrics_generator: {
            processors: ["local-blocks", "service-graphs", "span-metrics"],
            max_active_series: limits.generatedSeries,
        },
    };
}

/**
 * Blocks of the metrics generator in the object store: TraceQL metrics over past hours read these and no others.
 * The canary's spans have 99 names, each of which would be nineteen series in every generator. Those with one digit
 * stay: they show that metrics are made of spans, also where nobody else sends any.
 */
export const generatorProcessors = {
    local_blocks: { filter_server_spans: false, flush_to_storage: true },
    span_metrics: {
        filter_policies: [
            {
                exclude: {
                    match_type: "regex",
                    attributes: [
                        { key: "resource.service.name", value: `^${CANARY}` },
                        { key: "name", value: "^vulture-[0-9][0-9]" },
                    ],
                },
            },
        ],
    },
};

/** Tells generated series from those of applications. */
export function generatorRegistry({ platform }: TempoValuesArgs) {
    return { external_labels: { cluster: platform.cluster, source: "tempo" } };
}

/** With tenants Tempo sends that of the spans; without it sends none, and the metrics store refuses what has none. */
export function remoteWrite({ metricsStore, settings }: TempoValuesArgs) {
    const { push, tenancy, exemplars } = metricsStore;
    const headers = settings.multitenancy ? {} : { headers: tenancy.headers(tenancy.tenant) };
    return [{ url: push.url, ...headers, send_exemplars: exemplars }];
}

/** Environment of the pods that open the object store. */
export function storeEnvironment({ access }: TempoValuesArgs) {
    return access.rotation === undefined ? [] : [{ secretRef: { name: S3_SECRET } }];
}

/** Alive while it serves at all. The charts ask /ready, which kills an ingester in the midst of a long replay. */
export const livenessPath = "/status/version";
