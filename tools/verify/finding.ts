/** One thing that is not as it should be in what the cluster would be given. */
export interface Finding {
    /** Name of the check, such as `pod-disruption-budgets`. */
    readonly check: string;
    /** What it is about: `NAMESPACE/KIND/NAME`, or `KIND/NAME` for what belongs to no namespace. */
    readonly object: string;
    readonly found: string;
    readonly wanted: string;
    /** What to change, in the settings where that is possible. */
    readonly hint: string;
}

/** A check as it is written: its name is put on by the runner. */
export type Found = Omit<Finding, "check">;
