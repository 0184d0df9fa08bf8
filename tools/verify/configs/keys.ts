import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { distance } from "fastest-levenshtein";
import { isRecord } from "../../records";
import type { KeyTable } from "../../config-keys/table";

const FOLDER = join(__dirname, "keys");

/** What each program's configuration may hold, of the version that the pins bring; `npm run config-keys` makes them. */
export const KEYS: Readonly<Partial<Record<string, KeyTable>>> = Object.fromEntries(
    readdirSync(FOLDER)
        .map((file) => JSON.parse(readFileSync(join(FOLDER, file), "utf8")) as KeyTable)
        .map((table) => [table.program, table]),
);

/** A place of a configuration that its program would refuse. */
export interface KeyProblem {
    readonly path: string;
    readonly found: string;
    readonly wanted: string;
}

/** Every key of a value that the table does not have, and every scalar of a kind that cannot be read there. */
export function keyProblems(table: KeyTable, value: unknown, type: string, path = ""): KeyProblem[] {
    // Go leaves its default in place of a null.
    if (type === "any" || value === null || value === undefined) return [];
    if (type.startsWith("[]")) {
        if (!Array.isArray(value)) return [problem(path, value, "a list")];
        return value.flatMap((item, index) => keyProblems(table, item, type.slice(2), `${path}[${index}]`));
    }
    if (type.startsWith("{}")) {
        if (!isRecord(value)) return [problem(path, value, "a map")];
        return Object.entries(value).flatMap(([key, item]) =>
            keyProblems(table, item, type.slice(2), below(path, key)),
        );
    }
    const scalar = SCALARS[type];
    if (scalar) return isReference(value) || scalar.fits(value) ? [] : [problem(path, value, scalar.name)];
    const keys = table.types[type];
    if (keys === undefined) throw new Error(`${table.program}'s table has no type ${type}`);
    if (!isRecord(value)) return [problem(path, value, "a map")];
    return Object.entries(value).flatMap(([key, item]) => {
        const inner = keys[key] ?? keys["*"];
        if (inner !== undefined) return keyProblems(table, item, inner, below(path, key));
        const known = Object.keys(keys);
        return [{ path: below(path, key), found: "an unknown key", wanted: suggestion(key, known) }];
    });
}

const GO_DURATION = /^[-+]?(0|(\d+(\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h)(\d+(\.\d*)?(ns|us|µs|μs|ms|s|m|h))*)$/;
const PROMETHEUS_DURATION = /^(0|(\d+y)?(\d+w)?(\d+d)?(\d+h)?(\d+m)?(\d+s)?(\d+ms)?)$/;

/** What a Go program reads into each basic type; into a string, any scalar. */
const SCALARS: Readonly<Record<string, { name: string; fits: (value: unknown) => boolean }>> = {
    string: { name: "text", fits: (value) => typeof value !== "object" },
    bool: { name: "true or false", fits: (value) => typeof value === "boolean" },
    int: { name: "a whole number", fits: (value) => Number.isInteger(value) || typeof value === "bigint" },
    float: { name: "a number", fits: (value) => typeof value === "number" },
    duration: {
        name: "a duration such as 90s or 12h, without days",
        fits: (value) => value === 0 || (typeof value === "string" && GO_DURATION.test(value)),
    },
    days: {
        name: "a duration such as 90s, 12h or 30d",
        fits: (value) => value === 0 || (typeof value === "string" && PROMETHEUS_DURATION.test(value) && value !== ""),
    },
};

/** `${NAME}` becomes a value when the program starts. */
function isReference(value: unknown): boolean {
    return typeof value === "string" && value.includes("${");
}

function problem(path: string, value: unknown, wanted: string): KeyProblem {
    const found = Array.isArray(value) ? "a list" : isRecord(value) ? "a map" : JSON.stringify(value);
    return { path, found, wanted };
}

function below(path: string, key: string): string {
    return path === "" ? key : `${path}.${key}`;
}

/** The key that was probably meant: the nearest, however it parts its words. */
export function suggestion(key: string, known: readonly string[]): string {
    const [near] = known
        .map((each) => ({ each, apart: distance(plain(key), plain(each)), within: plain(each).startsWith(plain(key)) }))
        .filter(({ apart, within }) => within || apart <= Math.max(2, key.length / 4))
        .sort((a, b) => a.apart - b.apart);
    if (near !== undefined) return `${near.each}?`;
    return known.length <= 12 ? `one of ${known.join(", ") || "none"}` : "a key of the program's reference";
}

function plain(key: string): string {
    return key.toLowerCase().replace(/[_-]/g, "");
}
