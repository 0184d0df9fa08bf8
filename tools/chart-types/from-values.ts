import { isRecord } from "../records";
import { type Shape, OPEN, UNKNOWN, leaf, list, map } from "./shape";

/** What a default value says of its key. */
export function shapeOfValue(value: unknown): Shape {
    if (Array.isArray(value)) {
        return list(UNKNOWN);
    }
    if (isRecord(value)) {
        const entries = Object.entries(value);
        // No key by default: the keys are the user's.
        return entries.length === 0 ? OPEN : map(entries.map(([key, child]) => [key, shapeOfValue(child)] as const));
    }
    switch (typeof value) {
        case "string":
        case "number":
        case "boolean":
            return leaf(typeof value);
        default:
            return UNKNOWN;
    }
}
