import { z } from "zod";
import { mergeValues } from "../kubernetes/merge-values";
import type { Survives } from "../kubernetes/placement";
import { choicesOf } from "./places";
import { platformDefaults, platformRules, platformSettings, type PlatformSettings } from "./platform";
import { problem, type SettingsProblem } from "./problem";
import { ask, readable, UNREADABLE } from "./readable";
import { problemsOf, refusal, switchIn } from "./report";
import { placedFor } from "./scheduling";
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

/** What a system cannot be made without, each in words for whoever left it out. */
type Needs<Args extends Complete, Optional extends keyof Args> = {
    readonly [
        K in keyof Args as K extends keyof Complete | Optional ? never : object extends Pick<Args, K> ? never : K
    ]: string;
};

/** What the settings below one key are checked with: a slice, by what comes of it. */
interface Checked<S> {
    readonly schema: z.ZodType<S>;
    defaults(survives: Survives, given: Raw): object;
    rules(settings: S, platform: PlatformSettings): SettingsProblem[];
}

export interface Parsed<S> {
    /** For rules: what is wrong by itself ends the rule that reads it. Right where there are no problems. */
    readonly settings: S;
    readonly problems: readonly SettingsProblem[];
}

/**
 * The settings that every system shares.
 * @param schema the whole schema at whose top they stand, which names the keys that an unknown one may have meant.
 */
export function parsePlatform(raw: Raw, schema: z.ZodType = platformSettings): Parsed<PlatformSettings> {
    const full = mergeValues(platformDefaults(raw), withoutUndefined(raw));
    const result = platformSettings.safeParse(full);
    if (result.success) return { settings: result.data, problems: platformRules(result.data) };
    const settings = readable(full, result.error.issues) as PlatformSettings;
    // A tenant that is left out is the cluster's name: without that it is not missing as well.
    const found = problemsOf(result.error, schema, full, "").filter(
        ({ path }) => path !== "tenant" || raw.tenant !== undefined,
    );
    return { settings, problems: [...found, ...platformRules(settings)] };
}

/** What is survived, for the defaults that follow from it; nothing where it is not said in a right word. */
export function survivesOf(raw: { readonly survives?: unknown }): Survives {
    return platformSettings.shape.survives.safeParse(raw.survives).data ?? "nothing";
}

/**
 * The settings below one key.
 * @param platform what all share, for rules between both.
 */
export function parseSlice<S>(
    key: string,
    slice: Checked<S>,
    given: unknown,
    survives: Survives,
    platform: PlatformSettings,
): Parsed<S> {
    if (typeof given !== "object" || given === null || Array.isArray(given)) {
        return { settings: UNREADABLE as S, problems: [notAMap(key, given, slice.schema)] };
    }
    const own = withoutUndefined(given as Raw);
    const full = mergeValues(slice.defaults(survives, own), own);
    const result = slice.schema.safeParse(full);
    const settings = result.success ? result.data : (readable(full, result.error.issues) as S);
    const found = result.success ? [] : problemsOf(result.error, slice.schema, full, key);
    return { settings, problems: [...found, ...ask(() => slice.rules(settings, platform))] };
}

/** Without what a program left undefined, which is as if it were not there. */
function withoutUndefined(given: Raw): Raw {
    const known = Object.entries(given).filter(([, value]) => value !== undefined);
    return Object.fromEntries(known.map(([key, value]) => [key, isPlainMap(value) ? withoutUndefined(value) : value]));
}

function isPlainMap(value: unknown): value is Raw {
    return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/** The value itself is not repeated: whoever writes a text there may have written a credential. */
function notAMap(key: string, given: unknown, schema: z.ZodType): SettingsProblem {
    const what = Array.isArray(given)
        ? `a list of ${given.length}`
        : typeof given === "string"
          ? "a text"
          : `a ${typeof given}`;
    // A name that the settings know is no credential.
    const isKind =
        schema instanceof z.ZodDiscriminatedUnion && choicesOf(schema, "kind")?.some((kind) => kind === given);
    const written = isKind === true ? `{ kind: ${String(given)} }` : (switchIn(schema, given) ?? "{}");
    return problem(key, what, "a map", `write ${key}: ${written}, or leave it out`);
}

/**
 * Arguments of one system with all settings in place, for its class.
 * @param key where its settings stand in a stack file: problems are told by the same paths.
 * @param needs what JavaScript has no compiler to ask for.
 * @throws RunError with every problem at once; Pulumi prints it without a stack trace.
 */
export function completed<Args extends Complete, Optional extends keyof Args = never>(
    key: string,
    slice: Checked<Args["settings"]>,
    given: Given<Args, Optional>,
    absent: Pick<Args, Optional>,
    needs: Needs<Args, Optional>,
): Args {
    const entries: [string, unknown][] = Object.entries(given);
    const written = Object.fromEntries(entries.filter(([, value]) => value !== undefined));
    // JavaScript has no compiler that asks for any of them.
    const { platform: shared = {}, settings = {} } = written as { platform?: Raw; settings?: object };
    const lacking = Object.entries<string>(needs).filter(([name]) => written[name] === undefined);
    const platform = parsePlatform(shared);
    const own = parseSlice(key, slice, settings, survivesOf(shared), platform.settings);
    const problems = [
        ...platform.problems,
        ...own.problems,
        ...lacking.map(([name, such]) => problem(name, "nothing", `what it needs: ${such}`, `give it ${name}`)),
    ];
    if (problems.length > 0) throw refusal(problems);
    return {
        ...absent,
        ...written,
        platform: placedFor(platform.settings, key),
        settings: own.settings,
    } as unknown as Args;
}
