import { z } from "zod";
import type { Survives } from "../../kubernetes/placement";
import type { PlatformSettings } from "../../settings/platform";
import type { Slice } from "../../settings/slice";
import { bytes, chartValues, describe, dnsLabel, duration, flag, replicas } from "../../settings/types";
import { byteCount, hours, mebibytes } from "../../settings/units";
import { problem, type SettingsProblem } from "../../settings/problem";
import { fewest, replicaRules } from "../../settings/replicas";
import { remoteWriteRules, remoteWrites } from "./remote-write";
import { AT, kubePrometheusStackReplicated } from "./workloads";

const volume = (description: string) =>
    describe(bytes, { description, immutable: "the operator makes the volume once and does not grow it" });

/** Prometheus, Alertmanager, and values of everything in the chart. */
export const kubePrometheusStackSettings = z.strictObject({
    prometheus: z.strictObject({
        replicas: describe(replicas, {
            description: "Prometheus servers, each scraping everything; the metrics store keeps one copy.",
        }),
        scrapeInterval: describe(duration, { description: "Time between two scrapes of a target, at most 2m." }),
        retention: describe(duration, {
            description: "How long Prometheus keeps samples itself; the metrics store keeps the history.",
        }),
        retentionSize: describe(bytes, {
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
    controlPlaneMetrics: describe(flag, {
        description:
            "Scrape etcd, scheduler, controller manager and kube-proxy. Off where the provider hides them: their alerts would fire for ever.",
    }),
    values: chartValues,
});

export type KubePrometheusStackSettings = z.infer<typeof kubePrometheusStackSettings>;

export function kubePrometheusStackDefaults(survives: Survives): KubePrometheusStackSettings {
    const { prometheus, alertmanager } = fewest(kubePrometheusStackReplicated, survives);
    const toNobody = { remoteWrite: [], federateTo: [] };
    const common = { controlPlaneMetrics: false, values: {} };
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
        ...common,
    };
}

/** Share of a volume that samples may fill: the rest is for the write-ahead log and for compaction. */
const RETENTION_SHARE = 0.9;

export function kubePrometheusStackRules(
    settings: KubePrometheusStackSettings,
    platform: Pick<PlatformSettings, "survives">,
): SettingsProblem[] {
    const { prometheus, alertmanager } = settings;
    return [
        ...replicaRules(
            kubePrometheusStackReplicated,
            { prometheus: prometheus.replicas, alertmanager: alertmanager.replicas },
            platform.survives,
        ),
        ...prometheusRules(settings),
        ...remoteWriteRules(prometheus.remoteWrite, `${AT}.prometheus.remoteWrite`),
    ];
}

function prometheusRules({ prometheus }: KubePrometheusStackSettings): SettingsProblem[] {
    const problems: SettingsProblem[] = [];
    const { retentionSize, volume: size, scrapeInterval } = prometheus;
    if (byteCount(retentionSize) >= RETENTION_SHARE * byteCount(size)) {
        const fits = Math.max(1, mebibytes(size, 1 / 0.8));
        problems.push(
            problem(
                `${AT}.prometheus.retentionSize`,
                retentionSize,
                `less than ${RETENTION_SHARE * 100} % of prometheus.volume (${size}): the rest is for the write-ahead log and for compaction`,
                `retentionSize: ${fits}Mi, or a greater volume`,
            ),
        );
    }
    if (hours(scrapeInterval) > 2 / 60) {
        problems.push(
            problem(
                `${AT}.prometheus.scrapeInterval`,
                scrapeInterval,
                "at most 2m: a series is stale after 5 minutes without a sample",
                "scrapeInterval: 60s",
            ),
        );
    }
    return problems;
}

export const kubePrometheusStackSlice: Slice<typeof kubePrometheusStackSettings> = {
    schema: kubePrometheusStackSettings,
    defaults: kubePrometheusStackDefaults,
    rules: kubePrometheusStackRules,
};
