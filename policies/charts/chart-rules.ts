import type { Survives } from "../catalogue/workload";
import type { Check, Wrong } from "../finding";
import type { Release } from "../release";

/** What rules know of one chart, beside the workloads that its catalogue names. */
export interface ChartRules {
    /** Paths of values that they read: of these the chart's defaults are kept. */
    readonly reads?: readonly string[];
    /** Words that the chart compares letter by letter: another spelling deploys nothing, or something else. */
    readonly mode?: Check;
    /** Whether what it stores outlives its pods and is deleted at a chosen age only. */
    readonly durability?: readonly Check[];
    /** The same of what is only on its way: without copies of anything it may go with its pod. */
    readonly queues?: readonly Check[];
    /** Copies of everything, no more of them than there are servers, and votes that survive a loss. */
    readonly replication?: (survives: Survives) => readonly Check[];
    /** Of a metrics store: what is wrong between it and a stack of Prometheus that sends to it. */
    readonly deduplication?: (store: Release, stack: Release) => readonly Wrong[];
}
