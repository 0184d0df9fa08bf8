import { kubePrometheusStackReplicated } from "../../components/monitoring/kube-prometheus-stack/workloads";
import { leastOf } from "../../components/settings/replicas";
import { GB, GIB, HEADROOM, of, volume, type Needs } from "./figure";
import type { Load } from "./load";

export const PROMETHEUS = "https://prometheus.io/docs/prometheus/latest/storage/#operational-aspects";
/** Mimir began as Cortex' blocks engine and rings; its figures are the newer measurement of the same design. */
export const MIMIR = "https://grafana.com/docs/mimir/latest/manage/run-production-environment/planning-capacity/";

/** Prometheus servers that scrape, and send, the same samples. */
export const PAIR = leastOf(kubePrometheusStackReplicated.prometheus, "node");

/** Bytes of a sample in a compacted block, index included: 1 to 2 by Prometheus' documentation, 2 by Mimir's. */
export const SAMPLE = 2;

/** Cores of what holds so many series in memory, copies counted: Prometheus, and Cortex' ingesters, which are made of it. */
export function headCores(inMemory: number): number {
    return inMemory / 300_000;
}

/** Bytes of memory of what holds so many series, copies counted, without headroom. */
export function headBytes(inMemory: number): number {
    return (inMemory / 300_000) * 2.5 * GB;
}

/** Series that one Prometheus should not pass: past this its replay of the log takes longer than people wait. */
const ONE_PROMETHEUS = 10_000_000;

/** What the pair of Prometheus needs, whoever keeps what it sends. */
export function prometheusNeeds(load: Load): Needs {
    const samples = load.series / load.interval;
    return {
        figures: [
            {
                ...of(kubePrometheusStackReplicated.prometheus),
                replicas: PAIR,
                cpu: Math.max(1, Math.ceil(headCores(load.series))),
                memory: Math.ceil((headBytes(load.series) * HEADROOM) / GIB) * GIB,
                volume: volume("kubePrometheusStack.prometheus.volume", samples * 86_400 * SAMPLE * HEADROOM, 50),
                formula: "each of the pair holds every series, at an ingester's cost; a day of samples at 2 B",
                source: PROMETHEUS,
            },
        ],
        stored: [],
        ceilings: [],
        limits:
            load.series > ONE_PROMETHEUS
                ? [
                      "One pair of Prometheus holds at most about 10 million series: split targets among pairs, or scrape with the collectors.",
                  ]
                : [],
    };
}
