import type { System } from "../../contracts/system";
import { addressRules } from "./alerts";
import { NAMESPACE } from "./names";

export function blackboxExporterSystem(): System {
    return {
        role: "probes",
        title: "Blackbox exporter",
        namespaces: [NAMESPACE],
        alerts: { addresses: addressRules() },
    };
}
