import type * as k8s from "@pulumi/kubernetes";
import { pullSecrets } from "../kubernetes/image-pull";
import type { StoreRole } from "../contracts/object-store";
import type { PlatformSettings } from "../settings/platform";
import { restrictedContainer, restrictedPod } from "../kubernetes/pod-security";
import { resources } from "../kubernetes/resources";
import { copyJob, ENTRIES, NAMESPACE, readerSecret, restoreJob, SCRIPTS, writerSecret } from "./names";
import type { BackupSettings, BackupTarget } from "./settings";

export interface JobArgs {
    readonly platform: PlatformSettings;
    readonly settings: BackupSettings;
    readonly target: BackupTarget;
    /** Secret with the keys of the second S3. */
    readonly targetSecret: string;
    /** Image with a shell, coreutils and mc. */
    readonly image: string;
    readonly store: StoreRole;
    readonly buckets: readonly string[];
    /** http(s)://host:port of the object store. */
    readonly storeUrl: string;
    /** Whether a Secret holds a key pair for it; the job's own service account is known there otherwise. */
    readonly hasKeys: boolean;
    /** URL that gives keys for a service account's token. */
    readonly tokenService: string | undefined;
}

type CronJob = k8s.types.input.batch.v1.CronJob & { metadata: { name: string; namespace: string } };

/** Minute at which each store's copy starts, so that they do not share the bandwidth more than they must. */
const MINUTES: Record<StoreRole, number> = { metrics: 5, database: 15, logs: 25, errors: 35, traces: 45 };

/** Copies a store's buckets at set hours. */
export function buildCopyJob(args: JobArgs): CronJob {
    const { everyHours, restore } = args.settings;
    const job = cronJob(args, copyJob(args.store), "copy.sh", readerSecret(args.store));
    return {
        ...job,
        spec: {
            ...job.spec,
            schedule: `${MINUTES[args.store]} */${everyHours} * * *`,
            // What a restore has not brought back yet must not be taken for the store as it is.
            suspend: restore !== undefined,
            jobTemplate: {
                spec: {
                    ...job.spec.jobTemplate.spec,
                    // A first copy may take days: it stops before the next is due, which goes on where this one was.
                    activeDeadlineSeconds: everyHours * 3600 - 60,
                },
            },
        },
    };
}

/** Writes the copy back, once a person makes a Job of it. It has no deadline. */
export function buildRestoreJob(args: JobArgs): CronJob {
    const job = cronJob(args, restoreJob(args.store), "restore.sh", writerSecret(args.store));
    return { ...job, spec: { ...job.spec, schedule: "0 0 1 1 *", suspend: true } };
}

/** What both have in common. */
function cronJob(args: JobArgs, name: string, script: string, storeSecret: string) {
    const { platform } = args;
    const labels = { "app.kubernetes.io/name": name, "app.kubernetes.io/part-of": "observability-platform" };
    return {
        metadata: { name, namespace: NAMESPACE, labels },
        spec: {
            timeZone: "Etc/UTC",
            concurrencyPolicy: "Forbid",
            // A start missed by more than this waits for the next.
            startingDeadlineSeconds: 1800,
            successfulJobsHistoryLimit: 1,
            failedJobsHistoryLimit: 3,
            jobTemplate: {
                spec: {
                    backoffLimit: 3,
                    template: {
                        metadata: { labels },
                        spec: {
                            restartPolicy: "Never",
                            ...(args.hasKeys ? {} : { serviceAccountName: name }),
                            automountServiceAccountToken: false,
                            securityContext: restrictedPod(1000),
                            ...pullSecrets(platform),
                            nodeSelector: platform.scheduling.nodeSelector,
                            tolerations: platform.scheduling.tolerations,
                            containers: [container(args, script, storeSecret)],
                            volumes: [
                                { name: "scripts", configMap: { name: SCRIPTS } },
                                { name: "tmp", emptyDir: { sizeLimit: "1Gi" } },
                            ],
                        },
                    },
                },
            },
        },
    };
}

function container(args: JobArgs, script: string, storeSecret: string) {
    const { platform, settings, target } = args;
    const variables = {
        STORE: args.store,
        BUCKETS: args.buckets.join(" "),
        STORE_URL: args.storeUrl,
        COPY_URL: `${target.tls ? "https" : "http"}://${target.endpoint}`,
        COPY_PATH: `${target.bucket}/${platform.cluster}`,
        BANDWIDTH: `${settings.bandwidth}B`,
        WORKERS: String(settings.workers),
        AT: settings.restore?.at ?? "",
        MC_CONFIG_DIR: "/tmp/mc",
        // mc looks for a service account's keys only where this is set.
        ...(args.tokenService !== undefined && { MC_STS_ENDPOINT_store: args.tokenService }),
    };
    return {
        name: "mc",
        image: args.image,
        command: ["/bin/sh", `/scripts/${script}`],
        env: [
            ...Object.entries(variables).map(([name, value]) => ({ name, value })),
            ...(args.hasKeys ? keyPair("STORE", storeSecret) : []),
            ...keyPair("COPY", args.targetSecret),
        ],
        // mc reads parts of 16 MiB and more into memory, some at once for each worker.
        resources: resources("100m", "256Mi", "1Gi"),
        securityContext: restrictedContainer(),
        volumeMounts: [
            { name: "scripts", mountPath: "/scripts", readOnly: true },
            { name: "tmp", mountPath: "/tmp" },
        ],
    };
}

function keyPair(side: "STORE" | "COPY", secretName: string) {
    const from = (key: string) => ({ secretKeyRef: { name: secretName, key } });
    return [
        { name: `${side}_ACCESS_KEY_ID`, valueFrom: from(ENTRIES.accessKeyId) },
        { name: `${side}_SECRET_ACCESS_KEY`, valueFrom: from(ENTRIES.secretAccessKey) },
    ];
}
