import { existsSync } from "node:fs";
import { logins, plainCredentials } from "../settings/credentials";
import { parsePlatform, parseSlice, survivesOf } from "../settings/complete";
import { problem, setSecret, type SettingsProblem } from "../settings/problem";
import { OWN_SETTINGS, refusal } from "../settings/report";
import type { Raw } from "../settings/slice";
import { readConfig } from "./config";
import { idleRules } from "./idle-rules";
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
    problems.push(...beside(problems, [...idleRules(settings), ...logins(settingsSchema, raw)]));
    return problems.length > 0 ? { problems } : { settings };
}

/** Further problems, of places of which nothing is said yet. */
function beside(said: readonly SettingsProblem[], further: readonly SettingsProblem[]): SettingsProblem[] {
    return further.filter(({ path }) => said.every((one) => one.path !== path));
}

/** Credentials reach a program as outputs: a text stands in its source, or in a stack file that is not encrypted. */
const AS_OUTPUT = 'config.requireSecret("<key>"), or pulumi.secret(<what your program reads>)';

/**
 * Settings from those that a program gives, which are of the form of a stack file.
 * @param written as the program wrote them, with outputs where `given` has their values.
 * @throws RunError with every problem at once; Pulumi prints it without a stack trace.
 */
export function completeSettings(given: object, written: object = given): Settings {
    const result = parseSettings({ ...given });
    const inTheOpen = plainCredentials(
        settingsSchema,
        written,
        () => false,
        () => AS_OUTPUT,
    );
    if ("settings" in result && inTheOpen.length === 0) return result.settings;
    const wrong = "problems" in result ? result.problems : [];
    throw refusal([...wrong, ...beside(wrong, inTheOpen)]);
}

/**
 * Reads the settings of this stack.
 * @param config all configuration of the engine, by `project:key`.
 * @param env environment; `CHART_MIRROR` in it replaces the setting `chartMirror` for one run, and
 * `PULUMI_CONFIG_SECRET_KEYS` is the engine's list of what is encrypted: whole keys, or places below them. Without that
 * list nothing is said of credentials in plain text.
 * @param of whose settings they are, for the error.
 * @throws RunError with every problem at once; Pulumi prints it without a stack trace.
 */
export function readSettings(
    config: Record<string, string>,
    project: string,
    env: NodeJS.ProcessEnv,
    of = OWN_SETTINGS,
): Settings {
    const { raw, problems: unread } = readConfig(config, project);
    if (env.CHART_MIRROR !== undefined && env.CHART_MIRROR !== "") raw.set("chartMirror", env.CHART_MIRROR);
    const given = Object.fromEntries(raw);
    const result = parseSettings(given);
    const own = "settings" in result ? mirrorRules(result.settings.platform.chartMirror) : result.problems;
    // What could not be read is not missing as well.
    const wrong = [...unread, ...beside(unread, own)];
    const problems = [...wrong, ...beside(wrong, inPlainText(given, project, env.PULUMI_CONFIG_SECRET_KEYS))];
    if ("settings" in result && problems.length === 0) return result.settings;
    throw refusal(problems, of);
}

function inPlainText(given: Raw, project: string, list: string | undefined): SettingsProblem[] {
    if (list === undefined) return [];
    const encrypted = (JSON.parse(list) as string[]).map((path) => path.replace(`${project}:`, ""));
    const isEncrypted = (path: string) =>
        encrypted.some((place) => path === place || path.startsWith(`${place}.`) || path.startsWith(`${place}[`));
    return plainCredentials(settingsSchema, given, isEncrypted, setSecret);
}

function mirrorRules(chartMirror: string | undefined): SettingsProblem[] {
    if (chartMirror === undefined || chartMirror.startsWith("oci://") || existsSync(chartMirror)) return [];
    return [problem("chartMirror", chartMirror, "a folder that is there", "make it, or write an oci:// prefix")];
}
