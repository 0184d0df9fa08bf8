import type { System } from "../../contracts/system";
import { glitchtipAlerts } from "./alerts";
import { glitchtipDashboard } from "./dashboard";
import { NAMESPACE, TITLE } from "./names";

export function glitchtipSystem(): System {
    return {
        role: "errors",
        title: TITLE,
        namespaces: [NAMESPACE],
        alerts: { errors: glitchtipAlerts },
        dashboard: glitchtipDashboard(),
    };
}
