import { z } from "zod";
import type { Survives } from "../kubernetes/placement";
import { hasDatabase, type PlatformSettings } from "../settings/platform";
import { problem, type SettingsProblem } from "../settings/problem";
import { leastOf, replicaRules } from "../settings/replicas";
import type { Slice } from "../settings/slice";
import { bytes, describe, replicas, rotation } from "../settings/types";
import { oidcDefaults, oidcRules, oidcSettings } from "./oidc-settings";
import { AT, grafanaReplicated } from "./workloads";

/** Grafana, which reads every store. Further values of its chart go below `kubePrometheusStack.values.grafana`. */
export const grafanaSettings = z.strictObject({
    replicas: describe(replicas, { description: "Grafana servers; more than one need PostgreSQL." }),
    volume: describe(bytes, {
        description: "Volume of Grafana's SQLite; not used with PostgreSQL.",
    }),
    oidc: oidcSettings.optional(),
    rotation: describe(rotation, {
        description:
            "Raise by one for a new password of Grafana's admin. Grafana reads it at its first start only; the README has the command that sets a later one.",
    }),
});

export type GrafanaSettings = z.infer<typeof grafanaSettings>;

export const grafanaSlice: Slice<typeof grafanaSettings> = {
    schema: grafanaSettings,
    defaults: (survives: Survives, given) => ({
        replicas: leastOf(grafanaReplicated.grafana, survives),
        volume: "1Gi",
        rotation: 1,
        ...oidcDefaults(given),
    }),
    rules: (settings, platform) => [
        ...replicaRules(grafanaReplicated, { grafana: settings.replicas }, platform.survives),
        ...databaseRules(settings, platform),
        ...oidcRules(`${AT}.oidc`, settings.oidc, platform),
    ],
};

function databaseRules({ replicas: given }: GrafanaSettings, platform: PlatformSettings): SettingsProblem[] {
    if (given === 1 || hasDatabase(platform)) return [];
    return [
        problem(
            `${AT}.replicas`,
            given,
            "1 without PostgreSQL: SQLite cannot be shared",
            "write replicas: 1, or survives: node",
        ),
    ];
}
