import { pathOf, problem, withoutContent, type SettingsProblem } from "./problem";
import { ask } from "./readable";

/** Where settings have no effect, and what to write for them to have one. */
export interface Idle {
    /** Completes "nothing …". */
    readonly where: string;
    /** Completes "remove it, or …"; absent where nothing else is to be had. */
    readonly instead?: string;
}

/** @param why they have none, where the stack survives nothing. */
export function onLaptop(why: string): Idle {
    return { where: `where the stack survives nothing: ${why}`, instead: "write survives: node" };
}

/** @param path of the switch. */
export function switchedOff(path: string): Idle {
    return { where: `with ${path}: false`, instead: `write ${path.split(".").at(-1) ?? path}: true` };
}

/** Settings that differ from their defaults where none of them has an effect. */
export function unusedRules(path: string, given: object, defaults: object, idle: Idle): SettingsProblem[] {
    const byDefault = new Map<string, unknown>(Object.entries(defaults));
    return ask(
        ...Object.keys(given).map((key) => () => {
            const value = (given as Readonly<Record<string, unknown>>)[key];
            const usual = byDefault.get(key);
            const place = pathOf(path, [key]);
            if (isMap(value) && isMap(usual) && Object.keys(usual).length > 0)
                return unusedRules(place, value, usual, idle);
            // What has no default may be wrong inside, and is not read.
            const same = usual === undefined ? value === undefined : JSON.stringify(value) === JSON.stringify(usual);
            return same ? [] : [unused(place, value, idle)];
        }),
    );
}

/** A setting that has no effect; what is in a map, defaults among it, or in a list is not repeated: a credential perhaps. */
export function unused(path: string, given: unknown, { where, instead }: Idle): SettingsProblem {
    const fix = instead === undefined ? "remove it" : `remove it, or ${instead}`;
    return problem(path, isMap(given) ? "a map" : withoutContent(given), `nothing ${where}`, fix);
}

/** The same of what stands beside a switch `enabled` that is off. */
export function unusedWhileOff(path: string, given: object, defaults: object): SettingsProblem[] {
    return unusedRules(path, given, { ...defaults, enabled: false }, switchedOff(`${path}.enabled`));
}

function isMap(value: unknown): value is object {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}
