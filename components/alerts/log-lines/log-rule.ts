import type { Alert } from "../rule";

/** Lines as the collectors store them, all within the rule's window. */
export interface Lines {
    /** Labels of the stream. */
    readonly stream: Readonly<Record<string, string>>;
    /** Structured metadata: the collectors keep `pod` there. */
    readonly metadata?: Readonly<Record<string, string>>;
    readonly line: string;
    readonly count: number;
}

export interface FiringLines {
    readonly lines: readonly Lines[];
    /** Labels of the alert that the expression leaves: not those that every alert has. */
    readonly labels: Readonly<Record<string, string>>;
    /** The description as people read it. */
    readonly says: string;
}

/**
 * An alert on log lines, its expression LogQL. A log store logs the queries that it runs: a rule that reads its lines has a
 * bracket in each word that it looks for, so that it does not find itself.
 */
export interface LogRule extends Alert {
    readonly firing: FiringLines;
    readonly silent: { readonly lines: readonly Lines[] };
}
