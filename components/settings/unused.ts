import { problem, pathOf, type SettingsProblem } from "./problem";

/**
 * Settings that differ from their defaults where none of them has an effect.
 * @param why they have none, where the stack survives nothing.
 */
export function unusedRules(path: string, given: object, defaults: object, why: string): SettingsProblem[] {
    const byDefault = new Map<string, unknown>(Object.entries(defaults));
    return Object.entries(given).flatMap(([key, value]: [string, unknown]) => {
        const usual = byDefault.get(key);
        if (isMap(value) && isMap(usual)) return unusedRules(pathOf(path, [key]), value, usual, why);
        if (JSON.stringify(value) === JSON.stringify(usual)) return [];
        const allowed = `nothing where the stack survives nothing: ${why}`;
        return [problem(pathOf(path, [key]), value, allowed, "remove it, or write survives: node")];
    });
}

function isMap(value: unknown): value is object {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}
