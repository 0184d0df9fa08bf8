import type { System } from "../../contracts/system";
import type { LogRule } from "./log-rule";

const metadata = { pod: "ingester-0" };

/** The kubelet counts restarts; why a process ended stands in its last line. */
export function crashed(systems: readonly System[]): LogRule[] {
    const namespaces = [...new Set(systems.flatMap((system) => system.namespaces))].sort();
    const [namespace] = namespaces;
    if (namespace === undefined) return [];
    const stream = { cluster: "blue", namespace, container: "ingester" };
    return [
        {
            alert: "ProcessCrashed",
            severity: "warning",
            // At a line's beginning, where Go's runtime writes it: what a program quotes stands later.
            expr: `sum by (cluster, namespace, pod, container) (count_over_time({namespace=~"${namespaces.join("|")}"} |~ \`^(panic|fatal error): \` [15m])) > 0`,
            for: "0m",
            summary: "A process of the platform has crashed by a fault in its program",
            description:
                "{{ $labels.container }} of {{ $labels.pod }} has crashed {{ $value }} times in 15 minutes. It starts again by itself; what brings it down comes again too.",
            firing: {
                lines: [
                    { stream, metadata, line: "panic: runtime error: index out of range [3] with length 3", count: 1 },
                    { stream, metadata, line: "fatal error: concurrent map writes", count: 1 },
                ],
                labels: { ...stream, ...metadata },
                says: "ingester of ingester-0 has crashed 2 times in 15 minutes. It starts again by itself; what brings it down comes again too.",
            },
            silent: {
                lines: [
                    { stream, metadata, line: 'level=error msg="recovered from panic: runtime error"', count: 5 },
                    { stream: { ...stream, namespace: "shop" }, metadata, line: "panic: at the till", count: 5 },
                ],
            },
        },
    ];
}
