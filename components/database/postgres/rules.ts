import type { PlatformSettings } from "../../settings/platform";
import type { SettingsProblem } from "../../settings/problem";
import { ask } from "../../settings/readable";
import { unusedRules } from "../../settings/unused";
import { replicaRules } from "../../settings/replicas";
import { AT, postgresReplicated } from "./workloads";
import { recoveryRules } from "./archive-settings";
import { postgresDefaults, type PostgresSettings } from "./settings";

export function postgresRules(settings: PostgresSettings, platform: PlatformSettings): SettingsProblem[] {
    if (platform.survives === "nothing") {
        return unusedRules(AT, settings, postgresDefaults("nothing"), "Grafana has no database there but a file");
    }
    return ask(
        () => recoveryRules(settings.backup, settings.recoverFrom),
        () => replicaRules(postgresReplicated, { instances: settings.instances }, platform.survives),
        () => replicaRules(postgresReplicated, settings.replicas, platform.survives),
    );
}
