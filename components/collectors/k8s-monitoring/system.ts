import type { System } from "../../contracts/system";
import { collectorRules } from "./alerts";
import { NAMESPACE } from "./names";
import { collectorPaths } from "./panels";
import type { K8sMonitoringSettings } from "./settings";

export function collectorsSystem({
    features,
    destinations,
}: Pick<K8sMonitoringSettings, "features" | "destinations">): System {
    return {
        role: "collectors",
        title: "Alloy",
        namespaces: [NAMESPACE],
        alerts: { collectors: collectorRules(destinations.map(({ kind }) => kind)) },
        panels: { path: collectorPaths },
        logLines: features.podLogs,
    };
}
