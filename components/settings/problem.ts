/** One thing that is wrong with the settings. */
export interface SettingsProblem {
    /** Where, as `pulumi config set --path` takes it: `logs.replicas.ingester`, `logs.schema[0].from`. */
    readonly path: string;
    /** What was written there; a credential is never repeated. */
    readonly given: string;
    readonly allowed: string;
    /** What to write instead. */
    readonly fix: string;
}

/** Says a rule between several settings is broken. */
export function problem(path: string, given: unknown, allowed: string, fix: string): SettingsProblem {
    return { path, given: withoutLogin(typeof given === "string" ? given : JSON.stringify(given)), allowed, fix };
}

/** What is given, a map by its keys and a list by its length: there may be a credential in them. */
export function withoutContent(given: unknown): unknown {
    if (Array.isArray(given)) return `a list of ${given.length}`;
    if (typeof given !== "object" || given === null) return given;
    const keys = Object.keys(given).sort();
    return keys.length === 0 ? "an empty map" : `a map with ${keys.join(", ")}`;
}

/**
 * A text without the user and password that a URL, or the address of a host (user:password@host), may hold, and without a
 * URL's query, in which tokens stand.
 */
export function withoutLogin(text: string): string {
    return text
        .replace(/\/\/[^/]*@/, "//[login]@")
        .replace(/^("?)[^/\s@:"]+:[^/\s]*@(?!sha256:)/, "$1[login]@")
        .replace(/(:\/\/[^\s"?]*)\?[^\s"]+/, "$1?[query]");
}

/** A path below another, as `pulumi config set --path` takes it: places of lists in brackets, odd keys quoted in them. */
export function pathOf(above: string, below: readonly PropertyKey[]): string {
    return below.reduce<string>((path, key) => {
        if (typeof key === "number") return `${path}[${key}]`;
        const name = String(key);
        if (/[."[\]]/.test(name) || name === "") return `${path}[${JSON.stringify(name)}]`;
        return path === "" ? name : `${path}.${name}`;
    }, above);
}

/** How a credential is set, encrypted in the stack file; the command asks for the value. */
export function setSecret(path: string): string {
    return `pulumi config set --secret --path '${path}'`;
}
