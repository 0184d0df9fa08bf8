import { z } from "zod";
import type { Survives } from "../../kubernetes/placement";
import type { PlatformSettings } from "../../settings/platform";
import type { Slice } from "../../settings/slice";
import {
    chartValues,
    describe,
    dnsLabel,
    duration,
    flag,
    quantity,
    replicas,
    span,
    volumeSize,
    whole,
} from "../../settings/types";
import { byteCount, mebibytes } from "../../settings/units";
import { problem, type SettingsProblem } from "../../settings/problem";
import { ask } from "../../settings/readable";
import { fewest, replicaRules } from "../../settings/replicas";
import { switchedOff, unused } from "../../settings/unused";
import { remoteWriteRules, remoteWrites } from "./remote-write";
import { AT, kubePrometheusStackReplicated } from "./workloads";
import { valuesRules } from "../../settings/chart-keys";
import { valuesConfigs } from "./values-configs";
import { chartKeys } from "./values-keys.gen";

const volume = (description: string) =>
    describe(volumeSize, { description, immutable: "the operator makes the volume once and does not grow it" });

/** Prometheus, Alertmanager, the ruler, and values of everything in the chart. */
export const kubePrometheusStackSettings = z.strictObject({
    prometheus: z.strictObject({
        replicas: describe(replicas, {
            description: "Prometheus servers, each scraping everything; the metrics store keeps one copy.",
        }),
        scrapeInterval: describe(span("1s", "2m", "30s"), {
            description: "Time between two scrapes of a target: a series is stale after 5 minutes without a sample.",
        }),
        samplesPerScrape: describe(whole(1000, 10_000_000, "50000"), {
            description:
                "Samples that one target may have: of a target with more nothing is kept, and an alert names its namespace. No limit if absent. kube-state-metrics is a target too, with some 50 for each pod of the cluster.",
        }).optional(),
        retention: describe(duration, {
            description: "How long Prometheus keeps samples itself; the metrics store keeps the history.",
        }),
        retentionSize: describe(quantity("256Mi", "64Ti", "40Gi"), {
            description: "Size of Prometheus' own samples at which the oldest go, whatever their age.",
        }),
        volume: volume("Volume of each Prometheus."),
        remoteWrite: remoteWrites,
        federateTo: describe(z.array(dnsLabel), {
            description: "Namespaces whose Prometheus may read this pair's `/federate`. The whole API is open to them.",
            allowed: "a list of namespaces",
            example: "[team-metrics]",
        }),
    }),
    alertmanager: z.strictObject({
        replicas: describe(replicas, { description: "Alertmanagers, which agree on what was sent." }),
        volume: volume("Volume of each Alertmanager: silences and what was sent."),
    }),
    ruler: z.strictObject({
        replicas: describe(replicas, {
            description:
                "Rulers of PrometheusRule objects with the label observability-platform/rules: metrics: each evaluates all of them on the metrics store, which keeps the results of one.",
        }),
    }),
    definitions: describe(flag, {
        description:
            "Install the definitions of monitoring.coreos.com. Off where the cluster has them from elsewhere, as OpenShift has: whoever made them keeps them, and charts find them there.",
        immutable: "their release goes, and with definitions that are not kept every object of their kinds",
    }),
    controlPlaneMetrics: describe(flag, {
        description:
            "Scrape etcd, scheduler, controller manager and kube-proxy. Off where the provider hides them: their alerts would fire for ever.",
    }),
    values: chartValues,
});

export type KubePrometheusStackSettings = z.infer<typeof kubePrometheusStackSettings>;

export function kubePrometheusStackDefaults(survives: Survives): KubePrometheusStackSettings {
    const { prometheus, alertmanager, ruler } = fewest(kubePrometheusStackReplicated, survives);
    const toNobody = { remoteWrite: [], federateTo: [] };
    const common = { definitions: true, controlPlaneMetrics: false, values: {} };
    if (survives === "nothing") {
        return {
            prometheus: {
                replicas: prometheus,
                scrapeInterval: "60s",
                retention: "6h",
                retentionSize: "4Gi",
                volume: "5Gi",
                ...toNobody,
            },
            alertmanager: { replicas: alertmanager, volume: "1Gi" },
            ruler: { replicas: ruler },
            ...common,
        };
    }
    return {
        prometheus: {
            replicas: prometheus,
            scrapeInterval: "30s",
            retention: "24h",
            retentionSize: "40Gi",
            volume: "50Gi",
            ...toNobody,
        },
        alertmanager: { replicas: alertmanager, volume: "2Gi" },
        ruler: { replicas: ruler },
        ...common,
    };
}

/** Share of a volume that samples may fill: the rest is for the write-ahead log and for compaction. */
const RETENTION_SHARE = 0.9;

export function kubePrometheusStackRules(
    settings: KubePrometheusStackSettings,
    platform: Pick<PlatformSettings, "survives" | "networkPolicies">,
): SettingsProblem[] {
    const counted = kubePrometheusStackReplicated;
    return ask(
        () => replicaRules(counted, { prometheus: settings.prometheus.replicas }, platform.survives),
        () => replicaRules(counted, { alertmanager: settings.alertmanager.replicas }, platform.survives),
        () => replicaRules(counted, { ruler: settings.ruler.replicas }, platform.survives),
        () => sizeRules(settings),
        () => federationRules(settings, platform),
        () => remoteWriteRules(settings.prometheus.remoteWrite, `${AT}.prometheus.remoteWrite`),
        () => valuesRules(`${AT}.values`, settings.values, chartKeys, valuesConfigs),
    );
}

/** Whom the network policies let in. */
function federationRules(
    { prometheus: { federateTo } }: KubePrometheusStackSettings,
    { networkPolicies }: Pick<PlatformSettings, "networkPolicies">,
): SettingsProblem[] {
    if (networkPolicies || federateTo.length === 0) return [];
    return [unused(`${AT}.prometheus.federateTo`, federateTo, switchedOff("networkPolicies"))];
}

function sizeRules({ prometheus }: KubePrometheusStackSettings): SettingsProblem[] {
    const { retentionSize, volume: size } = prometheus;
    if (byteCount(retentionSize) < RETENTION_SHARE * byteCount(size)) return [];
    return [
        problem(
            `${AT}.prometheus.retentionSize`,
            retentionSize,
            `less than ${RETENTION_SHARE * 100} % of prometheus.volume (${size}): the rest is for the write-ahead log and for compaction`,
            `retentionSize: ${mebibytes(size, 1 / 0.8)}Mi, or a greater volume`,
        ),
    ];
}

export const kubePrometheusStackSlice: Slice<typeof kubePrometheusStackSettings> = {
    schema: kubePrometheusStackSettings,
    defaults: kubePrometheusStackDefaults,
    rules: kubePrometheusStackRules,
};
