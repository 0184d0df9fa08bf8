import { z } from "zod";
import { settingsSchema } from "../../components/platform/slices";
import { isLikelyCredential } from "../../components/settings/credentials";
import { childOf, meaningOf, unwrap } from "../../components/settings/places";
import { pathOf } from "../../components/settings/problem";
import type { Raw } from "../../components/settings/slice";
import { byteCount, cpuCores } from "../../components/settings/units";
import { ENCRYPTED } from "../plan/stack-file";
import { at, isRecord } from "../records";

/** The larger of what is asked for and what there is; what is asked for where the two are no amounts. */
export function larger(asked: unknown, has: unknown, read: (quantity: string) => number = byteCount): unknown {
    return read(String(has)) >= read(String(asked)) ? has : asked;
}

/**
 * What is asked for, no count and no size of it below what a stack has: lowered, some lose data, and some cannot be changed.
 * @param has the stack's settings, with their defaults.
 */
export function raised(asked: Record<string, unknown>, has: unknown): Record<string, unknown> {
    const all = Object.entries(asked).map(([key, value]): [string, unknown] => {
        const own = at(has, key);
        if (isRecord(value)) return [key, raised(value, own)];
        return [key, larger(value, own, key === "cpu" ? cpuCores : byteCount)];
    });
    return Object.fromEntries(all);
}

/** What a stack's file says that may be shown, and the places of what may not. */
export interface Shown {
    readonly settings: Record<string, unknown>;
    readonly left: readonly string[];
}

/** A stack's own settings without credentials: what is encrypted, what the schema calls one, what most likely is one. */
export function shown(raw: Raw): Shown {
    const left: string[] = [];
    const settings: Record<string, unknown> = {};
    for (const [key, value] of Object.entries(raw)) {
        const kept = without(childOf(settingsSchema, key, raw), value, key, key, left);
        if (kept !== undefined) settings[key] = kept;
    }
    return { settings, left };
}

/** Undefined where nothing of it may be shown. */
function without(schema: z.ZodType | undefined, value: unknown, key: string, path: string, left: string[]): unknown {
    if (isCredential(schema, value, key)) {
        left.push(path);
        return undefined;
    }
    if (Array.isArray(value)) {
        const found: string[] = [];
        for (const [i, item] of value.entries())
            without(schema && childOf(schema, i, value), item, key, pathOf(path, [i]), found);
        if (found.length === 0) return value;
        // Lists are replaced and not merged: one with a gap would remove what it does not show.
        left.push(path);
        return undefined;
    }
    if (!isRecord(value)) return value;
    const inside = Object.entries(value).flatMap(([name, inner]): [string, unknown][] => {
        const kept = without(schema && childOf(schema, name, value), inner, name, pathOf(path, [name]), left);
        return kept === undefined ? [] : [[name, kept]];
    });
    return inside.length === 0 && Object.keys(value).length > 0 ? undefined : Object.fromEntries(inside);
}

function isCredential(schema: z.ZodType | undefined, value: unknown, key: string): boolean {
    if (schema !== undefined && meaningOf(schema).secret === true) return value !== null;
    if (typeof value === "string" && value.includes(ENCRYPTED)) return true;
    // A chart's own values: the schema knows nothing of what is in them.
    if (schema !== undefined && !(unwrap(schema) instanceof z.ZodUnknown)) return false;
    if (typeof value === "string") return isLikelyCredential(key, value);
    // A variable of an environment.
    return (
        isRecord(value) &&
        typeof value.name === "string" &&
        typeof value.value === "string" &&
        isLikelyCredential(value.name)
    );
}
