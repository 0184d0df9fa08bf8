import { MONITORING } from "../kubernetes/namespaces";
import type { Rule } from "./rule";

/** The volumes of every namespace: they take the place of the chart's KubePersistentVolumeFillingUp. */
export function volumeRules(): Rule[] {
    return [fillingUp(), nearlyFull()];
}

const CLAIM = "data-0";

/** The kubelet measures each volume on the node where it is mounted; while it moves, two may. */
function left(): string {
    const of = (what: string) => `min by (namespace, persistentvolumeclaim) (kubelet_volume_stats_${what}_bytes)`;
    return `${of("available")} / ${of("capacity")}`;
}

function stats(available: string): Record<string, string> {
    const labels = `{namespace="${MONITORING}",persistentvolumeclaim="${CLAIM}"}`;
    return {
        [`kubelet_volume_stats_available_bytes${labels}`]: available,
        [`kubelet_volume_stats_capacity_bytes${labels}`]: "1000x700",
    };
}

function fillingUp(): Rule {
    const [days, spare] = [2, 0.3];
    const then =
        "A full volume stops the process that writes to it: an ingester's write-ahead log, Prometheus, a database.";
    return {
        alert: "VolumeFillingUp",
        severity: "warning",
        // Six hours hold two compactions of the stores' blocks, so that the saw-tooth they make does not count.
        expr:
            `${left()} < ${spare} and min by (namespace, persistentvolumeclaim) ` +
            `(predict_linear(kubelet_volume_stats_available_bytes[6h], ${days} * 86400)) < 0`,
        for: "1h",
        summary: "A volume will be full within two days",
        description: `{{ $value | humanizePercentage }} of the volume {{ $labels.persistentvolumeclaim }} in {{ $labels.namespace }} are free, and at the last six hours' growth none will be in ${days} days. ${then}`,
        firing: {
            series: stats("400-0.5x700"),
            minute: 500,
            labels: { namespace: MONITORING, persistentvolumeclaim: CLAIM },
            says: `15% of the volume ${CLAIM} in ${MONITORING} are free, and at the last six hours' growth none will be in 2 days. ${then}`,
        },
        silent: { series: stats("200x700"), minute: 500 },
    };
}

function nearlyFull(): Rule {
    const least = 0.05;
    const then = "A full volume stops the process that writes to it.";
    return {
        alert: "VolumeNearlyFull",
        severity: "critical",
        expr: `${left()} < ${least}`,
        for: "5m",
        summary: "A volume is nearly full",
        description: `{{ $value | humanizePercentage }} of the volume {{ $labels.persistentvolumeclaim }} in {{ $labels.namespace }} are free, less than ${least * 100} %. ${then}`,
        firing: {
            series: stats("40x60"),
            minute: 30,
            labels: { namespace: MONITORING, persistentvolumeclaim: CLAIM },
            says: `4% of the volume ${CLAIM} in ${MONITORING} are free, less than 5 %. ${then}`,
        },
        silent: { series: stats("60x60"), minute: 30 },
    };
}
