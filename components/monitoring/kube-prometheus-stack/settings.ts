import { z } from "zod";
import type { Survives } from "../../kubernetes/placement";
import type { PlatformSettings } from "../../settings/platform";
import {
    byteCount,
    bytes,
    chartValues,
    describe,
    dnsLabel,
    duration,
    flag,
    hours,
    replicas,
    rotation,
} from "../../settings/types";
import { problem, type SettingsProblem } from "../../settings/problem";
import { remoteWriteRules, remoteWrites } from "./remote-write";
import { oidcRules, oidcSettings } from "../../grafana/oidc-settings";

const volume = (description: string) =>
    describe(bytes, { description, immutable: "the operator makes the volume once and does not grow it" });

/** Prometheus, Alertmanager and Grafana. */
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
    grafana: z.strictObject({
        replicas: describe(replicas, { description: "Grafana servers; more than one need PostgreSQL." }),
        volume: describe(bytes, {
            description: "Volume of Grafana's SQLite; not used with PostgreSQL.",
        }),
        oidc: oidcSettings.optional(),
    }),
    controlPlaneMetrics: describe(flag, {
        description:
            "Scrape etcd, scheduler, controller manager and kube-proxy. Off where the provider hides them: their alerts would fire for ever.",
    }),
    rotation: z.strictObject({
        grafanaAdmin: describe(rotation, {
            description:
                "Raise by one for a new password of Grafana's admin. Grafana reads it at its first start only; the README has the command that sets a later one.",
        }),
    }),
    values: chartValues,
});

export type KubePrometheusStackSettings = z.infer<typeof kubePrometheusStackSettings>;

export function kubePrometheusStackDefaults(survives: Survives): KubePrometheusStackSettings {
    const toNobody = { remoteWrite: [], federateTo: [] };
    const common = { controlPlaneMetrics: false, rotation: { grafanaAdmin: 1 }, values: {} };
    if (survives === "nothing") {
        return {
            prometheus: {
                replicas: 1,
                scrapeInterval: "60s",
                retention: "6h",
                retentionSize: "4Gi",
                volume: "5Gi",
                ...toNobody,
            },
            alertmanager: { replicas: 1, volume: "1Gi" },
            grafana: { replicas: 1, volume: "1Gi" },
            ...common,
        };
    }
    return {
        prometheus: {
            replicas: 2,
            scrapeInterval: "30s",
            retention: "24h",
            retentionSize: "40Gi",
            volume: "50Gi",
            ...toNobody,
        },
        alertmanager: { replicas: 3, volume: "2Gi" },
        grafana: { replicas: 2, volume: "1Gi" },
        ...common,
    };
}

/** Share of a volume that samples may fill: the rest is for the write-ahead log and for compaction. */
const RETENTION_SHARE = 0.9;

const KEY = "kubePrometheusStack";

/** @param hasDatabase whether Grafana gets PostgreSQL. */
export function kubePrometheusStackRules(
    settings: KubePrometheusStackSettings,
    platform: Pick<PlatformSettings, "survives" | "access">,
    hasDatabase: boolean,
): SettingsProblem[] {
    return [
        ...replicaRules(settings, platform.survives),
        ...grafanaRules(settings, hasDatabase),
        ...prometheusRules(settings),
        ...remoteWriteRules(settings.prometheus.remoteWrite, `${KEY}.prometheus.remoteWrite`),
        ...oidcRules(`${KEY}.grafana.oidc`, settings.grafana.oidc, platform),
    ];
}

function replicaRules(settings: KubePrometheusStackSettings, survives: Survives): SettingsProblem[] {
    const problems: SettingsProblem[] = [];
    const { prometheus, alertmanager, grafana } = settings;
    const pair = survives === "nothing" ? "1 or 2" : "exactly 2";
    if (prometheus.replicas > 2 || (survives !== "nothing" && prometheus.replicas < 2)) {
        problems.push(
            problem(
                `${KEY}.prometheus.replicas`,
                prometheus.replicas,
                `${pair} with platform.survives: ${survives}: replicas are a pair, of which the metrics store keeps one`,
                "replicas: 2",
            ),
        );
    }
    if (survives === "nothing") return problems;
    if (alertmanager.replicas < 3 || alertmanager.replicas % 2 === 0) {
        problems.push(
            problem(
                `${KEY}.alertmanager.replicas`,
                alertmanager.replicas,
                `an odd number from 3 with platform.survives: ${survives}`,
                "replicas: 3",
            ),
        );
    }
    if (grafana.replicas < 2) {
        problems.push(
            problem(
                `${KEY}.grafana.replicas`,
                grafana.replicas,
                `at least 2 with platform.survives: ${survives}`,
                "replicas: 2",
            ),
        );
    }
    return problems;
}

function grafanaRules({ grafana }: KubePrometheusStackSettings, hasDatabase: boolean): SettingsProblem[] {
    if (grafana.replicas === 1 || hasDatabase) return [];
    return [
        problem(
            `${KEY}.grafana.replicas`,
            grafana.replicas,
            "1 without PostgreSQL: SQLite cannot be shared",
            "switch PostgreSQL on, or write replicas: 1",
        ),
    ];
}

function prometheusRules({ prometheus }: KubePrometheusStackSettings): SettingsProblem[] {
    const problems: SettingsProblem[] = [];
    const { retentionSize, volume: size, scrapeInterval } = prometheus;
    if (byteCount(retentionSize) >= RETENTION_SHARE * byteCount(size)) {
        const fits = Math.max(1, Math.floor((byteCount(size) * 0.8) / 1024 ** 2));
        problems.push(
            problem(
                `${KEY}.prometheus.retentionSize`,
                retentionSize,
                `less than ${RETENTION_SHARE * 100} % of prometheus.volume (${size}): the rest is for the write-ahead log and for compaction`,
                `retentionSize: ${fits}Mi, or a greater volume`,
            ),
        );
    }
    if (hours(scrapeInterval) > 2 / 60) {
        problems.push(
            problem(
                `${KEY}.prometheus.scrapeInterval`,
                scrapeInterval,
                "at most 2m: a series is stale after 5 minutes without a sample",
                "scrapeInterval: 60s",
            ),
        );
    }
    return problems;
}
