import type { DataSource } from "./datasource";
import type { BucketGrant } from "./object-store";
import type { Endpoint, Ready } from "./ready";
import type { Tenancy } from "./tenancy";

/** Labels of a pair of Prometheus replicas, of whose copies a store keeps one. */
export interface HighAvailabilityLabels {
    /** Names a pair: all of its replicas have the same value. */
    readonly cluster: string;
    /** Tells the replicas of a pair apart. No answer of the store has it, in which every series would come twice else. */
    readonly replica: string;
    /**
     * Who drops the label of the replica: a store that elects one of them by it, or keeps both and answers with one; or the
     * sender, where the store keeps one of several samples of the same series.
     */
    readonly dropReplica: "store" | "sender";
    /**
     * Value of `cluster` where the store has pairs of other clusters beside this one, whose names in their clusters are the
     * same; the operator's own (`namespace/name`) if absent.
     */
    readonly pair?: string;
}

/** What a ruler before the store asks, which says no tenant. */
export interface RuleQueries {
    /** Base URL of the platform's own tenant, to which `/api/v1/query` and `/api/v1/query_range` are appended. */
    readonly url: string;
    readonly endpoint: Endpoint;
    /** Labels that answers have beyond those that were written. */
    readonly addedLabels: readonly string[];
}

/** How a store gets the blocks of Prometheus: a program beside each replica brings them into its bucket, in place of remote write. */
export interface BlockUploads {
    /** Where the bucket is, as Thanos reads it, without a key. */
    readonly bucketConfig: string;
    readonly grant: BucketGrant;
    /** Labels that its blocks have to have beside those of the pair, by which the store knows whose they are. */
    readonly labels: Readonly<Record<string, string>>;
    /** Namespace of the pods that ask the program for what is in no block yet. */
    readonly readFrom: string;
}

/** Where the programs beside Prometheus are asked. */
export interface Sidecars {
    /** The SRV record of all of them, as Thanos looks it up. */
    readonly address: string;
    readonly endpoint: Endpoint;
}

/** What takes metrics: Prometheus remote write and OTLP. */
export interface MetricsSink extends Ready {
    readonly push: {
        /** Remote write URL (Prometheus remote write 1.0). */
        readonly url: string;
        /**
         * OTLP/HTTP base URL, to which `/v1/metrics` is appended. Series are named as Prometheus names them, with a suffix
         * for the unit and `_total`, and have the attributes `service.*` of the resource as job and instance.
         */
        readonly otlpUrl: string;
        readonly endpoint: Endpoint;
    };
    readonly tenancy: Tenancy;
    /** Labels of the pair, which Prometheus puts on each series. */
    readonly highAvailability: HighAvailabilityLabels;
    /** Whether it keeps exemplars; sent to a store without, they are refused or lost. */
    readonly exemplars: boolean;
    /** Whether it keeps native histograms; a sender that may send them drops them else, without a word. */
    readonly nativeHistograms: boolean;
    /** Set where Prometheus does not write to it. */
    readonly uploads?: BlockUploads | undefined;
    /** How long it may be away at a time, with senders keeping what they scraped; absent of one that stands beside them. */
    readonly offline?: string;
}

/** Long-term metrics in this cluster: PromQL out. */
export interface MetricsStore extends MetricsSink {
    readonly read: {
        /** Prometheus API base URL, to which `/api/v1/query` is appended. */
        readonly url: string;
        /** URL of a query that answers 200, sent with the tenant: it passes every hop of a query and needs no data. */
        readonly healthUrl: string;
        readonly endpoint: Endpoint;
    };
    /** Where rules in objects are asked for the platform's own tenant. */
    readonly ruleQueries: RuleQueries;
    /** Whether it has a ruler of its own with an API beside, through which any tenant writes rules, and Grafana does. */
    readonly rulerApi: boolean;
    /** Namespace of what evaluates rules in objects of the store's own kind, and sends alerts; absent where nothing does. */
    readonly alertsFrom?: string | undefined;
    readonly datasource: DataSource;
}
