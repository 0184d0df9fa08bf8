import { problem, type SettingsProblem } from "../../settings/problem";
import type { BucketRequest } from "../../contracts/object-store";
import { endpointPort, type S3Settings } from "./settings";

export function s3Rules(settings: S3Settings): SettingsProblem[] {
    const problems: SettingsProblem[] = [];
    const port = endpointPort(settings);
    if (port < 1 || port > 65535) {
        problems.push(problem("objectStore.endpoint", settings.endpoint, "a port from 1 to 65535", "write host:443"));
    }
    if (!settings.pathStyle && /^[\d.]+:/.test(settings.endpoint)) {
        problems.push(
            problem(
                "objectStore.pathStyle",
                false,
                "true, since no bucket can be put before an IP address",
                "write pathStyle: true",
            ),
        );
    }
    return problems;
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
    return [problem(path, "nothing", allowed, `set ${path}.accessKeyId and .secretAccessKey`)];
}
