import type { System } from "../../contracts/system";
import { postgresRules } from "./alerts";
import { archiveRules } from "./archive-alerts";
import { tooOldHours } from "./archive-settings";
import { postgresDashboard } from "./dashboard";
import { loginRefused } from "./log-alerts";
import { DATABASE_NAMESPACE, OPERATOR_NAMESPACE } from "./names";
import { clusterSettings, type PostgresSettings } from "./settings";

export function postgresSystem({ instances, backup }: Pick<PostgresSettings, "instances" | "backup">): System {
    return {
        role: "database",
        title: "PostgreSQL",
        namespaces: [DATABASE_NAMESPACE, OPERATOR_NAMESPACE],
        alerts: {
            database: postgresRules(instances),
            backups: backup === undefined ? [] : archiveRules(tooOldHours(backup)),
        },
        logAlerts: [loginRefused],
        dashboard: postgresDashboard(),
    };
}

/**
 * The cluster for errors, beside Grafana's.
 * @param alone whether it is the only one: then what runs it is nobody else's to tell of.
 */
export function errorsDatabaseSystem(settings: PostgresSettings, alone: boolean): System {
    const { instances, backup } = clusterSettings(settings, "errors");
    return {
        role: "database",
        title: "PostgreSQL of errors",
        namespaces: alone ? [DATABASE_NAMESPACE, OPERATOR_NAMESPACE] : [],
        alerts: {
            database: postgresRules(instances, "errors"),
            backups: backup === undefined ? [] : archiveRules(tooOldHours(backup), "errors"),
        },
        ...(alone && { logAlerts: [loginRefused] }),
        dashboard: postgresDashboard("errors"),
    };
}
