import { parsePlatform, parseSlice, survivesOf } from "../settings/complete";
import { problem, type SettingsProblem } from "../settings/problem";
import { refusal } from "../settings/report";
import type { Raw } from "../settings/slice";
import { platformWideRules } from "./rules";
import { settingsSchema, slicesOf, type Settings } from "./slices";

export { settingsSchema, type Settings };

/**
 * Settings from what was written: defaults that follow `survives` below it, strictly parsed.
 * @returns the settings, or every problem that they have.
 */
export function parseSettings(raw: Raw): { settings: Settings } | { problems: SettingsProblem[] } {
    const all = slicesOf(raw);
    const own = Object.fromEntries(Object.entries(raw).filter(([key]) => !Object.hasOwn(all, key)));
    const survives = survivesOf(raw);
    const { settings: platform, problems: found } = parsePlatform(own, settingsSchema);
    const problems = [...found];

    const parsed: Record<string, unknown> = { platform };
    for (const [key, slice] of Object.entries(all)) {
        const result = parseSlice(key, slice, raw[key] ?? {}, survives, platform);
        problems.push(...result.problems);
        parsed[key] = result.settings;
    }
    const settings = parsed as unknown as Settings;
    problems.push(...platformWideRules(settings));
    return problems.length > 0 ? { problems } : { settings };
}

/**
 * Settings from those that a program gives, which are of the form of a stack file.
 * @throws RunError with every problem at once; Pulumi prints it without a stack trace.
 */
export function completeSettings(given: object): Settings {
    const result = parseSettings({ ...given });
    if ("settings" in result) return result.settings;
    throw refusal(result.problems);
}

/**
 * Reads the settings of this stack.
 * @param config all configuration of the engine, by `project:key`.
 * @param env environment; `CHART_MIRROR` in it replaces the setting `chartMirror` for one run.
 * @throws RunError with every problem at once; Pulumi prints it without a stack trace.
 */
export function readSettings(config: Record<string, string>, project: string, env: NodeJS.ProcessEnv): Settings {
    const raw = new Map<string, unknown>();
    const unreadable: SettingsProblem[] = [];
    for (const [key, value] of Object.entries(config)) {
        if (!key.startsWith(`${project}:`)) continue;
        const name = key.slice(project.length + 1);
        // A key of the stack file with nothing below it.
        if (value === "null" || value === "") continue;
        try {
            raw.set(name, fromConfig(value));
        } catch {
            unreadable.push(noJson(name));
        }
    }
    if (env.CHART_MIRROR !== undefined && env.CHART_MIRROR !== "") raw.set("chartMirror", env.CHART_MIRROR);
    const result = parseSettings(Object.fromEntries(raw));
    if (unreadable.length === 0 && "settings" in result) return result.settings;
    const others = "problems" in result ? result.problems : [];
    // What could not be read is not missing as well.
    const known = others.filter(({ path }) => unreadable.every((one) => one.path !== path));
    throw refusal([...unreadable, ...known]);
}

/**
 * The engine hands every value as text: maps and lists as JSON, all else as it was written.
 * @throws SyntaxError
 */
function fromConfig(value: string): unknown {
    if (value === "true" || value === "false") return value === "true";
    return /^\s*[[{]/.test(value) ? (JSON.parse(value) as unknown) : value;
}

/** The text itself is not repeated, nor is the parser's message, which quotes it: there may be a credential in it. */
function noJson(key: string): SettingsProblem {
    return problem(
        key,
        "a text that begins with [ or { and is not JSON",
        "a map or a list as JSON, or as YAML in the stack file",
        `write it below ${key} in the stack file, or each value by pulumi config set --path '${key}.<key>' <value>`,
    );
}
