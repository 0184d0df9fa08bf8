import { problem, setSecret, type SettingsProblem } from "../../settings/problem";
import { unused } from "../../settings/unused";
import { ask } from "../../settings/readable";
import type { BucketRequest } from "../../contracts/object-store";
import type { S3Settings } from "./settings";

type Identity = NonNullable<S3Settings["identity"]>;

export function s3Rules(settings: S3Settings): SettingsProblem[] {
    return ask(
        () => pathRules(settings),
        () => regionRules(settings),
        () => sharedPairs(settings),
        () => (settings.identity === undefined ? [] : identityRules(settings, settings.identity)),
    );
}

function pathRules({ pathStyle, endpoint }: S3Settings): SettingsProblem[] {
    if (pathStyle || !/^[\d.]+:/.test(endpoint)) return [];
    const allowed = "true, since no bucket can be put before an IP address";
    return [problem("objectStore.pathStyle", false, allowed, "write pathStyle: true")];
}

/** AWS refuses each request that is signed for another region than the one whose endpoint it came to. */
function regionRules({ endpoint, region }: S3Settings): SettingsProblem[] {
    const [, own = region] = /\b([a-z]{2}(?:-[a-z]+)+-\d+)\.(?:vpce\.)?amazonaws\.com/.exec(endpoint) ?? [];
    if (own === region) return [];
    return [
        problem("objectStore.region", region, `${own}, the region of objectStore.endpoint`, `write region: ${own}`),
    ];
}

/** A key pair opens the buckets of one store, so that what one of them loses is lost to nobody else. */
function sharedPairs({ credentials = {}, readOnlyCredentials = {} }: S3Settings): SettingsProblem[] {
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

/** Only AWS' own S3 takes what AWS says of a pod, and beside it nothing else is used. */
function identityRules(settings: S3Settings, identity: Identity): SettingsProblem[] {
    const { endpoint, tls, rotation } = settings;
    const at = "objectStore";
    const problems: SettingsProblem[] = [];
    if (!/\.amazonaws\.com(\.cn)?:443$/.test(endpoint) || !tls) {
        const allowed = `AWS' S3 by TLS at port 443 with ${at}.identity: no other takes an identity of EKS`;
        const fix = `write s3.${settings.region}.amazonaws.com:443, or give credentials instead of identity`;
        problems.push(problem(`${at}.endpoint`, tls ? endpoint : `${endpoint} without TLS`, allowed, fix));
    }
    for (const key of ["credentials", "readOnlyCredentials"] as const) {
        if (settings[key] === undefined) continue;
        problems.push(problem(`${at}.${key}`, "[secret]", `nothing with ${at}.identity`, "remove one of both"));
    }
    for (const [store, number] of Object.entries(rotation)) {
        if (number === 1) continue;
        const allowed = `nothing with ${at}.identity: there are no keys to change`;
        problems.push(problem(`${at}.rotation.${store}`, number, allowed, "remove it"));
    }
    return [...problems, ...sharedRoles(identity)];
}

/** A role opens the buckets of one store, as a key pair does. */
function sharedRoles(identity: Identity): SettingsProblem[] {
    if (identity.from !== "irsa") return [];
    const owners = new Map<string, string>();
    const { roles, readOnlyRoles = {} } = identity;
    return Object.entries({ roles, readOnlyRoles }).flatMap(([key, each]) =>
        Object.entries(each).flatMap(([store, role]) => {
            const path = `objectStore.identity.${key}.${store}`;
            const owner = owners.get(role) ?? path;
            owners.set(role, owner);
            if (owner === path) return [];
            return [problem(path, role, `another role than ${owner} is`, "write a role of its own")];
        }),
    );
}

/** Nothing here makes users or roles: whatever opens a store's buckets is the user's to give. */
export function openingRules(
    settings: S3Settings,
    requests: readonly BucketRequest[],
    copied: boolean,
): SettingsProblem[] {
    const { identity } = settings;
    if (identity === undefined) {
        const { credentials, readOnlyCredentials } = settings;
        const idle = openingNothing("objectStore", { credentials, readOnlyCredentials }, requests);
        return [...keyPairRules(settings, requests, copied), ...idle];
    }
    if (identity.from !== "irsa") return [];
    const { roles, readOnlyRoles } = identity;
    const idle = openingNothing("objectStore.identity", { roles, readOnlyRoles }, requests);
    return [...roleRules(identity, requests, copied), ...idle];
}

/** What would open the buckets of a store that has none; where there are none at all, the whole of it has no use. */
function openingNothing(
    at: string,
    given: Readonly<Record<string, object | undefined>>,
    requests: readonly BucketRequest[],
): SettingsProblem[] {
    if (requests.length === 0) return [];
    return Object.entries(given).flatMap(([key, each]) =>
        Object.entries(each ?? {}).flatMap(([store, opens]: [string, unknown]) =>
            opens === undefined || requests.some((request) => request.store === store)
                ? []
                : [unused(`${at}.${key}.${store}`, opens, { where: `where ${store} has no bucket` })],
        ),
    );
}

function roleRules(
    { roles, readOnlyRoles }: Extract<Identity, { from: "irsa" }>,
    requests: readonly BucketRequest[],
    copied: boolean,
): SettingsProblem[] {
    const wanted = { roles, ...((copied || readOnlyRoles !== undefined) && { readOnlyRoles: readOnlyRoles ?? {} }) };
    return Object.entries(wanted).flatMap(([key, given]) =>
        requests.flatMap(({ store, buckets }) => {
            if (given[store] !== undefined) return [];
            const does = key === "roles" ? "opens" : "only lists and reads";
            const allowed = `the role that ${does} ${buckets.join(" and ")}`;
            const arn = `arn:aws:iam::111122223333:role/${store}`;
            return [problem(`objectStore.identity.${key}.${store}`, "nothing", allowed, `write ${store}: ${arn}`)];
        }),
    );
}

function keyPairRules(
    { credentials: pairs = {}, readOnlyCredentials }: S3Settings,
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
