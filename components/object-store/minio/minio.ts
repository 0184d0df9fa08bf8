import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { chartRelease } from "../../kubernetes/chart-release";
import {
    grantEach,
    type BucketGrant,
    type BucketRequest,
    type EachStore,
    type ObjectStore,
} from "../../contracts/object-store";
import type { Endpoint } from "../../contracts/ready";
import { password, secret } from "../../kubernetes/credentials";
import { systemNamespace } from "../../kubernetes/namespace";
import { MONITORING } from "../../kubernetes/namespaces";
import { networkPolicies } from "../../kubernetes/network-policies";
import { completed, type Given } from "../../settings/complete";
import type { PlatformSettings } from "../../settings/platform";
import { imageName } from "../image";
import { minioChart } from "./chart";
import { accessKey, roleKeys } from "./keys";
import { buildClusterProbe, buildServiceMonitor } from "./monitors";
import { accessKeyEntry, API_PORT, NAMESPACE, RELEASE, ROOT_SECRET, SECRET_KEY_ENTRY, userSecret } from "./names";
import { minioKind } from "./kind";
import type { MinioSettings } from "./settings";
import type { Role } from "./users";
import { buildMinioValues } from "./values";

export interface MinioArgs {
    readonly platform: PlatformSettings;
    readonly settings: MinioSettings;
    /** One from each store. */
    readonly requests: readonly BucketRequest[];
    /** Whether somebody copies the buckets: makes users for each store that only read them. */
    readonly readOnly: boolean;
    /** Namespaces whose pods may use the S3 API. */
    readonly consumers: readonly string[];
    /** The definitions of ServiceMonitor and Probe. The release does not wait for them, since every store waits for it. */
    readonly monitoringCrds: pulumi.Resource[];
}

/**
 * MinIO: the buckets of the stores, users for each store, and the servers that keep them.
 */
export class MinIO extends pulumi.ComponentResource implements ObjectStore {
    readonly endpoint = `${RELEASE}.${NAMESPACE}.svc.cluster.local:${API_PORT}`;
    readonly region = "us-east-1";
    readonly tls = false;
    readonly pathStyle = true;
    readonly healthUrl = `http://${RELEASE}.${NAMESPACE}.svc.cluster.local:${API_PORT}/minio/health/cluster`;
    readonly peer: Endpoint = { namespace: NAMESPACE, podPort: API_PORT };
    readonly identityAgents: readonly string[] = [];
    readonly tokenService = undefined;
    readonly clientImage: string;
    readonly grants: EachStore<BucketGrant>;
    readonly readOnlyGrants: EachStore<BucketGrant> | undefined;
    readonly ready: pulumi.Resource[];

    constructor(
        name: string,
        given: Given<MinioArgs, "readOnly" | "consumers" | "monitoringCrds">,
        opts?: pulumi.ComponentResourceOptions,
    ) {
        const args = completed<MinioArgs, "readOnly" | "consumers" | "monitoringCrds">(
            "objectStore",
            minioKind,
            given,
            { readOnly: false, consumers: [], monitoringCrds: [] },
        );
        super("observability:object-store:MinIO", name, {}, opts);
        const { platform, settings, requests } = args;
        const child = { parent: this };
        this.clientImage = imageName(settings.image, platform);

        const namespace = systemNamespace(
            { name: NAMESPACE, podSecurity: { level: "restricted" }, holdsData: platform.protectData, platform },
            child,
        );
        const inNamespace = { ...child, dependsOn: [namespace] };

        const keys = (role: Role) =>
            grantEach(requests, (request) => roleKeys(name, request, role, settings.rotation, child));
        const owners = keys("owner");
        const readers = args.readOnly ? keys("reader") : undefined;
        this.grants = owners;
        this.readOnlyGrants = readers;
        const users = [...Object.values(owners), ...Object.values(readers ?? {})].flatMap((each) => each.users);

        const rootSecret = secret(
            `${name}-root`,
            {
                name: ROOT_SECRET,
                namespace: NAMESPACE,
                data: {
                    rootUser: accessKey(`${name}-root`, "root", child),
                    rootPassword: password(`${name}-root`, settings.rotation.root, child),
                    // Also of users to come: the Secret from which the servers start is no store's rotation's to change.
                    ...Object.fromEntries(users.map((user) => [accessKeyEntry(user.name), user.accessKeyId])),
                },
            },
            inNamespace,
        );
        const userSecrets = users.flatMap(({ name: user, secretAccessKey }) =>
            secretAccessKey === undefined
                ? []
                : secret(
                      `${name}-user-${user}`,
                      { name: userSecret(user), namespace: NAMESPACE, data: { [SECRET_KEY_ENTRY]: secretAccessKey } },
                      inNamespace,
                  ),
        );
        const policies = networkPolicies(
            {
                namespace: NAMESPACE,
                cluster: platform,
                ingress: [...new Set([...args.consumers, MONITORING])].map((consumer) => ({
                    name: `from-${consumer}`,
                    peer: { namespace: consumer },
                    ports: [API_PORT],
                })),
            },
            inNamespace,
        );

        const release = chartRelease(
            name,
            {
                release: RELEASE,
                namespace: NAMESPACE,
                pin: minioChart,
                values: buildMinioValues({ platform, settings, requests, readOnly: args.readOnly }),
                userValues: settings.values,
                chartMirror: platform.chartMirror,
                // Volumes, then servers, then the job that makes buckets and users.
                timeout: 900,
                protectData: platform.protectData,
            },
            { ...child, dependsOn: [namespace, rootSecret, ...userSecrets, ...policies] },
        );
        this.ready = [release];

        const monitoring = { ...child, dependsOn: [namespace, ...args.monitoringCrds] };
        const apiVersion = "monitoring.coreos.com/v1";
        new k8s.apiextensions.CustomResource(
            `${name}-monitor`,
            { apiVersion, kind: "ServiceMonitor", ...buildServiceMonitor() },
            monitoring,
        );
        new k8s.apiextensions.CustomResource(
            `${name}-cluster-probe`,
            { apiVersion, kind: "Probe", ...buildClusterProbe() },
            monitoring,
        );
        // Key pairs are in the Secrets alone.
        const { endpoint, region, tls, pathStyle, healthUrl } = this;
        this.registerOutputs({ endpoint, region, tls, pathStyle, healthUrl });
    }
}
