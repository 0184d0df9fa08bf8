import type { System } from "../../contracts/system";
import { NAMESPACE, TITLE } from "./names";
import type { VmSettings } from "./settings";

export function vmSystem(_: Pick<VmSettings, "replicationFactor">): System {
    return { role: "metrics", title: TITLE, namespaces: [NAMESPACE], alerts: {} };
}
