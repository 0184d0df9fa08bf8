/** Whether a value is a map: neither a scalar, nor a list, nor null. */
export function isRecord(value: unknown): value is Record<string, unknown> {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The strings of a list; none where there is no list. */
export function strings(value: unknown): string[] {
    return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

/** The maps of a list; none where there is no list. */
export function records(value: unknown): Record<string, unknown>[] {
    return Array.isArray(value) ? value.filter(isRecord) : [];
}

/** The value where it is a map, else an empty one. */
export function record(value: unknown): Record<string, unknown> {
    return isRecord(value) ? value : {};
}

/** The value at a dotted path of keys; undefined where there is none. */
export function at(value: unknown, path: string): unknown {
    return path.split(".").reduce<unknown>((inner, key) => (isRecord(inner) ? inner[key] : undefined), value);
}
