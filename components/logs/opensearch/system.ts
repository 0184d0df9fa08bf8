import type { System } from "../../contracts/system";
import { backupTooOld, opensearchAlerts } from "./alerts";
import { opensearchDashboard } from "./dashboard";
import { opensearchLines } from "./lines";
import { NAMESPACE, TITLE } from "./names";
import { opensearchPanels } from "./panels";
import type { OpensearchSettings } from "./settings";

type Told = Pick<OpensearchSettings, "buckets">;

/** @param retention hours. */
export function opensearchSystem({ buckets }: Told, retention: number): System {
    return {
        role: "logs",
        title: TITLE,
        namespaces: [NAMESPACE],
        alerts: {
            "log-store": opensearchAlerts(retention),
            backups: buckets.backup === undefined ? [] : [backupTooOld],
        },
        dashboard: opensearchDashboard(),
        panels: opensearchPanels,
        lines: opensearchLines,
    };
}

export function opensearchLacks({ buckets }: Told): string[] {
    return [
        "rules on log lines are not evaluated: PrometheusRules labelled observability-platform/rules=logs are read by nobody; write them as OpenSearch's monitors, whose webhook may call Alertmanager.",
        "no canary writes lines and reads them back: whether lines arrive is told by the collectors, whether queries are answered by a probe.",
        "tenants are not kept apart: all lines are in one data stream.",
        "Grafana has no data source of OpenSearch in its own image: without the plugin grafana-opensearch-datasource in it Explore shows no lines.",
        ...(buckets.backup === undefined
            ? ["its volumes are not backed up: logs.buckets.backup names a bucket for snapshots."]
            : []),
    ];
}
