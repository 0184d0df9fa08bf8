import { show, type Check, type Wrong } from "../finding";
import type { Release } from "../release";

export const LOST = "a pod that moves to another node loses what only it has";
export const ENDLESS = "the store grows until it is full, or deletes after a time that nobody chose";

const COPIES = 3;

/** One value that is wrong. */
export function wrong(release: Release, path: string, wanted: string, why: string, setting: string): Wrong[] {
    return [{ path, found: show(release, path, release.get(path)), wanted, why, setting }];
}

/** A value that has to be a certain one. */
export function is(
    path: string,
    value: unknown,
    why: string,
    setting: string,
    only?: (release: Release) => boolean,
): Check {
    return (release) => {
        if (only?.(release) === false || release.get(path) === value) return [];
        return wrong(release, path, String(value), why, setting);
    };
}

/** What has to be on, so that data outlives its pod. */
export function on(path: string, setting: string, only?: (release: Release) => boolean, why = LOST): Check {
    return is(path, true, why, setting, only);
}

/** What must not be on, else data goes with its pod. */
export function off(path: string, setting: string): Check {
    return (release) => (release.get(path) === true ? wrong(release, path, "false", LOST, setting) : []);
}

/** A time after which data is deleted. */
export function retained(path: string, setting: string): Check {
    return (release) => {
        const value = release.given(path);
        if (
            value !== undefined &&
            value !== null &&
            value !== "" &&
            !/^0+[a-z]*$/.test(JSON.stringify(value).replaceAll('"', ""))
        )
            return [];
        return wrong(release, path, "a time to keep", ENDLESS, setting);
    };
}

/** A map that has to claim a volume, by the key that such a claim has there. */
export function filled(path: string, key: string, setting: string): Check {
    return (release) => {
        const value = release.get(path);
        const text = JSON.stringify(value ?? null);
        if (text.includes(`"${key}"`) && !text.includes('"emptyDir"')) return [];
        return [
            { path, found: value === undefined ? "absent" : "no volume claim", wanted: `a ${key}`, why: LOST, setting },
        ];
    };
}

/** Where blocks are kept. */
export function bucketed(path: string, setting: string): Check {
    return (release) => {
        const value = release.get(path);
        if (value !== undefined && value !== "filesystem" && value !== "local") return [];
        return wrong(release, path, "an object store", "data on one pod's disk goes with its node", setting);
    };
}

/**
 * A replication factor: enough copies, and no more of them than servers.
 * @param servers path of the servers' number
 * @param byItself what the program takes where none is given
 */
export function factor(
    path: string,
    servers: string | ((release: Release) => string),
    byItself: number,
    setting: string,
): Check {
    return (release) => {
        const copies = release.get(path) === undefined ? byItself : release.number(path);
        if (copies === undefined || copies < COPIES) {
            return wrong(release, path, String(COPIES), "one lost pod takes the quorum or the only copy", setting);
        }
        const at = typeof servers === "string" ? servers : servers(release);
        const count = release.number(at) ?? 0;
        if (copies <= count) return [];
        return wrong(release, path, `no more than ${at} (${count})`, "no write would find its quorum", setting);
    };
}
