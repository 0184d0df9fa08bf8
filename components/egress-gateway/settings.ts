import { z } from "zod";
import type { Survives } from "../kubernetes/placement";
import type { PlatformSettings } from "../settings/platform";
import { problem, type SettingsProblem } from "../settings/problem";
import { ask } from "../settings/readable";
import { leastOf, replicaRules } from "../settings/replicas";
import type { Slice } from "../settings/slice";
import { about, describe, dnsLabel, objectName, portNumber, replicas, span, tenantId, text } from "../settings/types";
import { switchedOff, unusedRules } from "../settings/unused";
import { AT, egressGatewayReplicated } from "./workloads";

const stackName = text(
    /^[A-Za-z0-9_.-]{1,100}\/[A-Za-z0-9_.-]{1,100}\/[A-Za-z0-9_.-]{1,100}$/,
    "a stack as ORGANIZATION/PROJECT/STACK, the organization `organization` in a backend without any",
    "acme/observability/prod",
);

const ca = z
    .discriminatedUnion("from", [
        z.strictObject({
            from: describe(z.literal("secret"), { description: "Where the bundle stands." }),
            name: describe(objectName, { example: "hub-ca" }),
        }),
        z.strictObject({ from: z.literal("configMap"), name: describe(objectName, { example: "hub-ca" }) }),
    ])
    .register(about, {
        description:
            "Bundle `ca.crt` in the namespace egress-gateway, of the authorities that the hub's certificate may be of; where absent, what the hub's stack or its Secret says, and else the authorities of the image.",
        allowed: "from: secret or configMap, with a name",
        example: "{ from: configMap, name: hub-ca }",
    });

/** The hub: another stack whose ingest gateway takes what this one does not keep. */
export const hubSettings = z
    .strictObject({
        stack: describe(stackName, {
            description:
                "The hub's stack, whose secret output `clusters` has address and credentials of this cluster. Read anew by each `pulumi up`.",
        }).optional(),
        cluster: describe(dnsLabel, {
            description: "Name of this cluster in the hub's list; that of the setting `cluster` if absent.",
            example: "edge-eu",
        }).optional(),
        secret: describe(objectName, {
            description:
                "Instead of `stack`, an existing Secret in the namespace egress-gateway: `url`, the ingest gateway's base address; `username` and `password`, or `tls.crt` and `tls.key`; `ca.crt` where the hub's certificate is of an authority of its own. Its pods read it at their start.",
            example: "hub",
        }).optional(),
        ca: ca.optional(),
        tenant: describe(tenantId, {
            description:
                "Tenant that is named to the hub; nobody if absent, as an ingest gateway of this platform sets it by the client.",
        }).optional(),
        offline: describe(span("1h", "24h", "12h"), {
            description:
                "How long the hub may be away at a time without the loss of a sample that Prometheus or a collector scraped: their write-ahead logs are kept for twice as long, and half again. A restart of either begins anew: then the other Prometheus of the pair has what was unsent. What applications push is kept by size, in k8sMonitoring.volumes.queue; lines of pods are kept by the nodes, as far as kubelets rotate them.",
        }),
        port: describe(portNumber, {
            description: "Port of the hub's address, which network policies open to anywhere.",
        }),
        replicas: describe(replicas, { description: "Gateways that hand on to the hub." }),
    })
    .register(about, {
        otherNames: {
            url: "secret: <name>, an existing Secret that holds url",
            password: "secret: <name>, an existing Secret that holds password",
        },
    });

export type HubSettings = z.infer<typeof hubSettings>;

export function hubDefaults(survives: Survives): HubSettings {
    return { offline: "12h", port: 443, replicas: leastOf(egressGatewayReplicated.gateway, survives) };
}

export const hubSlice: Slice<typeof hubSettings> = {
    schema: hubSettings,
    defaults: hubDefaults,
    rules: (settings, platform) =>
        ask(
            () => sourceRules(settings),
            () => countRules(settings, platform),
            () => portRules(settings, platform),
        ),
};

/** Whether a hub is named at all. */
export function hasHub({ stack, secret }: Pick<HubSettings, "stack" | "secret">): boolean {
    return stack !== undefined || secret !== undefined;
}

function sourceRules(settings: HubSettings): SettingsProblem[] {
    const { stack, secret, cluster } = settings;
    if (stack !== undefined && secret !== undefined) {
        const allowed = "nothing beside hub.stack: address and credentials are of one or the other";
        return [problem(`${AT}.secret`, secret, allowed, "remove one of both")];
    }
    if (stack !== undefined) return [];
    if (cluster !== undefined) {
        const allowed = "nothing without hub.stack, in whose list it is a name";
        return [problem(`${AT}.cluster`, cluster, allowed, "remove it, or write stack: ORGANIZATION/PROJECT/STACK")];
    }
    return [];
}

/** What the network policies let out to. */
function portRules({ port }: HubSettings, { networkPolicies, survives }: PlatformSettings): SettingsProblem[] {
    return networkPolicies ? [] : unusedRules(AT, { port }, hubDefaults(survives), switchedOff("networkPolicies"));
}

function countRules({ replicas }: HubSettings, { survives }: Pick<PlatformSettings, "survives">): SettingsProblem[] {
    return replicaRules(egressGatewayReplicated, { gateway: replicas }, survives);
}
