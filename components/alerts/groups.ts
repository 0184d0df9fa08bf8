import { addressRules } from "./addresses";
import { backupRules } from "./backups";
import { collectorRules } from "./collectors";
import { databaseRules } from "./database";
import type { AlertFacts } from "./facts";
import { logStoreRules } from "./logs";
import { metricsStoreRules, remoteWriteRules } from "./metrics";
import { objectStoreRules } from "./object-store";
import type { RuleGroup } from "./rule";
import { traceStoreRules } from "./traces";
import { volumeRules } from "./volumes";

/** Every alert of the platform itself, by what it watches. */
export function alertGroups(facts: AlertFacts): RuleGroup[] {
    return [
        { name: "metrics-store", rules: metricsStoreRules(facts) },
        { name: "remote-write", rules: remoteWriteRules(facts) },
        { name: "log-store", rules: logStoreRules(facts) },
        { name: "trace-store", rules: traceStoreRules(facts) },
        { name: "collectors", rules: collectorRules() },
        { name: "object-store", rules: objectStoreRules(facts) },
        { name: "volumes", rules: volumeRules() },
        { name: "database", rules: facts.database === undefined ? [] : databaseRules(facts.database.instances) },
        { name: "addresses", rules: facts.probes ? addressRules() : [] },
        { name: "backups", rules: backupRules(facts.backups) },
    ].filter(({ rules }) => rules.length > 0);
}
