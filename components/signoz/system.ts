import type { System } from "../contracts/system";
import { signozRules } from "./alerts";
import { NAMESPACE } from "./names";

export function signozSystem(): System {
    return {
        role: "copies",
        title: "SigNoz",
        namespaces: [NAMESPACE],
        alerts: { addresses: signozRules() },
    };
}
