import type { System } from "../../contracts/system";
import { minioInhibition, minioRules } from "./alerts";
import { minioDashboard } from "./dashboard";
import { NAMESPACE } from "./names";
import { minioPanels } from "./panels";

export function minioSystem(): System {
    return {
        role: "objectStore",
        title: "MinIO",
        namespaces: [NAMESPACE],
        alerts: { "object-store": minioRules() },
        inhibitions: [minioInhibition],
        dashboard: minioDashboard(),
        panels: minioPanels,
    };
}
