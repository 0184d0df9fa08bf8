import { COLLECTOR_NAMES, type CollectorName } from "./names";

interface Rule {
    readonly apiGroups: readonly string[];
    readonly resources: readonly string[];
    readonly verbs: readonly string[];
}

export interface Rbac {
    readonly rules: readonly Rule[];
    readonly clusterRules: readonly Rule[];
}

function read(apiGroup: string, ...resources: string[]): Rule {
    return { apiGroups: [apiGroup], resources, verbs: ["get", "list", "watch"] };
}

// Nodes are in no namespace; the chart keeps such rules apart.
const nodes = [read("", "nodes")];

/** What the sampler may read. */
export const SAMPLER_READS: Rbac = { rules: [], clusterRules: [] };

/** What the receiver reads besides, to find the samplers: the spans of a trace all go to one of them. */
export const FIND_SAMPLERS = [read("", "endpoints"), read("discovery.k8s.io", "endpointslices")];

/** What each collector may read. The chart's own list has every Secret and ConfigMap of the cluster on it. */
export const READS: Readonly<Record<CollectorName, Rbac>> = {
    [COLLECTOR_NAMES.logs]: { rules: [read("", "pods", "namespaces")], clusterRules: nodes },
    [COLLECTOR_NAMES.events]: {
        rules: [read("", "events", "namespaces"), read("monitoring.coreos.com", "prometheusrules")],
        clusterRules: nodes,
    },
    [COLLECTOR_NAMES.metrics]: { rules: [read("", "pods", "services", "namespaces")], clusterRules: nodes },
    [COLLECTOR_NAMES.receiver]: {
        // ReplicaSets lead from a pod to its Deployment.
        rules: [read("", "pods", "namespaces"), read("apps", "replicasets")],
        clusterRules: nodes,
    },
};
