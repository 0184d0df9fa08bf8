/** A setting that is below what the stated load needs. */
export interface Shortfall {
    readonly setting: string;
    /** What it is now. */
    readonly set: string;
    /** What to write instead. */
    readonly needed: string;
    readonly formula: string;
}
