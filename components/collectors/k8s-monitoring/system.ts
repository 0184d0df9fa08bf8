import type { System } from "../../contracts/system";
import { collectorRules } from "./alerts";
import { NAMESPACE } from "./names";
import { collectorPaths } from "./panels";
import type { K8sMonitoringSettings } from "./settings";

export function collectorsSystem({ features }: Pick<K8sMonitoringSettings, "features">): System {
    return {
        role: "collectors",
        title: "Alloy",
        namespaces: [NAMESPACE],
        alerts: { collectors: collectorRules() },
        panels: { path: collectorPaths },
        logLines: features.podLogs,
    };
}
