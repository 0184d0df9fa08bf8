import type { PlatformSettings } from "../../settings/platform";
import type { SettingsProblem } from "../../settings/problem";
import { ask } from "../../settings/readable";
import { onLaptop, unusedRules } from "../../settings/unused";
import { replicaRules } from "../../settings/replicas";
import { AT, instancesOf, postgresReplicated } from "./workloads";
import { recoveryRules } from "./archive-settings";
import { postgresDefaults, type PostgresSettings } from "./settings";
import { valuesRules } from "../../settings/chart-keys";
import { chartKeys as pluginChartKeys } from "./plugin-values-keys.gen";
import { chartKeys } from "./values-keys.gen";

const ERRORS = { archive: "database.errors.archive", recoverFrom: "database.errors.recoverFrom" };

export function postgresRules(settings: PostgresSettings, platform: PlatformSettings): SettingsProblem[] {
    if (platform.survives === "nothing") {
        // Errors are kept on a laptop too, without an archive.
        const { archive, recoverFrom } = settings.errors;
        const own = { ...settings, errors: { archive, recoverFrom } };
        const usual = postgresDefaults("nothing");
        return unusedRules(AT, own, usual, onLaptop("Grafana has no database there but a file"));
    }
    return ask(
        () => archiveRules(settings, platform),
        () => recoveryRules(settings.backup, settings.recoverFrom),
        () => recoveryRules(settings.backup && settings.errors, settings.errors.recoverFrom, ERRORS),
        () => replicaRules(postgresReplicated, { instances: settings.instances }, platform.survives),
        () =>
            replicaRules(
                { instances: instancesOf("errors") },
                { instances: settings.errors.instances },
                platform.survives,
            ),
        () => replicaRules(postgresReplicated, settings.replicas, platform.survives),
        () => valuesRules(`${AT}.values`, settings.values, chartKeys),
        () => valuesRules(`${AT}.pluginValues`, settings.pluginValues, pluginChartKeys),
    );
}

/** A folder of an archive that nobody writes. */
function archiveRules({ backup, errors: { archive } }: PostgresSettings, { survives }: PlatformSettings) {
    if (backup !== undefined) return [];
    const idle = { where: "without database.backup", instead: "write backup: {} beside errors" };
    return unusedRules(`${AT}.errors`, { archive }, postgresDefaults(survives).errors, idle);
}
