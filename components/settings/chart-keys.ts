import { keyProblems, type KeyTable } from "./config-keys";
import { nearest } from "./nearest";
import { pathOf, problem, type SettingsProblem } from "./problem";

/**
 * Keys that a chart reads, with those below each: 1 where anything may stand, as in every list. `*` stands for keys of the
 * user's choice.
 */
export type ChartKeys = 1 | { readonly [key: string]: ChartKeys };

/** A configuration that a chart hands on to its program. */
export interface ConfigInValues {
    /** Keys of the values under which it stands. */
    readonly at: readonly string[];
    /** Which of the program's files it is a part of: that of its start, or the one that it reads again. */
    readonly file: "root" | "runtime";
    /** Keys from the top of that file to what stands there; none for the whole. */
    readonly is: readonly string[];
    readonly table: KeyTable;
}

/**
 * Keys of a user's values that the chart does not read: Helm passes over them in silence. What stands where the chart has
 * keys and is no map; a text may be a template of one. In a configuration among the values, keys and values that its program
 * refuses at its start.
 * @param path where the values stand in the settings
 */
export function valuesRules(
    path: string,
    values: Readonly<Record<string, unknown>>,
    keys: ChartKeys,
    configs: readonly ConfigInValues[] = [],
): SettingsProblem[] {
    return [...unknownKeys(path, values, keys), ...configs.flatMap((config) => configRules(path, values, config))];
}

function unknownKeys(path: string, value: unknown, keys: ChartKeys | undefined): SettingsProblem[] {
    if (keys === undefined || keys === 1 || value === undefined || value === null || typeof value === "string")
        return [];
    const known = Object.keys(keys).filter((key) => key !== "*");
    if (known.length === 0 && keys["*"] === undefined) return [];
    if (!isMap(value))
        return [problem(path, value, "a map, as the chart's values.yaml has it", "write its keys below it")];
    return Object.entries(value).flatMap(([key, inner]) => {
        const below = Object.hasOwn(keys, key) ? keys[key] : keys["*"];
        if (below !== undefined) return unknownKeys(pathOf(path, [key]), inner, below);
        return [unreadKey(pathOf(path, [key]), key, known, "the chart", ", as its values.yaml has them")];
    });
}

/** @param reader who does not read it. */
function unreadKey(path: string, key: string, known: readonly string[], reader: string, source = ""): SettingsProblem {
    const near = nearest(key, known);
    return {
        path,
        given: `a key that ${reader} does not read`,
        allowed: known.length <= 20 ? `the keys ${known.join(", ")}` : `a key that ${reader} reads${source}`,
        fix: near === undefined ? "remove it" : `write ${near}, or remove it`,
    };
}

function configRules(path: string, values: unknown, { at, file, is, table }: ConfigInValues): SettingsProblem[] {
    const config = at.reduce<unknown>((inner, key) => (isMap(inner) ? inner[key] : undefined), values);
    const type = is.reduce<string | undefined>((outer, key) => outer && table.types[outer]?.[key], table[file]);
    if (type === undefined) throw new Error(`${table.program} has no ${is.join(".")}`);
    // A template that the chart fills in is no configuration yet.
    return isMap(config) ? configProblems(table, config, type, pathOf(path, at)) : [];
}

/**
 * Keys and values of a configuration that its program refuses at its start.
 * @param path where it stands in the settings.
 */
export function configProblems(table: KeyTable, config: unknown, type: string, path: string): SettingsProblem[] {
    return keyProblems(table, config, type, path).map(({ path: place, found, wanted, known }) => {
        const key = place.split(".").at(-1) ?? place;
        return known === undefined
            ? problem(place, found, wanted, `write ${key}: <${wanted}>`)
            : unreadKey(place, key, known, `${table.program} ${table.version}`);
    });
}

function isMap(value: unknown): value is Record<string, unknown> {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}
