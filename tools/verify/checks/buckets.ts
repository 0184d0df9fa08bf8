import { record } from "../../records";
import type { Check } from "../check";
import type { Found } from "../finding";
import { bucketRequests, objectStoreKindOf, type StoreRole } from "../program";
import { bucketUsesOf, denied, minioAt, type BucketUse, type Minio } from "../wiring/buckets";
import { nameOf, type ClusterModel } from "../cluster-model";

export const buckets: Check = {
    name: "buckets",
    promise:
        "Every bucket that a store names is made, and the store's user or account may read, write and delete in it",
    run: (model) =>
        bucketUsesOf(model).flatMap((use) => {
            const minio = minioAt(model, use.endpoint, use.at.namespace ?? "default");
            return minio === undefined ? outside(use, model) : [...made(use, minio), ...granted(use, minio)];
        }),
};

function made({ at, bucket, path }: BucketUse, minio: Minio): Found[] {
    if (minio.buckets.includes(bucket)) return [];
    return [
        {
            object: nameOf(at),
            found: `bucket ${bucket}, which MinIO of namespace ${minio.namespace} is not told to make`,
            wanted: `one of ${minio.buckets.join(", ")}`,
            hint: `it stands at ${path}; MinIO makes the buckets that the stores' settings name`,
        },
    ];
}

/** A bucket without a grant is refused when the first block is written, hours after the pods are ready. */
function granted({ at, bucket, path, users }: BucketUse, minio: Minio): Found[] {
    const found = users.flatMap(({ pods, accessKey, secretKey }): Omit<Found, "object" | "hint">[] => {
        const user = minio.users.find((each) => each.accessKey === accessKey);
        if (user === undefined) {
            return [
                { found: `${pods.name} has the access key of no user of MinIO`, wanted: "AWS_ACCESS_KEY_ID of one" },
            ];
        }
        if (user.secretKey !== secretKey) {
            return [
                { found: `${pods.name} has another secret key than its user in MinIO`, wanted: "the same in both" },
            ];
        }
        const lacks = denied(minio.policies.get(user.policy), bucket);
        return lacks.length === 0
            ? []
            : [
                  {
                      found: `policy ${user.policy} does not allow ${lacks.join(", ")} in ${bucket}`,
                      wanted: "all of them",
                  },
              ];
    });
    const each = new Map(found.map((one) => [one.found, one]));
    return [...each.values()].map((one) => ({ object: nameOf(at), ...one, hint: `the bucket stands at ${path}` }));
}

/** Buckets of an outside S3 exist before the stack: the settings are all that says which. */
function outside(use: BucketUse, model: ClusterModel): Found[] {
    const { at, bucket, path, endpoint } = use;
    const requests = bucketRequests(model.settings);
    const owner = requests.find(({ buckets: own }) => own.includes(bucket));
    if (owner !== undefined) return unopened(use, owner.store, model);
    const named = requests.flatMap(({ buckets: own }) => own);
    return [
        {
            object: nameOf(at),
            found: `bucket ${bucket} of ${endpoint.text}`,
            wanted: `one that the settings name: ${named.join(", ")}`,
            hint: `it stands at ${path}: set buckets of the store, not its values`,
        },
    ];
}

/** Pods that open a bucket by a key pair have one; those that the object store knows by their account have that account. */
function unopened({ at, path, users }: BucketUse, store: StoreRole, model: ClusterModel): Found[] {
    const { objectStore } = model.settings;
    const account = objectStoreKindOf(model.settings).accountOf(objectStore, store);
    const found = users.flatMap(({ pods, accessKey }): Omit<Found, "object" | "hint">[] => {
        if (account === undefined) {
            if (accessKey !== undefined) return [];
            return [{ found: `${pods.name} has no key for the object store`, wanted: "AWS_ACCESS_KEY_ID" }];
        }
        if (accessKey !== undefined) {
            const wanted = "no key: it is taken before the account";
            return [{ found: `${pods.name} has a key beside its account`, wanted }];
        }
        const name = typeof pods.spec.serviceAccountName === "string" ? pods.spec.serviceAccountName : "default";
        const annotations = record(model.find("ServiceAccount", pods.namespace, name)?.metadata.annotations);
        return Object.entries(account).flatMap(([key, wanted]) => {
            const given = annotations[key];
            if (given === wanted) return [];
            const is = typeof given === "string" ? given : "missing";
            return [{ found: `${pods.name} runs as ${name}, whose ${key} is ${is}`, wanted }];
        });
    });
    return found.map((one) => ({ object: nameOf(at), ...one, hint: `the bucket stands at ${path}` }));
}
