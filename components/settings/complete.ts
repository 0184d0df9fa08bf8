import type { z } from "zod";
import { mergeValues } from "../kubernetes/merge-values";
import type { Survives } from "../kubernetes/placement";
import { platformDefaults, platformRules, platformSettings, type PlatformSettings } from "./platform";
import { problem, type SettingsProblem } from "./problem";
import { problemsOf, refusal } from "./report";
import type { Raw } from "./slice";

/** Settings as they are written: what is left out is the default's. A list is given whole, as in a stack file. */
export type DeepPartial<T> = T extends readonly unknown[]
    ? T
    : T extends object
      ? { [K in keyof T]?: DeepPartial<T[K]> }
      : T;

/** The keys that have no default. */
export type RequiredSettings = Pick<PlatformSettings, "cluster" | "domain" | "survives">;

/** What every system shares, as far as it is not the default's. */
export type PlatformArgs = RequiredSettings & DeepPartial<Omit<PlatformSettings, keyof RequiredSettings>>;

interface Complete {
    readonly platform: PlatformSettings;
    readonly settings: object;
}

/** Arguments of a system as its class takes them: settings may be left out, and so may the arguments `Optional`. */
export type Given<Args extends Complete, Optional extends keyof Args = never> = Omit<
    Args,
    "platform" | "settings" | Optional
> &
    Partial<Pick<Args, Optional>> & {
        readonly platform: PlatformArgs;
        readonly settings?: DeepPartial<Args["settings"]>;
    };

/** What the settings below one key are checked with: a slice, by what comes of it. */
interface Checked<S> {
    readonly schema: z.ZodType<S>;
    defaults(survives: Survives, given: Raw): object;
    rules(settings: S, platform: PlatformSettings): SettingsProblem[];
}

export interface Parsed<S> {
    /** Undefined where they are not of the schema; what rules say against them stands beside them. */
    readonly settings: S | undefined;
    readonly problems: readonly SettingsProblem[];
}

/**
 * The settings that every system shares.
 * @param schema the whole schema at whose top they stand, which names the keys that an unknown one may have meant.
 */
export function parsePlatform(raw: Raw, schema: z.ZodType = platformSettings): Parsed<PlatformSettings> {
    const full = mergeValues(platformDefaults(raw), raw);
    const result = platformSettings.safeParse(full);
    return result.success
        ? { settings: result.data, problems: platformRules(result.data) }
        : {
              settings: undefined,
              // A tenant that is left out is the cluster's name: without that it is not missing as well.
              problems: problemsOf(result.error, schema, full, "").filter(
                  ({ path }) => path !== "tenant" || raw.tenant !== undefined,
              ),
          };
}

/**
 * The settings below one key.
 * @param platform undefined where what all share is wrong itself: rules between both are then not asked.
 */
export function parseSlice<S>(
    key: string,
    slice: Checked<S>,
    given: unknown,
    survives: Survives,
    platform: PlatformSettings | undefined,
): Parsed<S> {
    if (typeof given !== "object" || given === null || Array.isArray(given)) {
        return { settings: undefined, problems: [notAMap(key, given)] };
    }
    const full = mergeValues(slice.defaults(survives, given as Raw), given as Raw);
    const result = slice.schema.safeParse(full);
    return result.success
        ? { settings: result.data, problems: platform === undefined ? [] : slice.rules(result.data, platform) }
        : { settings: undefined, problems: problemsOf(result.error, slice.schema, full, key) };
}

/** The value itself is not repeated: whoever writes a text there may have written a credential. */
function notAMap(key: string, given: unknown): SettingsProblem {
    const what = Array.isArray(given)
        ? `a list of ${given.length}`
        : typeof given === "string"
          ? "a text"
          : `a ${typeof given}`;
    return problem(key, what, "a map", `write ${key}: {}, or leave it out`);
}

/**
 * Arguments of one system with all settings in place, for its class.
 * @param key where its settings stand in a stack file: problems are told by the same paths.
 * @throws RunError with every problem at once; Pulumi prints it without a stack trace.
 */
export function completed<Args extends Complete, Optional extends keyof Args = never>(
    key: string,
    slice: Checked<Args["settings"]>,
    given: Given<Args, Optional>,
    absent: Pick<Args, Optional>,
): Args {
    const { platform: shared, settings = {} } = given;
    const platform = parsePlatform(shared);
    const own = parseSlice(key, slice, settings, platform.settings?.survives ?? shared.survives, platform.settings);
    const problems = [...platform.problems, ...own.problems];
    if (problems.length > 0) throw refusal(problems);
    const entries: [string, unknown][] = Object.entries(given);
    const written = Object.fromEntries(entries.filter(([, value]) => value !== undefined));
    return { ...absent, ...written, platform: platform.settings, settings: own.settings } as unknown as Args;
}
