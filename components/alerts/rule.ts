/** `critical` wakes somebody: data is being lost or will be, or nothing can be read. `warning` waits for the morning. */
export type Severity = "critical" | "warning";

/** Series by their selectors, in promtool's notation: `0+60x30` is 0, then 30 times 60 more, a minute apart. */
export type Series = Readonly<Record<string, string>>;

/** What promtool plays to a rule, and when it looks. */
export interface Case {
    readonly series: Series;
    /** Minutes after the first sample. */
    readonly minute: number;
}

export interface FiringCase extends Case {
    /** Labels of the alert that the expression and `labels` leave: not those that every alert has. */
    readonly labels: Readonly<Record<string, string>>;
    /** The description as people read it. */
    readonly says: string;
}

/** One alert and its text. */
export interface Alert {
    /** Also the name of its page: docs/runbooks/<alert>.md. Rules of several systems may share it. */
    readonly alert: string;
    readonly severity: Severity;
    readonly expr: string;
    /** How long the expression must hold. */
    readonly for: string;
    readonly labels?: Readonly<Record<string, string>>;
    /** What is wrong, in one line and without numbers: the title of messages. */
    readonly summary: string;
    /** How bad, with numbers and what they are measured against. */
    readonly description: string;
}

/** An alert on metrics, with the proof that it fires when it should and only then. */
export interface Rule extends Alert {
    readonly firing: FiringCase;
    /** Where the rule reads of several systems: a case for each of the others. */
    readonly alsoFiring?: readonly FiringCase[];
    readonly silent: Case;
}

/** The groups of rules on metrics, by what they watch. */
export const GROUPS = [
    "metrics-store",
    "remote-write",
    "log-store",
    "trace-store",
    "collectors",
    "clients",
    "object-store",
    "volumes",
    "database",
    "errors",
    "addresses",
    "backups",
] as const;

export type GroupName = (typeof GROUPS)[number];

/** Rules on one matter, which become one object in the cluster. */
export interface RuleGroup<R extends Alert = Rule> {
    readonly name: string;
    readonly rules: readonly R[];
}

/** What all alerts of a stack have in common. */
export interface Common {
    /** Value of the label `team`, by which alerts are routed. */
    readonly team: string;
    /** URL of the folder with the runbooks, without a slash at its end; absent where nobody has said it. */
    readonly runbooks?: string | undefined;
}

/** Labels of an alert beside those of its expression. */
export function labelsOf({ severity, labels }: Alert, { team }: Common): Record<string, string> {
    return { ...labels, severity, team };
}

/** Where an alert's page is: as a link, which Grafana and receivers open, or as the path in this repository. */
export function runbookOf({ alert }: Alert, { runbooks }: Common): Record<string, string> {
    const page = `${alert}.md`;
    return runbooks === undefined ? { runbook: `docs/runbooks/${page}` } : { runbook_url: `${runbooks}/${page}` };
}

/** A rule as Prometheus and the log store's ruler read it. */
export function alertingRule(rule: Alert, common: Common) {
    const { alert, expr, for: duration, summary, description } = rule;
    const annotations: Record<string, string> = { summary, description, ...runbookOf(rule, common) };
    return { alert, expr, for: duration, labels: labelsOf(rule, common), annotations };
}

/** Share of a rate in another over five minutes, by namespace. */
export function share(part: string, whole: string, window = "5m"): string {
    return `sum by (namespace) (rate(${part}[${window}])) / sum by (namespace) (rate(${whole}[${window}]))`;
}

/** A sum that is 0, and not nothing, where no series is there: a store that is gone exposes none. */
export function orZero(sum: string): string {
    return `(${sum} or vector(0))`;
}

/** The same rules, told apart by the store's role from those of other stores that share their names. */
export function ofStore(store: "metrics" | "logs" | "traces", rules: readonly Rule[]): Rule[] {
    return rules.map((rule) => ({ ...rule, labels: { store, ...rule.labels } }));
}

/** As `humanizeDuration` writes whole hours. */
export function humanDuration(hours: number): string {
    return hours < 24 ? `${hours}h 0m 0s` : `${Math.floor(hours / 24)}d ${hours % 24}h 0m 0s`;
}
