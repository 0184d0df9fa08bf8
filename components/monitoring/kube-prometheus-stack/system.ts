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

export function prometheusSystem(facts: RemoteWriteFacts): System {
    return {
        role: "monitoring",
        title: "Prometheus",
        namespaces: [MONITORING],
        alerts: { "metrics-store": rulerRules(facts.metricsStore), "remote-write": remoteWriteRules(facts) },
        inhibitions: [
            { source: "MetricsIngestionStopped", targets: ["RemoteWriteBehind"], equal: ["cluster"] },
            // What the ruler asks fails with all other queries.
            { source: "ReadsFailing", targets: ["RulesFailing"], equal: ["cluster", "store"] },
        ],
        panels: { path: [prometheusPath] },
        evaluators: [prometheusEvaluator, rulerEvaluator],
    };
}
