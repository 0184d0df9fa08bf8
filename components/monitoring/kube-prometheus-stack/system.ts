import type { RuleEvaluator, System } from "../../contracts/system";
import { MONITORING } from "../../kubernetes/namespaces";
import { remoteWriteRules, type RemoteWriteFacts } from "./alerts";
import { PROMETHEUS } from "./names";
import { prometheusPath } from "./panels";
import { rulerEvaluator, rulerRules } from "./ruler-alerts";

const prometheusEvaluator: RuleEvaluator = {
    title: "Prometheus",
    namespace: MONITORING,
    job: PROMETHEUS,
    prefix: "prometheus",
    dropped: "prometheus_notifications_dropped_total",
};

/** @param ruler whether rules of objects are evaluated on the metrics store: it has to be in this cluster. */
export function prometheusSystem(facts: RemoteWriteFacts, ruler: boolean): System {
    return {
        role: "monitoring",
        title: "Prometheus",
        namespaces: [MONITORING],
        alerts: {
            ...(ruler && { "metrics-store": rulerRules(facts.metricsStore) }),
            "remote-write": remoteWriteRules(facts),
        },
        inhibitions: [
            { source: "MetricsIngestionStopped", targets: ["RemoteWriteBehind"], equal: ["cluster"] },
            // What the ruler asks fails with all other queries.
            { source: "ReadsFailing", targets: ["RulesFailing"], equal: ["cluster", "store"] },
        ],
        panels: { path: [prometheusPath] },
        evaluators: [prometheusEvaluator, ...(ruler ? [rulerEvaluator] : [])],
    };
}
