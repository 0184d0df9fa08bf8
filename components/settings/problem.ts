/** One thing that is wrong with the settings. */
export interface SettingsProblem {
    /** Where, as it stands in the stack file: `logs.replicas.ingester`. */
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

/** A text without the user and password that a URL in it may hold. */
export function withoutLogin(text: string): string {
    return text.replace(/\/\/[^/@]*@/, "//[login]@");
}
