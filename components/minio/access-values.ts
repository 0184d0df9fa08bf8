import type { BucketRequest, StoreName } from "../contracts";
import { restrictedContainer, restrictedPod } from "../pod-security";
import { resources } from "../resources";
import type { Scheduling } from "../placement";
import { accessKeyEntry, SECRET_KEY_ENTRY, userSecret } from "./names";
import type { MinioSettings } from "./settings";
import type { ChartValues } from "./values.gen";

/** Buckets, policies and users, and the job that makes them after each install and upgrade. */
export function accessValues(
    requests: readonly BucketRequest[],
    rotation: MinioSettings["rotation"],
    scheduling: Scheduling,
): ChartValues {
    return {
        buckets: requests.flatMap(({ buckets }) => buckets.map(bucket)),
        policies: requests.map(policy),
        // Also replaces the chart's default, an administrator whose password everyone knows.
        users: requests.map(({ store }) => ({
            // The job's script writes this through a shell, so the access key itself stays out of the values.
            accessKey: contentOf(accessKeyEntry(store)),
            existingSecret: userSecret(store),
            existingSecretKey: SECRET_KEY_ENTRY,
            policy: policyName(store),
        })),
        // The chart leaves a user alone that exists; this writes a changed secret key.
        customCommands: requests.map(({ store }) => ({
            command: `admin user add myminio "${contentOf(accessKeyEntry(store))}" "${contentOf(`secrets/${userSecret(store)}/${SECRET_KEY_ENTRY}`)}"`,
        })),
        postJob: {
            // A rotation changes Secrets only; this makes it an upgrade, which runs the job.
            podAnnotations: {
                "observability-platform/credentials-generation": requests
                    .map(({ store }) => `${store}-${rotation[store]}`)
                    .join("."),
            },
            securityContext: { enabled: true, ...restrictedPod(1000) },
            nodeSelector: scheduling.nodeSelector,
            tolerations: scheduling.tolerations,
        },
        makePolicyJob: jobContainer,
        makeBucketJob: jobContainer,
        makeUserJob: jobContainer,
        customCommandJob: jobContainer,
    };
}

const jobContainer = {
    // Only switches the next key on; what else stands here is not rendered.
    securityContext: { enabled: true },
    containerSecurityContext: restrictedContainer(false),
    resources: resources("10m", "64Mi", "256Mi"),
};

/** Shell text for what one of the job's mounted files holds. */
function contentOf(file: string): string {
    return `$(cat /config/${file})`;
}

function policyName(store: StoreName): string {
    return `${store}-rw`;
}

/** A bucket that nobody reads without a key, that no upgrade empties, and that has never heard of versions. */
function bucket(name: string) {
    // The chart's default suspends versioning, and in a suspended bucket every delete leaves a marker for ever.
    return { name, policy: "none", purge: false, versioning: "skip", objectlocking: false };
}

/** A store's rights: its own buckets, and what an S3 client needs in them. */
function policy({ store, buckets }: BucketRequest) {
    const arns = buckets.map((name) => `arn:aws:s3:::${name}`);
    return {
        name: policyName(store),
        // Bucket rights on buckets, object rights on objects: a right on the wrong kind of the two is refused.
        statements: [
            { resources: arns, actions: ["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"] },
            {
                resources: arns.map((arn) => `${arn}/*`),
                actions: [
                    "s3:GetObject",
                    "s3:PutObject",
                    "s3:DeleteObject",
                    "s3:AbortMultipartUpload",
                    "s3:ListMultipartUploadParts",
                ],
            },
        ],
    };
}
