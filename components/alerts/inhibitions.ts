/** Alerts that follow from another: while the cause fires they are not told. */
export const CONSEQUENCES = [
    {
        cause: "ReplicationBelowFactor",
        consequences: ["RingMemberUnhealthy"],
        within: ["cluster", "namespace"],
    },
    {
        cause: "MetricsIngestionStopped",
        consequences: ["RemoteWriteBehind", "SpanMetricsStopped"],
        within: ["cluster"],
    },
    {
        cause: "ObjectStoreKeyRefused",
        consequences: [
            "ObjectStoreFailing",
            "FlushFailing",
            "CompactionStuck",
            "RetentionStuck",
            "TraceBlocklistStale",
        ],
        within: ["cluster", "namespace"],
    },
    {
        cause: "ObjectStoreFailing",
        consequences: ["FlushFailing", "CompactionStuck", "RetentionStuck", "TraceBlocklistStale"],
        within: ["cluster", "namespace"],
    },
    {
        cause: "VolumeNearlyFull",
        consequences: ["VolumeFillingUp"],
        within: ["cluster", "namespace", "persistentvolumeclaim"],
    },
    {
        cause: "ObjectStoreNearlyFull",
        consequences: ["ObjectStoreFillingUp"],
        within: ["cluster"],
    },
] as const;
