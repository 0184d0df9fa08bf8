import { z } from "zod";
import type { Survives } from "../kubernetes/placement";
import { hasDatabase, type PlatformSettings } from "../settings/platform";
import { problem, type SettingsProblem } from "../settings/problem";
import { ask } from "../settings/readable";
import { leastOf, replicaRules } from "../settings/replicas";
import type { Raw, Slice } from "../settings/slice";
import { describe, flag, replicas, rotation, volumeSize } from "../settings/types";
import { unusedWhileOff } from "../settings/unused";
import { oidcDefaults, oidcRules, oidcSettings } from "./oidc-settings";
import { AT, grafanaReplicated } from "./workloads";

/** Grafana, which reads every store. Further values of its chart go below `kubePrometheusStack.values.grafana`. */
export const grafanaSettings = z.strictObject({
    enabled: describe(flag, {
        description:
            "Run Grafana, with its database where the stack survives something. Off in a cluster that sends all to a hub, whose Grafana shows it.",
    }),
    replicas: describe(replicas, { description: "Grafana servers; more than one need PostgreSQL." }),
    volume: describe(volumeSize, {
        description: "Volume of Grafana's SQLite; not used with PostgreSQL.",
    }),
    oidc: oidcSettings.optional(),
    rotation: describe(rotation, {
        description:
            "Raise by one for a new password of Grafana's admin. Grafana reads it at its first start only; the README has the command that sets a later one.",
    }),
});

export type GrafanaSettings = z.infer<typeof grafanaSettings>;

const VOLUME = "1Gi";

function grafanaDefaults(survives: Survives, given: Raw = {}) {
    return {
        enabled: true,
        replicas: leastOf(grafanaReplicated.grafana, survives),
        volume: VOLUME,
        rotation: 1,
        ...oidcDefaults(given),
    };
}

export const grafanaSlice: Slice<typeof grafanaSettings> = {
    schema: grafanaSettings,
    defaults: grafanaDefaults,
    rules: (settings, platform) =>
        settings.enabled
            ? ask(
                  () => replicaRules(grafanaReplicated, { grafana: settings.replicas }, platform.survives),
                  () => databaseRules(settings, platform),
                  () => volumeRules(settings, platform),
                  () => oidcRules(`${AT}.oidc`, settings.oidc, platform),
              )
            : unusedWhileOff(AT, settings, grafanaDefaults(platform.survives)),
};

function volumeRules({ volume }: GrafanaSettings, platform: PlatformSettings): SettingsProblem[] {
    if (volume === VOLUME || !hasDatabase(platform)) return [];
    const allowed = "nothing where Grafana keeps its state in PostgreSQL: it has no volume";
    return [problem(`${AT}.volume`, volume, allowed, "remove it; PostgreSQL's is database.volume")];
}

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
