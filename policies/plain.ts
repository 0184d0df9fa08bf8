import { UnknownValueError } from "@pulumi/policy";

/** Stands where only a deployment can tell the value. */
export const UNKNOWN: unique symbol = Symbol("unknown until deployed");

/** A map of values by key. */
export type Values = Record<string, unknown>;

/** A rule asked for a value that only a deployment can tell, or that could not be read. */
export class Unchecked extends Error {
    constructor(
        readonly path: string,
        readonly reason: string,
    ) {
        super(`${path}: ${reason}`);
    }
}

export function isMap(value: unknown): value is Values {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * A plain copy of what the analyzer host hands over. Reading an unknown there throws and ends the whole policy; here it
 * becomes {@link UNKNOWN}, so that everything else can still be judged.
 */
export function plain(read: () => unknown): unknown {
    let value: unknown;
    try {
        value = read();
    } catch (error) {
        if (error instanceof UnknownValueError) return UNKNOWN;
        throw error;
    }
    if (Array.isArray(value)) {
        const list: readonly unknown[] = value;
        // Not `map`: the callback's argument would be read outside of the guard.
        return Array.from({ length: list.length }, (_, index) => plain(() => list[index]));
    }
    if (!isMap(value)) return value;
    const map = value;
    return Object.fromEntries(Object.keys(map).map((key) => [key, plain(() => map[key])]));
}

/** Keys of a path: `loki.storage.s3`, `configs.0.from`; a key with dots in it is quoted, `grafana."grafana.ini".server`. */
export function keysOf(path: string): readonly string[] {
    const before = known.get(path);
    if (before !== undefined) return before;
    const keys = [...path.matchAll(/"([^"]*)"|[^.]+/g)].map((match) => match[1] ?? match[0]);
    known.set(path, keys);
    return keys;
}

/** Rules ask for the same few paths of each release, and to take a path apart costs more than to follow it. */
const known = new Map<string, readonly string[]>();

/**
 * The value at a path, or below keys one after another; undefined where there is none.
 * @throws Unchecked where the value, or a map on the way to it, is unknown.
 */
export function at(value: unknown, path: string | readonly string[]): unknown {
    const passed: string[] = [];
    let inner = value;
    for (const key of typeof path === "string" ? keysOf(path) : path) {
        if (inner === UNKNOWN) break;
        passed.push(key);
        if (Array.isArray(inner)) inner = (inner as readonly unknown[])[Number(key)];
        else inner = isMap(inner) ? inner[key] : undefined;
    }
    if (inner === UNKNOWN) throw new Unchecked(passed.join("."), "unknown until deployed");
    return inner;
}

/** The same, as Helm sees it: what is null below a path, or on the way to it, takes the chart's default away. */
export function isTakenAway(value: unknown, path: string): boolean {
    let inner = value;
    for (const key of keysOf(path)) {
        if (inner === null) return true;
        inner = isMap(inner) ? inner[key] : undefined;
    }
    return inner === null;
}

/** Merges a chart's default under what is given, as Helm does: maps deeply, anything else replaces. */
export function mergeUnder(given: unknown, fallback: unknown): unknown {
    if (!isMap(given) || !isMap(fallback)) return given;
    const merged: Values = { ...fallback };
    for (const [key, value] of Object.entries(given)) {
        merged[key] = key in fallback ? mergeUnder(value, fallback[key]) : value;
    }
    return merged;
}

/** Each text among values with the path to it. */
export function texts(value: unknown, path: readonly string[] = []): { path: readonly string[]; text: string }[] {
    if (typeof value === "string") return [{ path, text: value }];
    if (Array.isArray(value)) return value.flatMap((inner, index) => texts(inner, [...path, String(index)]));
    return isMap(value) ? Object.entries(value).flatMap(([key, inner]) => texts(inner, [...path, key])) : [];
}

/** Paths of everything that is unknown among values. */
export function unknowns(value: unknown, path: readonly string[] = []): string[] {
    if (value === UNKNOWN) return [path.join(".")];
    if (Array.isArray(value)) return value.flatMap((inner, index) => unknowns(inner, [...path, String(index)]));
    return isMap(value) ? Object.entries(value).flatMap(([key, inner]) => unknowns(inner, [...path, key])) : [];
}
