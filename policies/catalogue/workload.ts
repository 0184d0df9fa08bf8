/** What may be lost at any time without losing data or writes. */
export type Survives = "node" | "zone";

/** A pod disruption budget in a chart's values. */
export interface Budget {
    readonly at: string;
    /** Key below it that makes the budget; absent where giving limits makes it. */
    readonly switch?: string;
    /** Path of a limit beside it, which holds where the budget itself gives none. */
    readonly beside?: string;
}

/** A chart that this project installs. */
export interface Chart {
    readonly chart: string;
    readonly repository: string;
    /** Whether data goes with its release. */
    readonly holdsData: boolean;
}

/** A workload that production has a minimum for, and where a chart's values describe it. */
export interface Workload {
    /** Name in the settings of the policies: `system.workload`. */
    readonly key: string;
    readonly chart: string;
    readonly least: Readonly<Record<Survives, number>>;
    /** More than the minimum is wrong too. */
    readonly exactly?: boolean;
    readonly replicas: string;
    /** Values that switch it off, unless they are true. */
    readonly needs: readonly string[];
    /** A value that says whether there is such a workload at all. */
    readonly onlyIf?: { readonly path: string; readonly is: unknown };
    /** Autoscalers, which overrule the replica count. */
    readonly scalers: readonly { readonly on: string; readonly least: string }[];
    /** Controller of a collector: a pod on each node is enough. */
    readonly collector?: string;
    /** It votes or holds a copy of data that must not go together with another's. */
    readonly quorum: boolean;
    readonly affinity?: string;
    /** A value that asks the operator for required (`is`) host anti-affinity. */
    readonly apart?: { readonly path: string; readonly is: unknown; readonly topology?: string };
    readonly spread?: string;
    readonly budget?: Budget;
    /** Path of the update strategy, or of its type. */
    readonly strategy?: string;
    readonly resources: string;
    /** What runs without it, or with too few. */
    readonly why: string;
    /** Setting of this project that its replica count follows from. */
    readonly setting: string;
    /** Setting of this project that its chart's values are merged from; absent where no chart makes it. */
    readonly values?: string;
}
