import type { types } from "@pulumi/kubernetes";
import type { NginxPods } from "../kubernetes/nginx-pods";
import { resources } from "../kubernetes/resources";
import { GATEWAY, HUB_SECRET, LABELS, NAMESPACE, PORT } from "./names";
import { CA_DIRECTORY, HUB_DIRECTORY, HUB_FILES, START_SCRIPT } from "./nginx";
import type { HubSettings } from "./settings";
import { egressGatewayReplicated } from "./workloads";

export const metadata = { name: GATEWAY, namespace: NAMESPACE, labels: LABELS };

/** Its pods. */
export function gatewayPods(
    { replicas, secret, ca }: Pick<HubSettings, "replicas" | "secret" | "ca">,
    config: string,
): NginxPods {
    const fromOutside = [secret, ca?.name].filter((name) => name !== undefined);
    return {
        name: GATEWAY,
        alike: egressGatewayReplicated.gateway,
        replicas,
        config,
        files: HUB_FILES,
        startScript: START_SCRIPT,
        ports: { http: PORT },
        resources: resources("25m", "32Mi", "128Mi"),
        secrets: [
            { name: "hub", secretName: secret ?? HUB_SECRET, mountPath: HUB_DIRECTORY },
            ...(ca?.from === "secret" ? [{ name: "hub-ca", secretName: ca.name, mountPath: CA_DIRECTORY }] : []),
        ],
        configMaps:
            ca?.from === "configMap" ? [{ name: "hub-ca", configMapName: ca.name, mountPath: CA_DIRECTORY }] : [],
        fromOutside,
    };
}

export const gatewayService: types.input.core.v1.Service = {
    metadata,
    spec: { selector: LABELS, ports: [{ name: "http", port: 80, targetPort: PORT }] },
};
