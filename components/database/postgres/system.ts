import type { System } from "../../contracts/system";
import { postgresRules } from "./alerts";
import { archiveRules } from "./archive-alerts";
import { tooOldHours } from "./archive-settings";
import { postgresDashboard } from "./dashboard";
import { loginRefused } from "./log-alerts";
import { DATABASE_NAMESPACE, OPERATOR_NAMESPACE } from "./names";
import type { PostgresSettings } from "./settings";

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
