import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { PlatformSettings } from "../settings/platform";
import { secret } from "./credentials";
import { PULL_SECRET } from "./image-pull";

/**
 * Pod Security level that the API server enforces in a namespace. `privileged` needs its reason in writing.
 * https://kubernetes.io/docs/concepts/security/pod-security-standards/
 */
export type PodSecurity = { level: "restricted" } | { level: "baseline" | "privileged"; reason: string };

export interface SystemNamespaceArgs {
    /** Name in the cluster. */
    readonly name: string;
    readonly podSecurity: PodSecurity;
    /** Deleting a namespace deletes its volume claims: refuse. */
    readonly holdsData: boolean;
    readonly platform: Pick<PlatformSettings, "imagePullSecret">;
}

/**
 * A namespace with its Pod Security level enforced, warned of and audited, and the login for images where the settings hold
 * it. Nothing waits for that: a node that could not pull an image tries again.
 */
export function systemNamespace(args: SystemNamespaceArgs, opts: pulumi.CustomResourceOptions): k8s.core.v1.Namespace {
    const { level } = args.podSecurity;
    const namespace = new k8s.core.v1.Namespace(
        args.name,
        {
            metadata: {
                name: args.name,
                labels: {
                    "app.kubernetes.io/part-of": "observability-platform",
                    "pod-security.kubernetes.io/enforce": level,
                    "pod-security.kubernetes.io/warn": level,
                    "pod-security.kubernetes.io/audit": level,
                },
                ...("reason" in args.podSecurity && {
                    annotations: { "observability-platform/pod-security-reason": args.podSecurity.reason },
                }),
            },
        },
        { protect: args.holdsData, ...opts },
    );
    const { imagePullSecret: login } = args.platform;
    if (login?.from === "settings") {
        secret(
            `${args.name}-${PULL_SECRET}`,
            {
                name: PULL_SECRET,
                namespace: args.name,
                type: "kubernetes.io/dockerconfigjson",
                data: { ".dockerconfigjson": login.dockerConfigJson },
            },
            { parent: opts.parent, dependsOn: [namespace] },
        );
    }
    return namespace;
}
