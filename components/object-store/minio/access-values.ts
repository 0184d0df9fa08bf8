import type { BucketRequest, StoreRole } from "../../contracts/object-store";
import { restrictedContainer, restrictedPod } from "../../kubernetes/pod-security";
import { resources } from "../../kubernetes/resources";
import type { Scheduling } from "../../kubernetes/placement";
import { accessKeyEntry, SECRET_KEY_ENTRY, userSecret } from "./names";
import type { MinioSettings } from "./settings";
import { usersOf, type Role } from "./users";
import type { ChartValues } from "./values.gen";

/**
 * Buckets, policies and users, and the job that makes them after each install and upgrade.
 * @param readOnly whether each store's buckets have users too that only read them.
 */
export function accessValues(
    requests: readonly BucketRequest[],
    readOnly: boolean,
    rotation: MinioSettings["rotation"],
    scheduling: Scheduling,
): ChartValues {
    const users = usersOf(requests, readOnly, rotation);
    return {
        buckets: requests.flatMap(({ buckets }) => buckets.map(bucket)),
        // Both users of a store have the one policy.
        policies: [...requests.map(ownerPolicy), ...(readOnly ? requests.map(readerPolicy) : [])],
        // Also replaces the chart's default, an administrator whose password everyone knows.
        users: users.map(({ name, store, role }) => ({
            // The job's script writes this through a shell, so the access key itself stays out of the values.
            accessKey: contentOf(accessKeyEntry(name)),
            existingSecret: userSecret(name),
            existingSecretKey: SECRET_KEY_ENTRY,
            policy: policyName(store, role),
        })),
        // The chart leaves a user alone that exists; this writes a changed secret key.
        customCommands: users.map(({ name }) => ({
            command: `admin user add myminio "${contentOf(accessKeyEntry(name))}" "${contentOf(`secrets/${userSecret(name)}/${SECRET_KEY_ENTRY}`)}"`,
        })),
        postJob: {
            // A rotation changes Secrets only; this makes it an upgrade, which runs the job.
            podAnnotations: {
                "observability-platform/credentials-rotation": [
                    ...requests.map(({ store }) => `${store}-${rotation[store]}`),
                    ...(readOnly ? [`read-only-${rotation.readOnly}`] : []),
                ].join("."),
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

/** A bucket that nobody reads without a key, that no upgrade empties, and that has never heard of versions. */
function bucket(name: string) {
    // The chart's default suspends versioning, and in a suspended bucket every delete leaves a marker for ever.
    return { name, policy: "none", purge: false, versioning: "skip", objectlocking: false };
}

function policyName(store: StoreRole, role: Role): string {
    return `${store}-${role === "owner" ? "rw" : "ro"}`;
}

/** The store itself: its own buckets, and what an S3 client needs in them. */
function ownerPolicy({ store, buckets }: BucketRequest) {
    return policy(
        policyName(store, "owner"),
        buckets,
        ["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"],
        ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"],
    );
}

/** Who copies the store's buckets to elsewhere, and must be unable to harm them. */
function readerPolicy({ store, buckets }: BucketRequest) {
    return policy(policyName(store, "reader"), buckets, ["s3:GetBucketLocation", "s3:ListBucket"], ["s3:GetObject"]);
}

function policy(name: string, buckets: readonly string[], bucketActions: string[], objectActions: string[]) {
    const arns = buckets.map((bucketName) => `arn:aws:s3:::${bucketName}`);
    return {
        name,
        // Bucket rights on buckets, object rights on objects: a right on the wrong kind of the two is refused.
        statements: [
            { resources: arns, actions: bucketActions },
            { resources: arns.map((arn) => `${arn}/*`), actions: objectActions },
        ],
    };
}
