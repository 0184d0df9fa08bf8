import { at, isRecord, record, records } from "../../records";
import type { RenderedObject } from "../../render/manifests";
import type { Pods } from "../pods";
import type { ClusterModel } from "../cluster-model";
import { addressesIn, type Address } from "./addresses";
import { ofContainer } from "./environment";
import { resolve } from "./endpoints";
import { readersOf, targetsOf } from "./readers";
import { filesOf, structureOf } from "./texts";
import { wiringOf } from "./wiring";

/** A bucket in a store's configuration. */
export interface BucketUse {
    readonly at: RenderedObject;
    readonly path: string;
    readonly bucket: string;
    readonly endpoint: Address;
    /** Pods that use it, with the keys of their environment. */
    readonly users: readonly { pods: Pods; accessKey: string | undefined; secretKey: string | undefined }[];
}

/** As the stores' configurations call it; Loki takes several in one text. */
const BUCKET_KEYS = ["bucket", "bucket_name", "bucketnames"];

/** Every bucket that a rendered configuration names beside an endpoint, and those of archives. */
export function bucketUsesOf(model: ClusterModel): BucketUse[] {
    return [...configured(model), ...model.ofKind("ObjectStore").flatMap((object) => archived(model, object))];
}

/** An archive of a database names its bucket, and the Secret with its keys, by itself. */
function archived(model: ClusterModel, object: RenderedObject): BucketUse[] {
    const { destinationPath, endpointURL, s3Credentials } = record(at(object.object, "spec.configuration"));
    const path = "spec.configuration.destinationPath";
    const bucket = /^s3:\/\/([^/]+)/.exec(String(destinationPath))?.[1];
    const { hasNamespace } = wiringOf(model);
    const [endpoint] = addressesIn(String(endpointURL), { key: "endpoint", hasNamespace });
    if (bucket === undefined || endpoint === undefined) return [];
    const keyAt = (field: string) => {
        const { name, key } = record(record(s3Credentials)[field]);
        const secret = model.find("Secret", object.namespace, String(name));
        return secret && filesOf(secret)?.get(String(key));
    };
    const keys = { accessKey: keyAt("accessKeyId"), secretKey: keyAt("secretAccessKey") };
    const users = readersOf(model, object).map((pods) => ({ pods, ...keys }));
    return [{ at: object, path, bucket, endpoint, users }];
}

function configured(model: ClusterModel): BucketUse[] {
    return model.objects.flatMap((object) => {
        const files = filesOf(object.object);
        if (files === undefined) return [];
        const found = [...files].flatMap(([name, text]) =>
            text.includes("endpoint") && text.includes("bucket") ? storesIn(structureOf(text), name) : [],
        );
        if (found.length === 0) return [];
        const users = readersOf(model, object)
            .map((pods) => ({ pods, ...keysOf(model, pods) }))
            .filter(({ pods, accessKey }) => accessKey !== undefined || usesStore(pods));
        return found.flatMap(({ endpoint, buckets, path }) => {
            const [address] = addressesIn(endpoint, { key: "endpoint", hasNamespace: wiringOf(model).hasNamespace });
            if (address === undefined) return [];
            return buckets.map((bucket) => ({ at: object, path, bucket, endpoint: address, users }));
        });
    });
}

/** Modules that read the section with all others and open no bucket. */
const WITHOUT_STORE = ["distributor", "query-frontend", "query-scheduler"];

function usesStore(pods: Pods): boolean {
    const targets = targetsOf(pods);
    return targets.length === 0 || targets.some((target) => !WITHOUT_STORE.includes(target));
}

interface Store {
    readonly endpoint: string;
    readonly buckets: readonly string[];
    readonly path: string;
}

function storesIn(value: unknown, path: string): Store[] {
    if (Array.isArray(value)) return value.flatMap((item) => storesIn(item, path));
    if (!isRecord(value) || value.enabled === false) return [];
    const buckets = BUCKET_KEYS.flatMap((key) => {
        const named = value[key];
        return typeof named === "string" && named !== "" ? named.split(",").map((each) => each.trim()) : [];
    });
    const { endpoint } = value;
    const own = typeof endpoint === "string" && buckets.length > 0 ? [{ endpoint, buckets, path }] : [];
    return [...own, ...Object.entries(value).flatMap(([key, inner]) => storesIn(inner, `${path} > ${key}`))];
}

/** The S3 key pair in a pod's environment, as AWS' client libraries look for it. */
function keysOf(
    model: ClusterModel,
    { namespace, spec }: Pods,
): { accessKey: string | undefined; secretKey: string | undefined } {
    const values = new Map(
        records(spec.containers).flatMap((container) => [...ofContainer(model, namespace, container)]),
    );
    return {
        accessKey: values.get("AWS_ACCESS_KEY_ID") ?? undefined,
        secretKey: values.get("AWS_SECRET_ACCESS_KEY") ?? undefined,
    };
}

/** What a MinIO in the cluster is told to make. */
export interface Minio {
    readonly namespace: string;
    readonly buckets: readonly string[];
    readonly users: readonly { accessKey: string; secretKey: string | undefined; policy: string }[];
    readonly policies: ReadonlyMap<string, unknown>;
}

/** The MinIO that answers at an address, by the scripts of its chart's job; undefined where none is rendered there. */
export function minioAt(model: ClusterModel, endpoint: Address, namespace: string): Minio | undefined {
    const resolved = resolve(wiringOf(model), endpoint, namespace);
    const [first] = resolved.kind === "endpoints" ? resolved.endpoints : [];
    if (first === undefined) return undefined;
    const { owner } = first.pods;
    const scripts = model
        .ofKind("ConfigMap")
        .filter((each) => each.release === owner.release && each.namespace === owner.namespace)
        .map(({ object }) => filesOf(object) ?? new Map<string, string>())
        .find((files) => files.has("add-policy") || files.has("initialize"));
    if (scripts === undefined) return undefined;
    const of = owner.namespace ?? "default";
    const add = (name: string) => scripts.get(name) ?? "";
    return {
        namespace: of,
        buckets: [...add("initialize").matchAll(/^\s*createBucket (\S+) /gm)].map(([, name = ""]) => name),
        users: usersIn(model, of, add("add-user")),
        policies: new Map(
            [...add("add-policy").matchAll(/^\s*createPolicy ([\w.-]+) (\S+)/gm)].map(([, name = "", file = ""]) => [
                name,
                structureOf(scripts.get(`${file}.json`) ?? ""),
            ]),
        ),
    };
}

/** The script names a file for each key, which the job mounts out of Secrets, and the user's policy after them. */
function usersIn(model: ClusterModel, namespace: string, script: string): Minio["users"] {
    const secrets = model.ofKind("Secret").filter((each) => each.namespace === namespace);
    const mounted = (file: string) => {
        const parts = file.split("/");
        const key = parts.at(-1) ?? "";
        const named = secrets.filter(({ object }) => parts.length === 1 || object.metadata.name === parts.at(-2));
        return named.map(({ object }) => filesOf(object)?.get(key)).find((value) => value !== undefined);
    };
    const blocks = script.matchAll(
        /cat \/config\/(\S+?)\)?\s*>.*\n\s*cat \/config\/(\S+)\s*>>.*\n(?:(?!createUser).*\n)*?\s*createUser (\S+)/g,
    );
    return [...blocks].flatMap(([, access = "", secret = "", policy = ""]) => {
        const accessKey = mounted(access);
        return accessKey === undefined ? [] : [{ accessKey, secretKey: mounted(secret), policy }];
    });
}

/** What a store does in its bucket. */
const NEEDED = {
    bucket: ["s3:ListBucket"],
    objects: ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"],
};

/** Actions in a bucket that a store needs and its policy does not allow. */
export function denied(policy: unknown, bucket: string): string[] {
    const arn = `arn:aws:s3:::${bucket}`;
    return [
        ...NEEDED.bucket.filter((action) => !allows(policy, action, arn)),
        ...NEEDED.objects.filter((action) => !allows(policy, action, `${arn}/any`)),
    ];
}

function allows(policy: unknown, action: string, resource: string): boolean {
    const meant = records(record(policy).Statement).filter(
        (statement) => covers(statement.Action, action) && covers(statement.Resource, resource),
    );
    return meant.some(({ Effect }) => Effect === "Allow") && !meant.some(({ Effect }) => Effect === "Deny");
}

/** Patterns of policies: `*` stands for any text. */
function covers(patterns: unknown, text: string): boolean {
    return [patterns].flat().some((pattern) => {
        const parts = String(pattern)
            .split("*")
            .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
        return new RegExp(`^${parts.join(".*")}$`).test(text);
    });
}
