import type { System } from "../../contracts/system";
import { elasticsearchAlerts } from "./alerts";
import { elasticsearchDashboard } from "./dashboard";
import { elasticsearchLines } from "./lines";
import { NAMESPACE, TITLE } from "./names";
import { elasticsearchPanels } from "./panels";

/** What of it is in this cluster: the gateway, and what the collectors say of sending to it. */
export function elasticsearchSystem(): System {
    return {
        role: "logs",
        title: TITLE,
        namespaces: [NAMESPACE],
        alerts: { "log-store": elasticsearchAlerts() },
        dashboard: elasticsearchDashboard(),
        panels: elasticsearchPanels,
        lines: elasticsearchLines,
    };
}

export function elasticsearchLacks(): string[] {
    return [
        "rules on log lines are not evaluated: PrometheusRules labelled observability-platform/rules=logs are read by nobody; write them as rules of Kibana, whose webhook may call Alertmanager.",
        "no canary writes lines and reads them back: whether lines arrive is told by the collectors, whether queries are answered by a probe.",
        "tenants are not kept apart: all lines are in the data streams that one key writes to.",
        "its health, retention and backups are watched and said where it runs.",
    ];
}
