import { RunError } from "@pulumi/pulumi/errors";
import { z } from "zod";
import { backupDefaults, backupSettings, type BackupSettings } from "../backup/settings";
import {
    blackboxExporterDefaults,
    blackboxExporterRules,
    blackboxExporterSettings,
    type BlackboxExporterSettings,
} from "../collectors/blackbox-exporter/settings";
import { cortexDefaults, cortexRules, cortexSettings, type CortexSettings } from "../metrics/cortex/settings";
import {
    k8sMonitoringDefaults,
    k8sMonitoringRules,
    k8sMonitoringSettings,
    type K8sMonitoringSettings,
} from "../collectors/k8s-monitoring/settings";
import {
    alertingDefaults,
    alertingRules,
    alertingSettings,
    type AlertingSettings,
} from "../monitoring/kube-prometheus-stack/alerting-settings";
import { oidcDefaults } from "../grafana/oidc-settings";
import {
    kubePrometheusStackDefaults,
    kubePrometheusStackRules,
    kubePrometheusStackSettings,
    type KubePrometheusStackSettings,
} from "../monitoring/kube-prometheus-stack/settings";
import { lokiDefaults, lokiRules, lokiSettings, type LokiSettings } from "../logs/loki/settings";
import { mergeValues } from "../kubernetes/merge-values";
import {
    objectStoreDefaults,
    objectStoreRules,
    objectStoreSettings,
    type ObjectStoreSettings,
} from "../object-store/settings";
import {
    outsidePushDefaults,
    outsidePushRules,
    outsidePushSettings,
    type OutsidePushSettings,
} from "../ingest-gateway/settings";
import type { Survives } from "../kubernetes/placement";
import { platformDefaults, platformRules, platformSettings, type PlatformSettings } from "../settings/platform";
import {
    postgresDefaults,
    postgresRules,
    postgresSettings,
    type PostgresSettings,
} from "../database/postgres/settings";
import { pushgatewayDefaults, pushgatewaySettings, type PushgatewaySettings } from "../collectors/pushgateway/settings";
import { problem, type SettingsProblem } from "../settings/problem";
import { problemsOf, report } from "../settings/report";
import { tenantRules, tenantsSettings, type TenantsSettings } from "./tenants";
import { tempoDefaults, tempoRules, tempoSettings, type TempoSettings } from "../traces/tempo/settings";

/** The settings of a stack: what every system shares, and each system's own slice. */
export interface Settings {
    readonly platform: PlatformSettings;
    readonly tenants: TenantsSettings;
    readonly objectStore: ObjectStoreSettings;
    readonly postgres: PostgresSettings;
    readonly cortex: CortexSettings;
    readonly loki: LokiSettings;
    readonly tempo: TempoSettings;
    readonly kubePrometheusStack: KubePrometheusStackSettings;
    readonly alerting: AlertingSettings;
    readonly k8sMonitoring: K8sMonitoringSettings;
    readonly blackboxExporter: BlackboxExporterSettings;
    readonly outsidePush: OutsidePushSettings;
    readonly pushgateway: PushgatewaySettings;
    readonly backup: BackupSettings;
}

/** A laptop's Grafana keeps its state in SQLite on a volume: one replica, and no database to run beside it. */
export function usesPostgres(platform: Pick<PlatformSettings, "survives">): boolean {
    return platform.survives !== "nothing";
}

type Raw = Record<string, unknown>;

interface Slice<S> {
    readonly schema: z.ZodType<S>;
    readonly defaults: (survives: Survives, given: Raw) => object;
    readonly rules: (settings: S, platform: PlatformSettings) => SettingsProblem[];
}

const slices: { [K in Exclude<keyof Settings, "platform">]: Slice<Settings[K]> } = {
    tenants: { schema: tenantsSettings, defaults: () => ({}), rules: () => [] },
    objectStore: { schema: objectStoreSettings, defaults: objectStoreDefaults, rules: objectStoreRules },
    postgres: { schema: postgresSettings, defaults: postgresDefaults, rules: postgresRules },
    cortex: { schema: cortexSettings, defaults: cortexDefaults, rules: cortexRules },
    loki: { schema: lokiSettings, defaults: lokiDefaults, rules: lokiRules },
    tempo: { schema: tempoSettings, defaults: tempoDefaults, rules: tempoRules },
    kubePrometheusStack: {
        schema: kubePrometheusStackSettings,
        defaults: (survives, given) => mergeValues(kubePrometheusStackDefaults(survives), { ...oidcDefaults(given) }),
        rules: (settings, platform) => kubePrometheusStackRules(settings, platform, usesPostgres(platform)),
    },
    alerting: { schema: alertingSettings, defaults: alertingDefaults, rules: alertingRules },
    k8sMonitoring: { schema: k8sMonitoringSettings, defaults: k8sMonitoringDefaults, rules: k8sMonitoringRules },
    outsidePush: { schema: outsidePushSettings, defaults: outsidePushDefaults, rules: outsidePushRules },
    blackboxExporter: {
        schema: blackboxExporterSettings,
        defaults: blackboxExporterDefaults,
        rules: blackboxExporterRules,
    },
    pushgateway: { schema: pushgatewaySettings, defaults: pushgatewayDefaults, rules: () => [] },
    backup: { schema: backupSettings, defaults: (_, given) => backupDefaults(given), rules: () => [] },
};

/** The whole schema: the platform's keys at the top, a key for each system. */
export const settingsSchema = z.strictObject({
    ...platformSettings.shape,
    ...(Object.fromEntries(Object.entries(slices).map(([key, slice]) => [key, slice.schema])) as Record<
        string,
        z.ZodType
    >),
});

/**
 * Settings from what was written: defaults that follow `survives` below it, strictly parsed.
 * @returns the settings, or every problem that they have.
 */
export function parseSettings(raw: Raw): { settings: Settings } | { problems: SettingsProblem[] } {
    const problems: SettingsProblem[] = [];
    const own = Object.fromEntries(Object.entries(raw).filter(([key]) => !(key in slices)));
    const survives = platformSettings.shape.survives.safeParse(raw.survives).data ?? "nothing";

    const platformRaw = mergeValues(platformDefaults(own), own);
    const platform = platformSettings.safeParse(platformRaw);
    if (!platform.success) problems.push(...problemsOf(platform.error, settingsSchema, platformRaw, ""));
    else problems.push(...platformRules(platform.data));

    const parsed: Raw = { platform: platform.data };
    for (const [key, slice] of Object.entries(slices) as [string, Slice<unknown>][]) {
        const given = raw[key] ?? {};
        if (typeof given !== "object" || Array.isArray(given)) {
            problems.push(problem(key, given, "a map", `write ${key}: {}, or leave it out`));
            continue;
        }
        const full = mergeValues(slice.defaults(survives, given as Raw), given as Raw);
        const result = slice.schema.safeParse(full);
        parsed[key] = result.data;
        if (!result.success) problems.push(...problemsOf(result.error, slice.schema, full, key));
        else if (platform.success) problems.push(...slice.rules(result.data, platform.data));
    }
    if (problems.length === 0) problems.push(...acrossSystems(parsed as unknown as Settings));
    return problems.length > 0 ? { problems } : { settings: parsed as unknown as Settings };
}

/** Rules between systems. */
function acrossSystems(settings: Settings): SettingsProblem[] {
    const { backup, objectStore, postgres } = settings;
    const problems = [...tenantRules(settings), ...sharedBuckets(settings)];
    if (postgres.backup !== undefined && objectStore.kind === "s3") {
        for (const [path, pairs] of [
            ["objectStore.credentials.postgres", objectStore.credentials],
            ["objectStore.readers.postgres", objectStore.readers],
        ] as const) {
            if (pairs === undefined || pairs.postgres !== undefined) continue;
            const allowed = "a key pair for the bucket of the database's archive, where postgres.backup is set";
            problems.push(problem(path, "nothing", allowed, `set ${path}.accessKeyId and .secretAccessKey`));
        }
    }
    if (backup.target !== undefined && objectStore.kind === "s3" && objectStore.readers === undefined) {
        problems.push(
            problem(
                "objectStore.readers",
                "nothing",
                "a key pair for each store that only reads, where backup.target is set: a copy must be unable to harm what it copies",
                "set objectStore.readers.<store>.accessKeyId and .secretAccessKey",
            ),
        );
    }
    return problems;
}

/** Buckets that two systems would write to: each takes what it does not know for its own, and deletes it. */
function sharedBuckets({ cortex, loki, tempo, postgres }: Settings): SettingsProblem[] {
    const named = [
        ...Object.entries({ cortex, loki, tempo }).flatMap(([store, { buckets }]) =>
            Object.entries(buckets).map(([use, bucket]) => [`${store}.buckets.${use}`, bucket] as const),
        ),
        ...(postgres.backup ? [["postgres.backup.bucket", postgres.backup.bucket] as const] : []),
    ];
    const owners = new Map<string, string>();
    return named.flatMap(([path, bucket]) => {
        const owner = owners.get(bucket);
        owners.set(bucket, path);
        if (owner === undefined) return [];
        return [problem(path, bucket, `a bucket that ${owner} does not use`, "write a name of its own")];
    });
}

/**
 * Reads the settings of this stack.
 * @param config all configuration of the engine, by `project:key`.
 * @param env environment; `CHART_MIRROR` in it replaces the setting `chartMirror` for one run.
 * @throws RunError with every problem at once; Pulumi prints it without a stack trace.
 */
export function readSettings(config: Record<string, string>, project: string, env: NodeJS.ProcessEnv): Settings {
    const raw: Raw = {};
    const unreadable: SettingsProblem[] = [];
    for (const [key, value] of Object.entries(config)) {
        if (!key.startsWith(`${project}:`)) continue;
        const name = key.slice(project.length + 1);
        try {
            raw[name] = fromConfig(value);
        } catch {
            unreadable.push(noJson(name));
        }
    }
    if (env.CHART_MIRROR !== undefined && env.CHART_MIRROR !== "") raw.chartMirror = env.CHART_MIRROR;
    const result = parseSettings(raw);
    if (unreadable.length === 0 && "settings" in result) return result.settings;
    const others = "problems" in result ? result.problems : [];
    // What could not be read is not missing as well.
    const known = others.filter(({ path }) => unreadable.every((one) => one.path !== path));
    throw new RunError(report([...unreadable, ...known]));
}

/**
 * The engine hands every value as text: maps and lists as JSON, all else as it was written.
 * @throws SyntaxError
 */
function fromConfig(value: string): unknown {
    if (value === "true" || value === "false") return value === "true";
    return /^\s*[[{]/.test(value) ? (JSON.parse(value) as unknown) : value;
}

/** The text itself is not repeated, nor is the parser's message, which quotes it: there may be a credential in it. */
function noJson(key: string): SettingsProblem {
    return problem(
        key,
        "a text that begins with [ or { and is not JSON",
        "a map or a list as JSON, or as YAML in the stack file",
        `write it below ${key} in the stack file, or each value by pulumi config set --path '${key}.<key>' <value>`,
    );
}
