import * as k8s from "@pulumi/kubernetes";

// A program that knows nothing of this platform: its own names, values by hand, and what people get wrong by hand.

const labels = { "app.kubernetes.io/instance": "databases" };
const spread = (topologyKey: string) => ({
    maxSkew: 1,
    topologyKey,
    whenUnsatisfiable: "DoNotSchedule",
    nodeTaintsPolicy: "Honor",
    labelSelector: { matchLabels: labels },
});

// In order: the operator of PostgreSQL.
new k8s.helm.v3.Release("databases", {
    name: "databases",
    namespace: "databases",
    chart: "cloudnative-pg",
    version: "0.29.0",
    repositoryOpts: { repo: "https://cloudnative-pg.github.io/charts" },
    values: {
        replicaCount: 2,
        topologySpreadConstraints: [spread("kubernetes.io/hostname"), spread("topology.kubernetes.io/zone")],
        resources: { requests: { cpu: "100m", memory: "128Mi" }, limits: { memory: "256Mi" } },
    },
});
new k8s.policy.v1.PodDisruptionBudget("databases", {
    metadata: { namespace: "databases" },
    spec: { maxUnavailable: 1, selector: { matchLabels: labels } },
});

// A mode in lower case deploys nothing, and the key stands in Helm's history.
new k8s.helm.v3.Release("logs", {
    namespace: "logging",
    chart: "grafana/loki",
    values: {
        deploymentMode: "distributed",
        loki: { storage: { type: "s3", s3: { accessKeyId: "logs", secretAccessKey: "not-so-secret" } } },
    },
});

// An older chart: where nothing is given its defaults may be others than those that the pack knows.
new k8s.helm.v3.Release("traces", {
    name: "traces",
    namespace: "tracing",
    chart: "oci://registry.example.com/charts/tempo-distributed",
    version: "1.0.0",
    values: { ingester: { replicas: 1 } },
});
