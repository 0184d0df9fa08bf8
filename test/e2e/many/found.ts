import { at, record } from "../../../tools/records";
import type { ClusterModel } from "../../../tools/verify/cluster-model";
import type { KubernetesObject } from "../../../tools/render/manifests";
import type { Kubectl } from "../kubectl";
import type { GatewayFiles } from "../push-gateway";

/** Where objects of a stack are looked up: what it renders, or the cluster that it was deployed to. */
export type Found = Pick<ClusterModel, "find">;

/** What a cluster has now. */
export function deployedIn(kubectl: Kubectl): Found {
    return {
        find: (kind, namespace, name) => {
            const place = namespace === undefined ? [] : ["--namespace", namespace];
            return JSON.parse(kubectl.run(["get", kind, name, ...place, "--output", "json"])) as KubernetesObject;
        },
    };
}

/** What a gateway of the program's own has in its ConfigMap. */
export function gatewayFiles(found: Found, namespace: string, name: string): GatewayFiles {
    const { "nginx.conf": config, ...files } = record(found.find("ConfigMap", namespace, name)?.data) as Record<
        string,
        string
    >;
    if (config === undefined) throw new Error(`no nginx.conf in ${namespace}/${name}`);
    return { config, files };
}

/** What a Secret of a cluster holds. */
export function secretOf(found: Found, namespace: string, name: string): Record<string, string> {
    const data = record(at(found.find("Secret", namespace, name), "data"));
    return Object.fromEntries(
        Object.entries(data).map(([key, value]) => [key, Buffer.from(String(value), "base64").toString()] as const),
    );
}
