import type { Rule } from "../alerts/rule";
import { NAMESPACE, RELEASE } from "./names";

/** Its own programs name no metric that tells: what the collectors could not hand over is told of every destination. */
export function signozRules(): Rule[] {
    return [down("screens"), down("collector")];
}

const PARTS = {
    screens: {
        metric: `kube_statefulset_status_replicas_ready{namespace="${NAMESPACE}",statefulset="${RELEASE}"}`,
        lost: "Nobody sees anything there, and its own alerts are not evaluated.",
    },
    collector: {
        metric: `kube_deployment_status_replicas_available{namespace="${NAMESPACE}",deployment="${RELEASE}-otel-collector"}`,
        lost: "What is sent there waits in the collectors' queues, and what comes beyond is dropped for it.",
    },
} as const;

function down(part: keyof typeof PARTS): Rule {
    const { metric, lost } = PARTS[part];
    const says = `No pod of its ${part} has been ready for 10 minutes. ${lost}`;
    return {
        alert: "SigNozDown",
        severity: "warning",
        labels: { part },
        expr: `max by (namespace) (${metric}) == 0`,
        for: "10m",
        summary: "A part of SigNoz does not run",
        description: says,
        firing: { series: { [metric]: "1x5 0x30" }, minute: 25, labels: { namespace: NAMESPACE }, says },
        silent: { series: { [metric]: "1x5 0x8 1x30" }, minute: 25 },
    };
}
