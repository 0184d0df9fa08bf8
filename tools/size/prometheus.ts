import { kubePrometheusStackReplicated } from "../../components/monitoring/kube-prometheus-stack/workloads";
import { leastOf } from "../../components/settings/replicas";
import { GIB, HEADROOM, of, volume, type Needs } from "../../components/sizing/figure";
import { headBytes, headCores, PROMETHEUS, SAMPLE } from "../../components/sizing/head";
import type { Load } from "../../components/sizing/load";

/** Prometheus servers that scrape, and send, the same samples. */
export const PAIR = leastOf(kubePrometheusStackReplicated.prometheus, "node");

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
