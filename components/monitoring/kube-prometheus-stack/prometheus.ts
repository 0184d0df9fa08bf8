import { PROMETHEUS_RULES, PROMQL_RULES } from "../../contracts/rule-objects";
import { zoneSpread } from "../../kubernetes/placement";
import { resources } from "../../kubernetes/resources";
import { prometheusUrl } from "./names";
import { hours, inHours } from "../../settings/units";
import { blockLabels, sidecarSpec, sidecarValues, uploadsOf } from "./sidecar";
import type { RemoteWrite } from "./remote-write";
import type { ChartValues } from "./values.gen";
import { volumeClaim, type KubePrometheusStackValuesArgs } from "./values-args";
import { kubePrometheusStackReplicated } from "./workloads";

type PrometheusValues = NonNullable<ChartValues["prometheus"]>;

/** Prometheus: scrapes, evaluates the rules of the infrastructure, writes everything to the metrics store. */
export function prometheusValues(args: KubePrometheusStackValuesArgs): PrometheusValues {
    const { platform, settings, metricsStore } = args;
    const { survives } = platform;
    const { replicas, scrapeInterval, samplesPerScrape, retention, retentionSize, volume } = settings.prometheus;
    const small = survives === "nothing";
    const { highAvailability } = metricsStore;
    const spread = zoneSpread(kubePrometheusStackReplicated.prometheus, survives);
    return {
        ...sidecarValues(args),
        // Not maxUnavailable: the chart would merge it with its own minAvailable, and the API refuses both.
        podDisruptionBudget: { enabled: replicas > 1, minAvailable: 1 },
        // The replicas differ a little: one reader stays with one of them.
        service: { sessionAffinity: replicas > 1 ? "ClientIP" : "None" },
        prometheusSpec: {
            replicas,
            // A metrics store that elects one replica of the pair would drop the other shards.
            shards: 1,
            externalLabels: {
                cluster: platform.cluster,
                ...uploadsOf(args)?.labels,
                ...(highAvailability.pair !== undefined && { [highAvailability.cluster]: highAvailability.pair }),
            },
            // The operator would put the pair's name in this cluster over it.
            ...(highAvailability.pair === undefined
                ? { prometheusExternalLabelName: highAvailability.cluster }
                : { prometheusExternalLabelNameClear: true }),
            replicaExternalLabelName: highAvailability.replica,
            podAntiAffinity: small ? "" : "hard",
            ...(spread && { topologySpreadConstraints: spread }),
            ...platform.scheduling,
            scrapeInterval,
            evaluationInterval: scrapeInterval,
            serviceDiscoveryRole: "EndpointSlice",
            ...everyMonitor,
            // Where the metrics store is in another cluster, no ruler before it reads what is left to it.
            ruleSelector: metricsStore.ruleQueries === undefined ? PROMQL_RULES : PROMETHEUS_RULES,
            enableFeatures: ["exemplar-storage"],
            exemplars: { maxSize: small ? 10_000 : 100_000 },
            // Prometheus 3 takes nothing from exporters that do not say what they send, as many plain ones do.
            scrapeClasses: [{ name: "default", default: true, fallbackScrapeProtocol: "PrometheusText0.0.4" }],
            scrapeNativeHistograms: true,
            // Else a histogram that a store offers in both forms would have no _bucket and no _count, which rules and dashboards read.
            scrapeClassicHistograms: true,
            // No monitor can ask for more. As a text: Helm writes a million as 1e+06, which the API server refuses.
            ...(samplesPerScrape !== undefined && { enforcedSampleLimit: String(samplesPerScrape) }),
            retention,
            // Prometheus writes the same binary units with a B.
            retentionSize: `${retentionSize}B`,
            ...(metricsStore.offline !== undefined && { additionalArgs: keptUnsent(metricsStore.offline) }),
            ...sidecarSpec(args, small),
            storageSpec: volumeClaim(volume, platform.storageClass),
            resources: small ? resources("50m", "400Mi", "1Gi") : resources("500m", "2Gi", "4Gi"),
            // It has no login, so nothing outside the cluster reaches it.
            externalUrl: prometheusUrl,
            remoteWrite: [
                ...storeWrites(args, small),
                ...settings.prometheus.remoteWrite.map((write) => outside(write, blockLabels(args))),
            ],
        },
    };
}

/** To each store that sidecars bring no blocks. */
function storeWrites(args: KubePrometheusStackValuesArgs, small: boolean) {
    const stores = { "metrics-store": args.metricsStore, "second-metrics-store": args.secondMetricsStore };
    return Object.entries(stores).flatMap(([name, store]) =>
        store === undefined || store.uploads !== undefined ? [] : [toStore(name, store, blockLabels(args), small)],
    );
}

/** A store of the platform: each has a queue of its own, so that one that is away holds up no other. */
function toStore(
    name: string,
    { push, tenancy, highAvailability, exemplars, nativeHistograms }: KubePrometheusStackValuesArgs["metricsStore"],
    dropped: readonly string[],
    small: boolean,
) {
    const labels = [...dropped, ...(highAvailability.dropReplica === "sender" ? [highAvailability.replica] : [])];
    const headers = tenancy.headers(tenancy.tenant);
    return {
        name,
        url: push.url,
        ...(Object.keys(headers).length > 0 && { headers }),
        sendExemplars: exemplars,
        sendNativeHistograms: nativeHistograms,
        // Relabelled after the external labels are put on.
        ...(labels.length > 0 && { writeRelabelConfigs: labels.map((regex) => ({ regex, action: "labeldrop" })) }),
        queueConfig: small ? { maxShards: 4 } : productionQueue,
    };
}

/**
 * Arguments with which unsent samples outlast a time without the store. What is unsent is read from the write-ahead log, of
 * which each cut of a block takes the older two thirds, sent or not: half a block's time is left. And who then finds its place
 * gone goes on with the newest sample alone. The agent cuts its log alike, whatever age it is told to keep.
 * https://github.com/prometheus/prometheus/blob/v3.14.0/tsdb/head.go (truncateWAL), tsdb/wlog/watcher.go (loop)
 */
function keptUnsent(offline: string) {
    const value = inHours(2 * hours(offline));
    return ["storage.tsdb.min-block-duration", "storage.tsdb.max-block-duration"].map((name) => ({ name, value }));
}

/** A third system. Its credentials are in a Secret that the operator reads, so that no value holds them. */
function outside({ name, url, auth, headers, keep }: RemoteWrite, dropped: readonly string[]): Record<string, unknown> {
    const relabelled = [
        ...dropped.map((regex) => ({ regex, action: "labeldrop" })),
        ...(keep === undefined ? [] : [{ sourceLabels: ["__name__"], regex: keep, action: "keep" }]),
    ];
    return {
        name,
        url,
        ...(headers && { headers }),
        ...(auth.kind === "basic" && {
            basicAuth: {
                username: { name: auth.secret, key: "username" },
                password: { name: auth.secret, key: "password" },
            },
        }),
        ...(auth.kind === "bearer" && {
            authorization: { type: "Bearer", credentials: { name: auth.secret, key: "token" } },
        }),
        ...(relabelled.length > 0 && { writeRelabelConfigs: relabelled }),
        sendExemplars: true,
        // A slow one far away must not take the memory that the metrics store's queue needs.
        queueConfig: { maxShards: 10 },
    };
}

/** Every monitor and rule of every namespace, whoever made it: the chart's default are those of its own release. */
const everyMonitor = {
    serviceMonitorSelectorNilUsesHelmValues: false,
    podMonitorSelectorNilUsesHelmValues: false,
    ruleSelectorNilUsesHelmValues: false,
    probeSelectorNilUsesHelmValues: false,
    scrapeConfigSelectorNilUsesHelmValues: false,
};

/** Room to catch up after the metrics store was away, and patience while it says that it has too much to do. */
const productionQueue = {
    capacity: 10_000,
    maxSamplesPerSend: 2000,
    maxShards: 50,
    minBackoff: "100ms",
    maxBackoff: "10s",
    retryOnRateLimit: true,
};
