import type { LogRule } from "../alerts/log-lines/log-rule";
import type { GroupName, Rule, Series } from "../alerts/rule";
import type { Dashboard, Panel } from "../dashboards/spec";

/** What a system is there for, whichever kind of it a stack has. */
export type Role =
    | "monitoring"
    | "collectors"
    | "metrics"
    | "logs"
    | "traces"
    | "objectStore"
    | "database"
    | "probes"
    | "backup"
    | "ingest"
    | "copies"
    | "errors";

/**
 * What a system tells of itself to whoever watches it: alerts and dashboards know the systems of a stack by this alone.
 * `components/platform/systems.ts` collects them.
 */
export interface System {
    readonly role: Role;
    /** As people call it. */
    readonly title: string;
    /** Where its pods run. */
    readonly namespaces: readonly string[];
    /** Its rules, by the group that they join. */
    readonly alerts: Readonly<Partial<Record<GroupName, readonly Rule[]>>>;
    /** What no metric shows. */
    readonly logAlerts?: readonly LogRule[];
    readonly inhibitions?: readonly Inhibition[];
    readonly dashboard?: Dashboard | readonly Dashboard[];
    /** Its panels on the pages that cross systems. */
    readonly panels?: CrossPanels;
    /** Those of its parts that evaluate rules on metrics or logs. */
    readonly evaluators?: readonly RuleEvaluator[];
    /** Where it keeps data in the object store. */
    readonly objectStoreClient?: ObjectStoreClient;
    /** The collectors: whether they gather pods' lines. The log store: whether its ruler evaluates LogQL. */
    readonly logLines?: boolean;
    /** The log store: how its lines are asked for on the pages of all. */
    readonly lines?: LineQueries;
}

/** Queries of lines in the log store's own language, each as Grafana's target has it beside its data source. */
export interface LineQueries {
    /** Grafana's plugin. */
    readonly plugin: string;
    /** Lines of a pod, whose name may be a variable of Grafana's. */
    readonly ofPod: (namespace: string, pod: string) => Readonly<Record<string, unknown>>;
    /** Lines of a namespace that match a regular expression, as near as the language comes to it; of the clusters that `$cluster` says. */
    readonly complaints: (namespace: string, complaint: string) => Readonly<Record<string, unknown>>;
}

/** While the source alert fires, nobody is notified of the target alerts whose labels `equal` have the same values. */
export interface Inhibition {
    readonly source: string;
    readonly targets: readonly string[];
    readonly equal: readonly string[];
}

/** Who evaluates rules. */
export interface RuleEvaluator {
    /** As people call it. */
    readonly title: string;
    readonly namespace: string;
    /** The job of its targets, where others of the namespace have metrics of the same names. */
    readonly job?: string;
    /** What `_rule_evaluation_failures_total` and the other metrics of Prometheus' rule manager start with. */
    readonly prefix: string;
    /** Counts alerts that no Alertmanager took. */
    readonly dropped: string;
}

/** How a system counts its calls to the object store: an outside S3 is seen in no other way. */
export interface ObjectStoreClient {
    readonly namespace: string;
    /** Selectors of counters: the calls that failed, and all. */
    readonly failed: string;
    readonly calls: string;
    /** Selector of the histogram's buckets of reads alone: how long a write takes is the size of what is written. */
    readonly reads: string;
    /** The same as promtool plays it. */
    readonly played: {
        /** Of 100 calls each minute so many fail. */
        readonly calls: (failed: number) => Series;
        /** The series of a bucket. */
        readonly reads: (le: string) => string;
    };
    /** What it logs when the object store refuses its key, at least one. */
    readonly refusals: readonly { readonly container: string; readonly line: string }[];
}

/** Panels that a system brings to the pages of the whole. Each page puts them in the order of the systems. */
export interface CrossPanels {
    /** "Start here": whether what arrives is kept. */
    readonly flow?: Panel;
    /** "Start here": what a canary or the newest sample says. */
    readonly checks?: readonly Panel[];
    /** "Start here": what it takes in and keeps. */
    readonly cost?: readonly Panel[];
    /** "Clusters": what each tenant keeps, and how old the newest of it is. */
    readonly tenants?: readonly Panel[];
    /** "Data path": its part of a signal's path. */
    readonly path?: readonly PathSection[];
}

/** A system's part of the path of a signal from where it arises to where it is kept. */
export interface PathSection {
    readonly signal: "metrics" | "logs" | "traces";
    /** What the signal passes, in words of the row's title. */
    readonly through: readonly string[];
    /** One or more panels for each hop; the page numbers the hops. */
    readonly hops: readonly (readonly Panel[])[];
}
