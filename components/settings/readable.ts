import type { z } from "zod";
import type { SettingsProblem } from "./problem";

/** A rule reads a setting that is wrong by itself. */
class Unreadable extends Error {}

/** What of some settings is not of the schema, by its place. */
interface Broken {
    /** What becomes of the whole place: it ends the rule that reads it, or is as if it were not there. */
    whole: "refused" | "absent" | undefined;
    readonly below: Map<PropertyKey, Broken>;
}

/**
 * Settings for rules, though some of them are wrong: whoever reads one of those is ended by it, and all else is there.
 * @param full settings that were not of the schema
 */
export function readable(full: unknown, issues: readonly z.core.$ZodIssue[]): unknown {
    const broken: Broken = { whole: undefined, below: new Map() };
    for (const issue of issues) {
        const { code, path } = issue;
        if (code === "unrecognized_keys") for (const key of issue.keys) mark(broken, [...path, key], "absent");
        // Where nothing says which of a choice is meant, none of its keys was looked at.
        else mark(broken, code === "invalid_union" ? path.slice(0, -1) : path, "refused");
    }
    return broken.whole !== undefined ? UNREADABLE : copied(full, broken);
}

/** Settings of which nothing can be read. */
export const UNREADABLE: unknown = new Proxy(
    {},
    Object.fromEntries(["get", "has", "ownKeys"].map((trap) => [trap, refuse])),
);

/** What all rules find that read nothing wrong. */
export function ask(...rules: readonly (() => SettingsProblem[])[]): SettingsProblem[] {
    return rules.flatMap((rule) => {
        try {
            return rule();
        } catch (error) {
            if (error instanceof Unreadable) return [];
            throw error;
        }
    });
}

function refuse(): never {
    throw new Unreadable("the setting is not of the schema");
}

function mark(broken: Broken, path: readonly PropertyKey[], whole: "refused" | "absent"): void {
    let at = broken;
    for (const key of path) {
        const next = at.below.get(key) ?? { whole: undefined, below: new Map<PropertyKey, Broken>() };
        at.below.set(key, next);
        at = next;
    }
    at.whole = whole;
}

/** A copy in which to read what is wrong, by its name or with all others, ends the rule. */
function copied(value: unknown, broken: Broken | undefined): unknown {
    if (broken === undefined || typeof value !== "object" || value === null) return value;
    const copy = (Array.isArray(value) ? [...(value as unknown[])] : { ...value }) as Record<PropertyKey, unknown>;
    for (const [key, below] of broken.below) {
        if (below.whole === "absent") Reflect.deleteProperty(copy, key);
        else if (below.whole === "refused") Object.defineProperty(copy, key, { get: refuse, enumerable: true });
        else copy[key] = copied(copy[key], below);
    }
    return copy;
}
