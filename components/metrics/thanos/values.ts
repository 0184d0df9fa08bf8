import { TENANT_HEADER } from "../../contracts/tenancy";
import { pullSecrets } from "../../kubernetes/image-pull";
import { hours } from "../../settings/units";
import { cacheConfig } from "./caches";
import { HA_LABELS, OBJECT_STORE_KEY, OBJECT_STORE_SECRET, RELEASE, TENANT_LABEL } from "./names";
import { opensBucket } from "./object-store";
import type { ChartValues } from "./values.gen";
import type { ThanosValuesArgs } from "./values-args";
import { common, replicated } from "./workload";

export function buildThanosValues(args: ThanosValuesArgs): ChartValues {
    const { imageRegistry } = args.platform;
    return {
        fullnameOverride: RELEASE,
        ...pullSecrets(args.platform),
        ...(imageRegistry !== undefined && { image: { repository: `${imageRegistry}/thanos/thanos` } }),
        objstoreConfig: { create: false, name: OBJECT_STORE_SECRET, key: OBJECT_STORE_KEY },
        serviceMonitor: { enabled: true },
        autoGomemlimit: { enabled: true, ratio: 0.9 },
        // Every store gateway has every block: a query asks one of the group, and not each of them for the same.
        storeEndpointGroup: true,
        receive: receive(args),
        query: query(args),
        queryFrontend: queryFrontend(args),
        storeGateway: storeGateway(args),
        compact: compactor(args),
        // It would read rules that are fixed at the install; those of the platform itself are Prometheus'.
        rule: { enabled: false },
    };
}

/** The chart has no startup probe: half an hour for replaying a log, or for reading a bucket's blocks. */
const PATIENT = { livenessProbe: { failureThreshold: 60 }, readinessProbe: { failureThreshold: 20 } };

function receive(args: ThanosValuesArgs): NonNullable<ChartValues["receive"]> {
    const { settings } = args;
    const { limits } = settings;
    return {
        enabled: true,
        replicationFactor: settings.replicationFactor,
        retention: settings.ingestorRetention,
        router: {
            ...replicated("router", args),
            ...UNSCRAPED,
            extraArgs: [
                `--receive.tenant-header=${TENANT_HEADER}`,
                // By hashmod, its default, one ingestor more would move nearly every series.
                "--receive.hashrings-algorithm=ketama",
            ],
        },
        ingestor: {
            ...replicated("ingestor", args),
            ...bucketPod(args),
            ...PATIENT,
            extraArgs: [
                `--receive.tenant-label-name=${TENANT_LABEL}`,
                `--tsdb.max-exemplars=${limits.maxExemplars}`,
                `--tsdb.out-of-order.time-window=${limits.outOfOrder}`,
            ],
            persistence: persistence(args, "ingestor"),
        },
    };
}

/** How long a query may take; Grafana and the gateway wait a little longer. */
export const QUERY_TIMEOUT_SECONDS = 120;

function query(args: ThanosValuesArgs): NonNullable<ChartValues["query"]> {
    const { settings } = args;
    return {
        ...replicated("query", args),
        ...UNSCRAPED,
        extraArgs: [
            // Not among the chart's additional labels, which the compactor is told too: to it this is no copy's label.
            `--query.replica-label=${HA_LABELS.replica}`,
            `--query.tenant-header=${TENANT_HEADER}`,
            `--query.tenant-label-name=${TENANT_LABEL}`,
            // Without it the header changes nothing.
            "--query.enforce-tenancy",
            `--query.max-concurrent=${settings.limits.maxConcurrentQueries}`,
            `--query.timeout=${QUERY_TIMEOUT_SECONDS}s`,
            "--store.response-timeout=30s",
            ...(settings.ingest === "sidecar" ? [`--endpoint=${args.sidecars.address}`] : []),
            ...(settings.downsampling ? ["--query.auto-downsampling"] : []),
        ],
    };
}

function queryFrontend(args: ThanosValuesArgs): NonNullable<ChartValues["queryFrontend"]> {
    const { limits } = args.settings;
    return {
        ...replicated("queryFrontend", args),
        ...UNSCRAPED,
        enabled: true,
        extraArgs: [
            `--query-frontend.tenant-header=${TENANT_HEADER}`,
            "--query-range.split-interval=24h",
            // Late samples must not find their place already taken by a cached result.
            `--query-range.response-cache-max-freshness=${Math.max(10, Math.ceil(hours(limits.outOfOrder) * 60))}m`,
            `--query-range.response-cache-config=${cacheConfig(args, "results")}`,
        ],
    };
}

function storeGateway(args: ThanosValuesArgs): NonNullable<ChartValues["storeGateway"]> {
    const { deletionDelay } = args.settings;
    return {
        ...replicated("storeGateway", args),
        ...bucketPod(args),
        ...PATIENT,
        enabled: true,
        extraArgs: [
            `--index-cache.config=${cacheConfig(args, "index")}`,
            `--store.caching-bucket.config=${cacheConfig(args, "chunks")}`,
            // A marked block is still read until what replaces it has surely been found.
            `--ignore-deletion-marks-delay=${Math.round((hours(deletionDelay) / 2) * 60)}m`,
            "--store.enable-index-header-lazy-reader",
            NO_ADMIN,
        ],
        persistence: persistence(args, "storeGateway"),
    };
}

function compactor(args: ThanosValuesArgs): NonNullable<ChartValues["compact"]> {
    const { retention, deletionDelay, downsampling } = args.settings;
    return {
        ...common("compactor", args),
        ...bucketPod(args),
        enabled: true,
        extraArgs: [
            // All alike: samples of a resolution that went first would leave holes for queries that choose it.
            ...["raw", "5m", "1h"].map((resolution) => `--retention.resolution-${resolution}=${retention}`),
            `--delete-delay=${deletionDelay}`,
            ...(downsampling ? [] : ["--downsampling.disable"]),
            NO_ADMIN,
        ],
        persistence: persistence(args, "compactor"),
    };
}

/** Whoever may scrape could mark blocks for deletion otherwise. */
const NO_ADMIN = "--disable-admin-operations";

/** The ServiceMonitor's target: annotations would have other scrapers find it once more. */
const UNSCRAPED = { podAnnotations: { "prometheus.io/scrape": "false" } };

function bucketPod(args: ThanosValuesArgs) {
    const { podAnnotations, ...opens } = opensBucket(args);
    return { podAnnotations: { ...UNSCRAPED.podAnnotations, ...podAnnotations }, ...opens };
}

/** An empty class is the cluster's default; the chart's own would be one of the name `standard`. */
function persistence({ platform, settings }: ThanosValuesArgs, of: keyof typeof settings.volumes) {
    return { enabled: true, storageClass: platform.storageClass ?? "", size: settings.volumes[of] };
}
