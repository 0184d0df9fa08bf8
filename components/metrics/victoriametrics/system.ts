import type { System } from "../../contracts/system";
import { backupTooOld, vmRules } from "./alerts";
import { vmDashboard } from "./dashboard";
import { NAMESPACE, TITLE } from "./names";
import { vmPanels } from "./panels";
import type { VmSettings } from "./settings";

export function vmSystem({ replicationFactor, buckets }: Pick<VmSettings, "replicationFactor" | "buckets">): System {
    return {
        role: "metrics",
        title: TITLE,
        namespaces: [NAMESPACE],
        alerts: {
            "metrics-store": vmRules({ clustered: replicationFactor > 1 }),
            backups: buckets.backup === undefined ? [] : [backupTooOld],
        },
        dashboard: vmDashboard(replicationFactor),
        panels: vmPanels(replicationFactor),
    };
}
