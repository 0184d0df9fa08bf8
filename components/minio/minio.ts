import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { chartRelease } from "../chart-release";
import type { BucketGrant, BucketRequest, EachStore, Endpoint, ObjectStore } from "../contracts";
import { password, secret } from "../credentials";
import { systemNamespace } from "../namespace";
import { networkPolicies } from "../network";
import { grantEach } from "../object-store-settings";
import type { PlatformSettings } from "../platform-settings";
import { minioChart } from "./chart";
import { buildClusterProbe, buildServiceMonitor } from "./monitors";
import {
    accessKeyEntry,
    API_PORT,
    NAMESPACE,
    RELEASE,
    ROOT_SECRET,
    SECRET_KEY_ENTRY,
    userSecret,
    type UserName,
} from "./names";
import type { MinioSettings } from "./settings";
import { buildMinioValues } from "./values";

export interface MinioArgs {
    readonly platform: PlatformSettings;
    readonly settings: MinioSettings;
    /** One from each store. */
    readonly requests: readonly BucketRequest[];
    /** Whether somebody copies the buckets: makes a user for each store that only reads them. */
    readonly readers: boolean;
    /** Namespaces whose pods may use the S3 API. */
    readonly consumers: readonly string[];
    /** The definitions of ServiceMonitor and Probe. The release does not wait for them, since every store waits for it. */
    readonly monitoringCrds: pulumi.Resource[];
}

/**
 * MinIO: the buckets of the stores, a user for each store, and the servers that keep them.
 */
export class MinIO extends pulumi.ComponentResource implements ObjectStore {
    readonly endpoint = `${RELEASE}.${NAMESPACE}.svc.cluster.local:${API_PORT}`;
    readonly region = "us-east-1";
    readonly tls = false;
    readonly pathStyle = true;
    readonly healthUrl = `http://${RELEASE}.${NAMESPACE}.svc.cluster.local:${API_PORT}/minio/health/cluster`;
    readonly peer: Endpoint = { namespace: NAMESPACE, podPort: API_PORT };
    readonly grants: EachStore<BucketGrant>;
    readonly readers: EachStore<BucketGrant> | undefined;
    readonly ready: pulumi.Resource[];

    constructor(name: string, args: MinioArgs, opts?: pulumi.ComponentResourceOptions) {
        super("observability:minio:MinIO", name, {}, opts);
        const { platform, settings, requests } = args;
        const child = { parent: this };

        const namespace = systemNamespace(
            { name: NAMESPACE, podSecurity: { level: "restricted" }, holdsData: platform.protectData },
            child,
        );
        const inNamespace = { ...child, dependsOn: [namespace] };

        this.grants = grantEach(requests, ({ store, buckets }) => {
            const generation = settings.rotation[store];
            return {
                store,
                buckets,
                accessKeyId: accessKey(`${name}-${store}`, store, child),
                secretAccessKey: password(`${name}-${store}`, generation, child),
                generation,
            };
        });
        this.readers = args.readers
            ? grantEach(requests, ({ store, buckets }) => {
                  const generation = settings.rotation.readers;
                  return {
                      store,
                      buckets,
                      accessKeyId: accessKey(`${name}-${store}-reader`, `${store}-r`, child),
                      secretAccessKey: password(`${name}-${store}-reader`, generation, child),
                      generation,
                  };
              })
            : undefined;
        const users: [UserName, BucketGrant][] = [
            ...Object.values(this.grants).map((grant): [UserName, BucketGrant] => [grant.store, grant]),
            ...Object.values(this.readers ?? {}).map((grant): [UserName, BucketGrant] => [
                `${grant.store}-reader`,
                grant,
            ]),
        ];

        const rootSecret = secret(
            `${name}-root`,
            {
                name: ROOT_SECRET,
                namespace: NAMESPACE,
                data: {
                    rootUser: accessKey(`${name}-root`, "root", child),
                    rootPassword: password(`${name}-root`, settings.rotation.root, child),
                    ...Object.fromEntries(users.map(([user, grant]) => [accessKeyEntry(user), grant.accessKeyId])),
                },
            },
            inNamespace,
        );
        const userSecrets = users.map(([user, grant]) =>
            secret(
                `${name}-user-${user}`,
                {
                    name: userSecret(user),
                    namespace: NAMESPACE,
                    data: { [SECRET_KEY_ENTRY]: grant.secretAccessKey },
                },
                inNamespace,
            ),
        );
        const policies = networkPolicies(
            {
                namespace: NAMESPACE,
                enabled: platform.networkPolicies,
                ingress: [...new Set([...args.consumers, "monitoring"])].map((consumer) => ({
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
                values: buildMinioValues({ platform, settings, requests, readers: args.readers }),
                userValues: settings.values,
                chartMirror: platform.chartMirror,
                // Volumes, then servers, then the job that makes buckets and users.
                timeout: 900,
                holdsData: platform.protectData,
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
        this.registerOutputs({});
    }
}

/**
 * An access key that cannot be guessed, since flaws of S3 servers have let callers write who knew no more than that.
 * It stays through rotations: a new one would be a new user beside the old. MinIO allows 20 characters.
 */
function accessKey(name: string, user: string, opts: pulumi.CustomResourceOptions): pulumi.Output<string> {
    const length = Math.min(12, 20 - `${user}-`.length);
    const { result } = new random.RandomString(`${name}-access-key`, { length, special: false }, opts);
    return pulumi.interpolate`${user}-${result}`;
}
