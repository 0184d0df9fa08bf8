import { deepmergeCustom } from "deepmerge-ts";

const merge = deepmergeCustom({ mergeArrays: false });

/** Merges chart values: maps deeply, arrays replace, null stays null so that Helm deletes the chart's default. */
export function mergeValues(base: object, over: Record<string, unknown>): Record<string, unknown> {
    return merge<[object, Record<string, unknown>]>(base, over);
}
