import type { System } from "../../contracts/system";
import { backupTooOld, vmRules } from "./alerts";
import { vmDashboard } from "./dashboard";
import { NAMESPACE, TITLE } from "./names";
import { objectRules } from "./object-alerts";
import { objectsDashboard } from "./object-dashboard";
import { queueBytes } from "./object-specs";
import { vmPanels } from "./panels";
import type { VmSettings } from "./settings";

type Told = Pick<VmSettings, "replicationFactor" | "buckets" | "objects" | "volumes">;

export function vmSystem({ replicationFactor, buckets, objects, volumes }: Told): System {
    return {
        role: "metrics",
        title: TITLE,
        namespaces: [NAMESPACE],
        alerts: {
            "metrics-store": [
                ...vmRules({ clustered: replicationFactor > 1 }),
                ...(objects ? objectRules({ queueBytes: queueBytes({ volumes }) }) : []),
            ],
            backups: buckets.backup === undefined ? [] : [backupTooOld],
        },
        dashboard: [vmDashboard(replicationFactor), ...(objects ? [objectsDashboard] : [])],
        panels: vmPanels(replicationFactor),
    };
}

export function vmLacks({ replicationFactor, buckets }: Pick<VmSettings, "replicationFactor" | "buckets">): string[] {
    return [
        "exemplars are not kept: from a point of a graph to its trace leads Prometheus' data source alone, as far back as it keeps samples.",
        "native histograms are not kept: classic buckets are, which Prometheus scrapes beside them; what is pushed by OTLP as an exponential histogram alone is lost.",
        "limits and the retention are of all tenants together.",
        "rules are objects in the cluster, for the platform's own tenant alone.",
        ...(replicationFactor === 1 ? ["it is one process, which knows no tenants."] : []),
        ...(buckets.backup === undefined
            ? ["its volume is not backed up: metrics.buckets.backup names a bucket for it."]
            : []),
    ];
}
