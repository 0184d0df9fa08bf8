import { isDeepStrictEqual } from "node:util";
import { at } from "../../records";
import { asWritten, settingEntries } from "../../settings-reference/entries";
import type { Found } from "../finding";
import type { Settings } from "../program";

/** Settings that differ although the schema says that they stay as they were first, or fell although they only rise. */
export function changedSettings(before: Settings, after: Settings): Found[] {
    const [was, is] = [asWritten(before), asWritten(after)];
    return settingEntries().flatMap(({ path, meaning }) => {
        const [from, to] = [at(was, path), at(is, path)];
        // One that the earlier revision did not have is no change.
        if (from === undefined || isDeepStrictEqual(from, to)) return [];
        const change = { object: `Setting/${path}`, found: `${text(from)} → ${text(to)}` };
        if (meaning.rises !== undefined && Number(to) < Number(from)) {
            const wanted = `${text(from)} or more, since ${meaning.rises}`;
            return [{ ...change, wanted, hint: `set observability:${path} to what it was, or raise it` }];
        }
        if (meaning.immutable === undefined || isAppended(from, to)) return [];
        return [
            {
                ...change,
                wanted: `${text(from)}, since ${meaning.immutable}`,
                hint: `set observability:${path} to what it was; where it is meant, move the data first`,
            },
        ];
    });
}

/** A list that goes on where it ended: what was said of the past still holds. */
function isAppended(before: unknown, after: unknown): boolean {
    return Array.isArray(before) && Array.isArray(after) && isDeepStrictEqual(after.slice(0, before.length), before);
}

function text(value: unknown): string {
    return value === undefined ? "not set" : typeof value === "string" ? value : JSON.stringify(value);
}
