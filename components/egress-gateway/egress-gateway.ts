import { createHash } from "node:crypto";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { HubGateway } from "../contracts/hub";
import type { Endpoint } from "../contracts/ready";
import { applications, flowsFrom } from "../kubernetes/access-labels";
import { secret } from "../kubernetes/credentials";
import { systemNamespace } from "../kubernetes/namespace";
import { networkPolicies, type NetworkArgs } from "../kubernetes/network-policies";
import { nginxDeployment } from "../kubernetes/nginx-pods";
import { completed, type Given } from "../settings/complete";
import type { PlatformSettings } from "../settings/platform";
import { gatewayPods, gatewayService } from "./gateway";
import { GATEWAY, gatewayUrl, HUB_SECRET, LABELS, NAMESPACE, PORT } from "./names";
import { gatewayConfig } from "./nginx";
import { hubSlice, type HubSettings } from "./settings";
import { fromStack, joinedBy } from "./stack";

export interface EgressGatewayArgs {
    readonly platform: PlatformSettings;
    readonly settings: HubSettings;
    /** Namespaces of the platform whose pods push. */
    readonly pushFrom: readonly string[];
}

/**
 * The one way out to the hub: what is sent there passes these pods, which alone know its address and credentials.
 */
export class EgressGateway extends pulumi.ComponentResource implements HubGateway {
    readonly url = gatewayUrl;
    readonly endpoint: Endpoint = { namespace: NAMESPACE, podPort: PORT };
    readonly offline: string;
    readonly ready: pulumi.Resource[];

    constructor(name: string, given: Given<EgressGatewayArgs, "pushFrom">, opts?: pulumi.ComponentResourceOptions) {
        const args = completed<EgressGatewayArgs, "pushFrom">("hub", hubSlice, given, { pushFrom: [] }, {});
        super("observability:egress-gateway:EgressGateway", name, {}, opts);
        const { platform, settings } = args;
        const namespace = systemNamespace(
            { name: NAMESPACE, podSecurity: { level: "restricted" }, holdsData: false, platform },
            { parent: this },
        );
        const inNamespace = { parent: this, dependsOn: [namespace] };
        const policies = networkPolicies(hubNetwork(args), inNamespace);
        const joined = joinedBy(settings, platform.cluster);
        const data = joined && fromStack(joined, { parent: this });
        const credentials = data && secret(HUB_SECRET, { name: HUB_SECRET, namespace: NAMESPACE, data }, inNamespace);
        const service = new k8s.core.v1.Service(GATEWAY, gatewayService, inNamespace);
        const pods = gatewayPods(settings, gatewayConfig(settings, platform));
        const deployment = nginxDeployment(
            platform,
            // Pods read the Secret at their start: another password starts new ones. The digest is of 238 random bits.
            { ...pods, ...(data && { annotations: { [`observability-platform/${HUB_SECRET}`]: digest(data) } }) },
            { namespace: NAMESPACE, after: [...(credentials ? [credentials] : []), ...policies] },
            inNamespace,
        );
        this.offline = settings.offline;
        this.ready = [deployment, service];
        this.registerOutputs({ url: this.url });
    }
}

function digest(data: pulumi.Output<Record<string, string>>): pulumi.Output<string> {
    return data.apply((all) => createHash("sha256").update(JSON.stringify(all)).digest("hex"));
}

/** In from whoever sends here, out to the hub, whose address no policy can name. */
export function hubNetwork({ platform, settings, pushFrom }: EgressGatewayArgs): NetworkArgs {
    return {
        namespace: NAMESPACE,
        cluster: platform,
        ingress: flowsFrom("push", pushFrom, applications(platform), { ports: [PORT], pods: LABELS }),
        egress: [{ name: "to-hub", peer: "anywhere", ports: [settings.port], pods: LABELS }],
    };
}
