import { applications } from "../../kubernetes/access-labels";
import type { NetworkArgs } from "../../kubernetes/network-policies";
import type { PlatformSettings } from "../../settings/platform";
import { LABELS, NAMESPACE, PORT } from "./names";

/** What the gateway takes: pushes. It sends nothing; Prometheus is in the same namespace. */
export function pushgatewayFlows(platform: Pick<PlatformSettings, "networkPolicies" | "ingestFrom">): NetworkArgs {
    return {
        namespace: NAMESPACE,
        enabled: platform.networkPolicies,
        ingress: [{ name: "push-from-jobs", peer: applications(platform), ports: [PORT], pods: LABELS }],
    };
}
