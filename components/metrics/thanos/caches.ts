import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { stringify } from "yaml";
import { pullSecrets } from "../../kubernetes/image-pull";
import { hostAntiAffinity, zoneSpread } from "../../kubernetes/placement";
import { restrictedContainer, restrictedPod } from "../../kubernetes/pod-security";
import { PATIENT } from "../../kubernetes/probes";
import { resources } from "../../kubernetes/resources";
import type { PlatformSettings } from "../../settings/platform";
import { byteCount } from "../../settings/units";
import { CACHE_PORT, cacheAddress, CACHES, NAMESPACE, podLabels, PORTS, type CacheUse } from "./names";
import type { ThanosSettings } from "./settings";
import { thanosCaches } from "./workloads";

/** The image that Loki's caches run too, and the exporter of Cortex'. */
const MEMCACHED_IMAGE = "library/memcached:1.6.45-alpine";
const EXPORTER_IMAGE = "prom/memcached-exporter:v0.16.0";
/** User of both images' processes, by memcached's. */
const USER = 11211;
/** Part of the label by which the monitor finds the Services. */
const PART = { "app.kubernetes.io/part-of": "thanos-caches" };

const ITEM = 2 ** 20;
const mebibytes = (memory: string) => byteCount(memory) / 2 ** 20;

interface Args {
    readonly platform: PlatformSettings;
    readonly settings: Pick<ThanosSettings, "caches">;
}

/**
 * A cache as one argument: memcached, or the pod's own memory where there is none. What memcached has is of all pods, and
 * is not read from the object store again after a restart. https://thanos.io/tip/components/store.md/#memcached-index-cache
 */
export function cacheConfig({ settings: { caches } }: Pick<Args, "settings">, use: CacheUse): string {
    if (caches.enabled) {
        const config = { addresses: [cacheAddress(use)], max_item_size: `${ITEM / 2 ** 20}MiB`, ...BUFFERS[use] };
        return stringify({ type: "MEMCACHED", config });
    }
    const memory = mebibytes(caches[use]);
    // Of results each is small; of blocks, one item may take half of the cache.
    const largest = use === "results" ? {} : { max_item_size: `${memory / 2}MiB` };
    return stringify({ type: "IN-MEMORY", config: { max_size: `${memory}MiB`, ...largest } });
}

/** A wide query of old blocks writes tens of thousands of chunks at once: what does not fit into the queue is not cached. */
const BUFFERS: Readonly<Record<CacheUse, Record<string, number>>> = {
    results: {},
    index: { max_async_buffer_size: 100_000, max_get_multi_batch_size: 100 },
    chunks: { max_async_buffer_size: 100_000, max_get_multi_batch_size: 100 },
};

/** The three memcached, which the chart does not have; none where each pod caches for itself. */
export function makeCaches(
    args: Args & { readonly monitoringCrds: readonly pulumi.Resource[] },
    opts: Omit<pulumi.CustomResourceOptions, "dependsOn"> & { readonly dependsOn: pulumi.Resource[] },
): void {
    if (!args.settings.caches.enabled) return;
    for (const use of Object.keys(CACHES) as CacheUse[]) makeCache(use, args, opts);
    const spec = { selector: { matchLabels: PART }, endpoints: [{ port: "metrics" }] };
    new k8s.apiextensions.CustomResource(
        "thanos-caches",
        {
            apiVersion: "monitoring.coreos.com/v1",
            kind: "ServiceMonitor",
            metadata: { name: "thanos-caches", namespace: NAMESPACE },
            spec,
        },
        { ...opts, dependsOn: [...opts.dependsOn, ...args.monitoringCrds] },
    );
}

function makeCache(use: CacheUse, args: Args, opts: pulumi.CustomResourceOptions): void {
    const name = CACHES[use];
    const labels = podLabels(name);
    const metadata = { name, namespace: NAMESPACE, labels };
    // Names in Pulumi say whose the cache is.
    const own = `thanos-${name}`;
    new k8s.core.v1.Service(
        own,
        {
            metadata: {
                ...metadata,
                labels: { ...labels, ...PART },
                // It comes before the pods behind it.
                annotations: { "pulumi.com/skipAwait": "true" },
            },
            spec: {
                clusterIP: "None",
                selector: labels,
                ports: [
                    { name: CACHE_PORT, port: PORTS.cache },
                    { name: "metrics", port: PORTS.cacheMetrics },
                ],
            },
        },
        opts,
    );
    if (args.settings.caches.replicas > 1) {
        new k8s.policy.v1.PodDisruptionBudget(
            own,
            { metadata, spec: { maxUnavailable: 1, selector: { matchLabels: labels } } },
            opts,
        );
    }
    new k8s.apps.v1.StatefulSet(own, { metadata, spec: cacheSpec(use, args) }, opts);
}

/** The StatefulSet's spec: names that last, and no volumes. Pure. */
export function cacheSpec(use: CacheUse, { platform, settings }: Args): k8s.types.input.apps.v1.StatefulSetSpec {
    const { replicas, [use]: memory } = settings.caches;
    const alike = thanosCaches[use];
    const labels = { ...alike.labels };
    const affinity = hostAntiAffinity(labels, platform.survives);
    const spread = zoneSpread(alike, platform.survives);
    return {
        serviceName: CACHES[use],
        replicas,
        podManagementPolicy: "Parallel",
        selector: { matchLabels: labels },
        template: {
            // The ServiceMonitor's target: annotations would have other scrapers find it once more.
            metadata: { labels, annotations: { "prometheus.io/scrape": "false" } },
            spec: {
                ...platform.scheduling,
                ...pullSecrets(platform),
                ...(affinity && { affinity }),
                ...(spread && { topologySpreadConstraints: spread }),
                automountServiceAccountToken: false,
                enableServiceLinks: false,
                securityContext: restrictedPod(USER),
                containers: containers(platform.imageRegistry ?? "docker.io", mebibytes(memory)),
            },
        },
    };
}

function containers(registry: string, megabytes: number): k8s.types.input.core.v1.Container[] {
    const probe = { tcpSocket: { port: CACHE_PORT }, periodSeconds: 10 };
    return [
        {
            name: "memcached",
            image: `${registry}/${MEMCACHED_IMAGE}`,
            // An item has its key and a header beside what clients count.
            args: [`--memory-limit=${megabytes}`, `--max-item-size=${2 * ITEM}`, "--conn-limit=4096"],
            ports: [{ name: CACHE_PORT, containerPort: PORTS.cache }],
            readinessProbe: { ...probe, periodSeconds: 5 },
            livenessProbe: { ...probe, ...PATIENT },
            // Its memory holds the values only: connections and hash table come on top.
            resources: resources("50m", `${Math.ceil(megabytes * 1.125)}Mi`, `${Math.ceil(megabytes * 1.25) + 128}Mi`),
            securityContext: restrictedContainer(),
        },
        {
            name: "exporter",
            image: `${registry}/${EXPORTER_IMAGE}`,
            args: [`--memcached.address=localhost:${PORTS.cache}`, `--web.listen-address=:${PORTS.cacheMetrics}`],
            ports: [{ name: "metrics", containerPort: PORTS.cacheMetrics }],
            livenessProbe: { httpGet: { path: "/", port: "metrics" }, ...PATIENT, periodSeconds: 10 },
            resources: resources("10m", "32Mi", "64Mi"),
            securityContext: restrictedContainer(),
        },
    ];
}
