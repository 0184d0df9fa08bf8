import type { PlatformSettings } from "../../settings/platform";
import { problem, type SettingsProblem } from "../../settings/problem";
import { replicaRules } from "../../settings/replicas";
import { AT, postgresReplicated } from "./workloads";
import { recoveryRules } from "./archive-settings";
import type { PostgresSettings } from "./settings";

export function postgresRules(settings: PostgresSettings, platform: PlatformSettings): SettingsProblem[] {
    if (platform.survives === "nothing") return withoutDatabase(settings);
    const { instances, replicas, backup, recoverFrom } = settings;
    return [
        ...recoveryRules(backup, recoverFrom),
        ...replicaRules(postgresReplicated, { instances, ...replicas }, platform.survives),
    ];
}

function withoutDatabase({ backup }: PostgresSettings): SettingsProblem[] {
    if (backup === undefined) return [];
    const allowed = "nothing where the stack survives nothing: Grafana has no database there but a file";
    return [problem(`${AT}.backup`, backup, allowed, "remove it, or write survives: node")];
}
