import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { BucketGrant, ObjectStore } from "../contracts/object-store";
import { secret } from "../kubernetes/credentials";
import { systemNamespace } from "../kubernetes/namespace";
import { flowsToBuckets, networkPolicies, type ClusterNetwork, type NetworkArgs } from "../kubernetes/network-policies";
import type { PlatformSettings } from "../settings/platform";
import { placedFor } from "../settings/scheduling";
import { buildCopyJob, buildRestoreJob } from "./jobs";
import { copyJob, ENTRIES, NAMESPACE, readerSecret, restoreJob, SCRIPTS, TARGET_SECRET, writerSecret } from "./names";
import type { BackupSettings, BackupTarget } from "./settings";

export interface BackupArgs {
    readonly platform: PlatformSettings;
    readonly settings: BackupSettings;
    readonly target: BackupTarget;
    readonly objectStore: ObjectStore;
}

/** Copies every store's buckets to a second S3, and while `restore` is set has the jobs that write them back. */
export class Backup extends pulumi.ComponentResource {
    /** Names of what copies, and of what writes back while `restore` is set. */
    readonly cronJobs: readonly string[];

    constructor(name: string, args: BackupArgs, opts?: pulumi.ComponentResourceOptions) {
        super("observability:backup:Backup", name, {}, opts);
        const { settings, target, objectStore } = args;
        const platform = placedFor(args.platform, "backup");
        if (objectStore.readOnlyGrants === undefined)
            throw new Error("The object store gave no key pairs to copy with.");
        const namespace = systemNamespace(
            { name: NAMESPACE, podSecurity: { level: "restricted" }, holdsData: false, platform },
            { parent: this },
        );
        const inNamespace = { parent: this, dependsOn: [namespace] };
        const policies = networkPolicies(backupNetwork(platform, target, objectStore), inNamespace);
        const scripts = new k8s.core.v1.ConfigMap(
            SCRIPTS,
            { metadata: { name: SCRIPTS, namespace: NAMESPACE }, data: { ...SCRIPT_TEXTS } },
            inNamespace,
        );
        // Once the object store knows them, as all that have its keys.
        const afterStore = { parent: this, dependsOn: [namespace, ...objectStore.ready] };
        const keys = (secretName: string, pair: Pair) =>
            secret(
                secretName,
                {
                    name: secretName,
                    namespace: NAMESPACE,
                    data: {
                        [ENTRIES.accessKeyId]: pair.accessKeyId,
                        [ENTRIES.secretAccessKey]: pair.secretAccessKey,
                    },
                },
                afterStore,
            );
        /** What a job opens the store with: a Secret, or a service account of the job's own name. */
        const opener = (job: string, secretName: string, grant: BucketGrant): pulumi.Resource =>
            grant.keys !== undefined
                ? keys(secretName, grant.keys)
                : new k8s.core.v1.ServiceAccount(
                      job,
                      {
                          metadata: { name: job, namespace: NAMESPACE, annotations: { ...grant.accountAnnotations } },
                          automountServiceAccountToken: false,
                      },
                      afterStore,
                  );
        const { credentials } = target;
        const fromSettings = credentials.from === "settings" ? [keys(TARGET_SECRET, credentials)] : [];
        const ready = [...policies, scripts, ...fromSettings, ...objectStore.ready];

        const jobArgs = ({ store, buckets, keys }: BucketGrant) => ({
            platform,
            settings,
            target,
            targetSecret: credentials.from === "secret" ? credentials.secretName : TARGET_SECRET,
            image: objectStore.clientImage,
            store,
            buckets,
            storeUrl: `${objectStore.tls ? "https" : "http"}://${objectStore.endpoint}`,
            hasKeys: keys !== undefined,
            tokenService: objectStore.tokenService,
        });
        const cronJobs: string[] = [];
        const cronJob = (object: ReturnType<typeof buildCopyJob>, opened: pulumi.Resource) => {
            cronJobs.push(object.metadata.name);
            new k8s.batch.v1.CronJob(object.metadata.name, object, {
                parent: this,
                dependsOn: [...ready, opened],
            });
        };
        for (const grant of Object.values(objectStore.readOnlyGrants)) {
            const { store } = grant;
            cronJob(buildCopyJob(jobArgs(grant)), opener(copyJob(store), readerSecret(store), grant));
        }
        if (settings.restore !== undefined) {
            for (const grant of Object.values(objectStore.grants)) {
                const { store } = grant;
                cronJob(buildRestoreJob(jobArgs(grant)), opener(restoreJob(store), writerSecret(store), grant));
            }
        }
        this.cronJobs = cronJobs;
        this.registerOutputs({ cronJobs: this.cronJobs });
    }
}

interface Pair {
    readonly accessKeyId: pulumi.Input<string>;
    readonly secretAccessKey: pulumi.Input<string>;
}

const script = (file: string) => readFileSync(join(__dirname, "scripts", file), "utf8");
const SCRIPT_TEXTS = { "copy.sh": script("copy.sh"), "restore.sh": script("restore.sh") };

/** Nothing comes in; out to both object stores. */
export function backupNetwork(
    cluster: ClusterNetwork,
    { endpoint }: Pick<BackupTarget, "endpoint">,
    objectStore: Pick<ObjectStore, "peer" | "identityAgents">,
): NetworkArgs {
    return {
        namespace: NAMESPACE,
        cluster,
        egress: [
            ...flowsToBuckets(objectStore),
            { name: "to-copy", peer: "anywhere", ports: [Number(endpoint.slice(endpoint.lastIndexOf(":") + 1))] },
        ],
    };
}
