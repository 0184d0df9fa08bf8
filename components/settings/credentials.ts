import { Output } from "@pulumi/pulumi";
import type { z } from "zod";
import { childOf, meaningOf } from "./places";
import { pathOf, problem, type SettingsProblem } from "./problem";

interface Text {
    readonly path: string;
    readonly text: unknown;
    /** Whether a credential belongs there. */
    readonly secret: boolean;
}

/** Every text of some settings, and whatever stands where a credential belongs; what a program has yet to learn is none. */
function texts(schema: z.ZodType | undefined, value: unknown, path: string): Text[] {
    if (Output.isInstance(value) || value instanceof Promise) return [];
    const secret = schema !== undefined && meaningOf(schema).secret === true;
    if (secret && value !== undefined && value !== null) return [{ path, text: value, secret }];
    if (typeof value === "string") return [{ path, text: value, secret }];
    if (typeof value !== "object" || value === null) return [];
    const keys = Array.isArray(value) ? [...value.keys()] : Object.keys(value);
    return keys.flatMap((key) =>
        texts(schema && childOf(schema, key, value), (value as Record<PropertyKey, unknown>)[key], pathOf(path, [key])),
    );
}

/**
 * Credentials that stand in a file for everybody to read.
 * @param encrypted whether the place is encrypted.
 * @param fix how one is given there.
 */
export function plainCredentials(
    schema: z.ZodType,
    raw: unknown,
    encrypted: (path: string) => boolean,
    fix: (path: string) => string,
): SettingsProblem[] {
    return texts(schema, raw, "")
        .filter(({ path, secret }) => secret && !encrypted(path))
        .map(({ path }) => problem(path, "a credential in plain text", "one that is encrypted", fix(path)));
}

/** A user and a password in a URL; what a program puts in from its environment is none. */
const LOGIN = /\/\/[^\s/:@]+:[^\s/@$]+@/;

/** Logins in URLs, wherever they stand but for a place of credentials: values and objects are read by many. */
export function logins(schema: z.ZodType, raw: unknown): SettingsProblem[] {
    return texts(schema, raw, "")
        .filter(({ text, secret }) => !secret && typeof text === "string" && LOGIN.test(text))
        .map(({ path }) =>
            problem(path, "a URL with a login", "a URL without one", "take user and password out of it"),
        );
}

/** Headers that are credentials, or most likely hold one. */
export const CREDENTIAL_HEADER =
    /authorization|cookie|token|secret|passw|credential|signature|(^|-)(api-?)?key$|(^|-)auth$/i;

/** In a program's configuration or its arguments, as a text. */
const WITHIN =
    /(passw|secret|token|credential|private key|authorization|(api|access|encryption)_?key)[\w.-]*["']?\s*[=:\n-]/i;

/** Whether a text of a chart's values, of which the schema knows nothing, is a credential by its name, or has one in it. */
export function isLikelyCredential(name: string, text = ""): boolean {
    return (
        CREDENTIAL_HEADER.test(name) ||
        /(access|api|private|secret|encryption|master)_?key|pwd/i.test(name) ||
        WITHIN.test(text)
    );
}
