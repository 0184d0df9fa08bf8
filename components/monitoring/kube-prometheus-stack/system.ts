import type { System } from "../../contracts/system";
import { MONITORING } from "../../kubernetes/namespaces";
import { remoteWriteRules, type RemoteWriteFacts } from "./alerts";
import { prometheusPath } from "./panels";

export function prometheusSystem(facts: RemoteWriteFacts): System {
    return {
        role: "monitoring",
        title: "Prometheus",
        namespaces: [MONITORING],
        alerts: { "remote-write": remoteWriteRules(facts) },
        inhibitions: [{ source: "MetricsIngestionStopped", targets: ["RemoteWriteBehind"], equal: ["cluster"] }],
        panels: { path: [prometheusPath] },
        evaluator: { namespace: MONITORING, prefix: "prometheus" },
    };
}
