import { distance } from "fastest-levenshtein";

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
