import type { ChartRules } from "./chart-rules";
import { wrong } from "./checks";

/** Of CloudNativePG's custom resource. */
export const postgresCluster: ChartRules = {
    replication: () => [
        (release) => {
            const path = "spec.postgresql.synchronous.number";
            if (Number(release.get(path) ?? release.get("spec.minSyncReplicas") ?? 0) >= 1) return [];
            const why = "a failover forgets what was just committed";
            return wrong(release, path, "at least 1", why, "observability:database.instances");
        },
    ],
};
