/** Something wrong that is put into a release's values by the stack's settings, as a user's own override would. */
export interface ValuesFault {
    /** Completes "verify finds …". */
    readonly name: string;
    /** The check that is to find it. */
    readonly check: string;
    /** What its finding says: object, found and wanted. */
    readonly finds: RegExp;
    /** Settings that are merged over prod's, by system. All faults are there at once: none hides another. */
    readonly settings: Readonly<Record<string, { readonly values: Record<string, unknown> }>>;
}

/** Faults that pass the schema of the settings and the charts' own: only the rendered whole shows them. */
export const VALUES: readonly ValuesFault[] = [
    {
        name: "fewer distributors than a node's loss leaves alive",
        check: "replicas",
        finds: /loki\/Deployment\/loki-distributor: 1 of loki-distributor -> at least 3/,
        settings: { logs: { values: { distributor: { replicas: 1 } } } },
    },
    {
        name: "queriers whose disruption budget is switched off",
        check: "disruption-budgets",
        finds: /cortex\/Deployment\/cortex-querier: /,
        settings: { metrics: { values: { querier: { podDisruptionBudget: null } } } },
    },
    {
        name: "ingesters whose anti-affinity is emptied",
        check: "spread",
        finds: /tempo\/StatefulSet\/tempo-ingester: .*may share a host/,
        settings: { traces: { values: { ingester: { affinity: "" } } } },
    },
    {
        name: "an image that is no longer pinned",
        check: "images",
        finds: /tempo\/Deployment\/tempo-querier: .*:latest/,
        settings: { traces: { values: { querier: { image: { tag: "latest" } } } } },
    },
    {
        name: "a bucket that its store was not granted",
        check: "buckets",
        finds: /tempo\/ConfigMap\/tempo-config: .*other-traces/,
        settings: { traces: { values: { storage: { trace: { s3: { bucket: "other-traces" } } } } } },
    },
    {
        name: "an object store's address with the wrong port",
        check: "addresses",
        finds: /cortex\/Secret\/cortex: minio\.minio\.svc.*:9002 -> a port that Service minio has: 9000/,
        settings: {
            metrics: {
                values: { config: { ruler_storage: { s3: { endpoint: "minio.minio.svc.cluster.local:9002" } } } },
            },
        },
    },
    {
        name: "replicas that Prometheus names otherwise than Cortex elects on",
        check: "ha-deduplication",
        finds: /names its replicas in __replica__; Cortex elects on prometheus_replica/,
        settings: {
            kubePrometheusStack: {
                values: { prometheus: { prometheusSpec: { replicaExternalLabelName: "__replica__" } } },
            },
        },
    },
];
