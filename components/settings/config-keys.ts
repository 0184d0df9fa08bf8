import { distance } from "fastest-levenshtein";
import { pathOf } from "./problem";

/**
 * What a program's configuration may hold. A type is `string`, `bool`, `int`, `float`, `duration` (Go's, up to hours),
 * `days` (Prometheus', up to years), `any`, the name of one of `types`, `[]` before a list's items', or `{}` before a
 * map's values'. In Alloy's table a type is `attr`, `attr!` for one that must be there, or `block` before a block's.
 */
export interface KeyTable {
    readonly program: string;
    readonly version: string;
    /** Type of the whole file; for Alloy, of what may stand outside of any block. */
    readonly root: string;
    /** Type of the file that is read again while the program runs, where it has one. */
    readonly runtime?: string;
    /** Keys of each map by its type's name; `*` stands for keys of the user's choice. */
    readonly types: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** A place of a configuration that its program would refuse. */
export interface KeyProblem {
    readonly path: string;
    readonly found: string;
    readonly wanted: string;
    /** Of an unknown key: those that may stand there. */
    readonly known?: readonly string[];
}

/**
 * Every key of a value that the table does not have, and every scalar of a kind that cannot be read there.
 * @param path where the value stands.
 */
export function keyProblems(table: KeyTable, value: unknown, type: string, path = ""): KeyProblem[] {
    // Go leaves its default in place of a null.
    if (type === "any" || value === null || value === undefined) return [];
    if (type.startsWith("[]")) {
        if (!Array.isArray(value)) return [problem(path, value, "a list")];
        return value.flatMap((item, index) => keyProblems(table, item, type.slice(2), pathOf(path, [index])));
    }
    if (type.startsWith("{}")) {
        if (!isMap(value)) return [problem(path, value, "a map")];
        return Object.entries(value).flatMap(([key, item]) =>
            keyProblems(table, item, type.slice(2), pathOf(path, [key])),
        );
    }
    const scalar = SCALARS[type];
    if (scalar) return isReference(value) || scalar.fits(value) ? [] : [problem(path, value, scalar.name)];
    const keys = table.types[type];
    if (keys === undefined) throw new Error(`${table.program}'s table has no type ${type}`);
    if (!isMap(value)) return [problem(path, value, "a map")];
    return Object.entries(value).flatMap(([key, item]) => {
        const inner = Object.hasOwn(keys, key) ? keys[key] : keys["*"];
        if (inner !== undefined) return keyProblems(table, item, inner, pathOf(path, [key]));
        const known = Object.keys(keys);
        return [{ path: pathOf(path, [key]), found: "an unknown key", wanted: suggestion(key, known), known }];
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
    const found = Array.isArray(value) ? "a list" : isMap(value) ? "a map" : JSON.stringify(value);
    return { path, found, wanted };
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

function isMap(value: unknown): value is Record<string, unknown> {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}
