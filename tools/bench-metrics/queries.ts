/** A question that people's pages or rules ask often, on the metrics that the load has. */
export interface Question {
    /** Whose form it has. */
    readonly like: string;
    /** @param run the label of the load that it is about. */
    readonly expr: (run: string, window: string) => string;
    /** How far back a graph goes, in seconds; an instant where it is absent. */
    readonly range?: number;
}

const HOUR = 3600;
const counter = (nth: number, run: string, more = "") =>
    `load_requests_${nth}_total{cluster="load", run="${run}"${more}}`;

/** Forms of the shipped pages and of kube-prometheus' rules, with a counter of the load in the place of each metric. */
export const QUESTIONS: readonly Question[] = [
    {
        like: "k8s.rules.container_cpu_usage_seconds_total",
        expr: (run, window) =>
            `sum by (cluster, namespace, pod, container) (rate(${counter(1, run, ', container!=""')}[${window}]))`,
    },
    {
        like: "k8s.rules.container_memory_working_set_bytes",
        expr: (run) =>
            `${counter(2, run)} * on (cluster, namespace, pod) group_left (node) topk by (cluster, namespace, pod) (1, max by (cluster, namespace, pod, node) (${counter(3, run)}))`,
    },
    {
        like: "kube-apiserver-availability: a sum of increases",
        expr: (run, window) => `sum by (cluster, namespace) (increase(${counter(4, run)}[${window}]))`,
    },
    {
        like: "KubePodCrashLooping: max_over_time",
        expr: (run, window) => `max_over_time(${counter(5, run, ', job="load"')}[${window}]) >= 1`,
    },
    {
        like: "TargetDown: a share",
        expr: (run) =>
            `100 * (count by (cluster, job, namespace) (${counter(6, run)} == 0) / count by (cluster, job, namespace) (${counter(6, run)}))`,
    },
    {
        like: "page of a namespace's pods: CPU",
        expr: (run, window) => `sum by (pod) (rate(${counter(7, run, ', namespace="team-3"')}[${window}]))`,
        range: HOUR,
    },
    {
        like: "page of the cluster: by namespace",
        expr: (run, window) => `sum by (namespace) (rate(${counter(8, run)}[${window}]))`,
        range: HOUR,
    },
    {
        like: "page of a node: top pods",
        expr: (run, window) => `topk(10, sum by (pod) (rate(${counter(9, run, ', node=~"node-1.*"')}[${window}])))`,
        range: HOUR,
    },
    {
        like: "page of the data path: ratio of two rates",
        expr: (run, window) => `sum(rate(${counter(10, run)}[${window}])) / sum(rate(${counter(11, run)}[${window}]))`,
        range: HOUR,
    },
    {
        like: "capacity: every metric of a team",
        expr: (run) => `count by (__name__) ({run="${run}", namespace="team-5"})`,
    },
];

/** An address below the store's base for queries. */
export function asked({ expr, range }: Question, run: string, window: string, time: number): string {
    const query = encodeURIComponent(expr(run, window));
    if (range === undefined) return `/api/v1/query?query=${query}&time=${time}`;
    return `/api/v1/query_range?query=${query}&start=${time - range}&end=${time}&step=60`;
}
