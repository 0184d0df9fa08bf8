import { MESSAGE } from "../../contracts/push-sizes";
import { goDuration } from "../../settings/units";
import { sampler } from "./collectors";
import { DESTINATIONS, SAMPLER_LABELS } from "./names";
import { alloySize, RETRIES, sendingQueueBlock } from "./queue";
import type { K8sMonitoringValuesArgs } from "./values-args";
import type { ChartValues } from "./values.gen";

/** The samplers, and what they keep: a trace is kept if one of the policies says so. */
export function tailSampling(args: K8sMonitoringValuesArgs): Record<string, unknown> {
    const { decisionWait, slowerThanMs, percentage, tracesInMemory } = args.settings.tailSampling;
    return {
        enabled: true,
        // Read by Go, whose clock knows no days.
        decisionWait: goDuration(decisionWait),
        numTraces: tracesInMemory,
        receiver: { otlp: { grpc: { maxReceivedMessageSize: alloySize(MESSAGE) } } },
        policies: [
            { name: "errors", type: "status_code", status_codes: ["ERROR"] },
            { name: "slow", type: "latency", threshold_ms: slowerThanMs },
            { name: "rest", type: "probabilistic", sampling_percentage: percentage },
        ],
        collector: sampler(args),
    };
}

/**
 * The way from the receivers to the samplers, in place of the chart's own, which has no queue: with no sampler ready it
 * would drop what was accepted. The queue stands before the choice of a sampler, so that a retry may find another one.
 */
export function toSamplers(args: K8sMonitoringValuesArgs): NonNullable<ChartValues["replaceComponent"]> {
    if (!args.settings.tailSampling.enabled) return [];
    const content = `resolver {
  kubernetes {
    service = "${SAMPLER_LABELS["app.kubernetes.io/instance"]}"
  }
}
protocol {
  otlp {
    client {
      tls {
        insecure = true
      }
    }
    queue {
      enabled = false
    }
    retry {
      enabled = false
    }
  }
}
timeout = "30s"
retry_on_failure {
  max_elapsed_time = "${RETRIES.maxElapsedTime}"
}
${sendingQueueBlock(args)}
`;
    return [{ type: "otelcol.exporter.loadbalancing", name: `${DESTINATIONS.traces}_sampler`, content }];
}
