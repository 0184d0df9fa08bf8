import { closest, distance } from "fastest-levenshtein";

/** The word that was most likely meant; undefined where none is near, for a guess would mislead. */
export function nearest(given: string, known: readonly string[]): string | undefined {
    if (known.length === 0) return undefined;
    const same = known.find((word) => word.toLowerCase() === given.toLowerCase());
    if (same !== undefined) return same;
    const begun = known.filter((word) => word.toLowerCase().startsWith(given.toLowerCase()));
    const [only, another] = given.length < 4 ? [] : begun;
    if (only !== undefined && another === undefined) return only;
    const near = closest(given, known);
    return distance(given, near) <= Math.min(Math.max(2, given.length / 3), near.length - 1) ? near : undefined;
}
