import { problem, setSecret, type SettingsProblem } from "../../settings/problem";
import { ask } from "../../settings/readable";
import type { BucketRequest } from "../../contracts/object-store";
import type { S3Settings } from "./settings";

export function s3Rules(settings: S3Settings): SettingsProblem[] {
    return ask(
        () => pathRules(settings),
        () => sharedPairs(settings),
    );
}

function pathRules({ pathStyle, endpoint }: S3Settings): SettingsProblem[] {
    if (pathStyle || !/^[\d.]+:/.test(endpoint)) return [];
    const allowed = "true, since no bucket can be put before an IP address";
    return [problem("objectStore.pathStyle", false, allowed, "write pathStyle: true")];
}

/** A key pair opens the buckets of one store, so that what one of them loses is lost to nobody else. */
function sharedPairs({ credentials, readOnlyCredentials = {} }: S3Settings): SettingsProblem[] {
    const owners = new Map<string, string>();
    return Object.entries({ credentials, readOnlyCredentials }).flatMap(([key, pairs]) =>
        Object.entries(pairs).flatMap(([store, pair]) => {
            const path = `objectStore.${key}.${store}`;
            const owner = owners.get(pair.accessKeyId) ?? path;
            owners.set(pair.accessKeyId, owner);
            if (owner === path) return [];
            return [problem(`${path}.accessKeyId`, "[secret]", `another key than ${owner} has`, setPair(path))];
        }),
    );
}

/** Nothing here makes users: each store's key pair is the user's to give. */
export function keyPairRules(
    { credentials: pairs, readOnlyCredentials }: S3Settings,
    requests: readonly BucketRequest[],
    copied: boolean,
): SettingsProblem[] {
    return requests.flatMap(({ store, buckets }) => [
        ...missing(
            pairs[store],
            `objectStore.credentials.${store}`,
            `a key pair for ${buckets.join(" and ")}, which ${store} keeps its data in`,
        ),
        ...(copied || readOnlyCredentials !== undefined
            ? missing(
                  readOnlyCredentials?.[store],
                  `objectStore.readOnlyCredentials.${store}`,
                  `a key pair that only lists and reads ${buckets.join(" and ")}: a copy must be unable to harm what it copies`,
              )
            : []),
    ]);
}

function missing(pair: object | undefined, path: string, allowed: string): SettingsProblem[] {
    if (pair !== undefined) return [];
    return [problem(path, "nothing", allowed, setPair(path))];
}

function setPair(path: string): string {
    return `${setSecret(`${path}.accessKeyId`)}, and .secretAccessKey beside it`;
}
