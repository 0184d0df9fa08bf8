import { pullSecrets } from "../../kubernetes/image-pull";
import { mergeValues } from "../../kubernetes/merge-values";
import { alike } from "../../kubernetes/workload";
import type { PlatformSettings } from "../../settings/platform";
import { rotationAnnotation } from "../../contracts/object-store";
import { DASHBOARDS_FROM } from "../../contracts/datasources";
import { resources } from "../../kubernetes/resources";
import { lokiConfig } from "./config";
import { distributed } from "./distributed";
import { caches } from "./caches";
import { canary } from "./canary";
import { gateway } from "./gateway";
import { fraction } from "./memory";
import { RELEASE, S3_SECRET } from "./names";
import { persisted, replicated } from "./pods";
import type { LokiSettings } from "./settings";
import type { LokiValuesArgs } from "./values-args";
import type { ChartValues } from "./values.gen";
import { lokiSingleBinary } from "./workloads";

/** Everything in one process, for a stack that survives nothing. */
function monolithic(settings: LokiSettings, platform: PlatformSettings): ChartValues {
    const place = replicated(alike(lokiSingleBinary), 1, platform.survives);
    return {
        deploymentMode: "Monolithic",
        singleBinary: {
            ...place,
            resources: resources("100m", fraction(settings.memory.ingester, 4), settings.memory.ingester),
            persistence: persisted(settings.volumes.ingester, platform.storageClass),
            terminationGracePeriodSeconds: 120,
        },
    };
}

/** Values of the chart. Pure. */
export function buildLokiValues(args: LokiValuesArgs): ChartValues {
    const { settings, platform } = args;
    const shape = platform.survives === "nothing" ? monolithic(settings, platform) : distributed(settings, platform);
    const common: ChartValues = {
        fullnameOverride: RELEASE,
        ...pullSecrets(platform),
        ...(platform.imageRegistry !== undefined && { global: { imageRegistry: platform.imageRegistry } }),
        defaults: {
            // Reaches Loki's own pods: not caches, gateway, canary.
            extraEnvFrom: args.access.rotation === undefined ? [] : [{ secretRef: { name: S3_SECRET } }],
            podAnnotations: rotationAnnotation(args.access),
            // Nothing here talks to the API server.
            automountServiceAccountToken: false,
            nodeSelector: platform.scheduling.nodeSelector,
            tolerations: platform.scheduling.tolerations,
        },
        serviceAccount: { automountServiceAccountToken: false, annotations: args.access.accountAnnotations },
        loki: lokiConfig(args),
        // At a first start nobody is ready yet; without this there is nobody to join, and Loki gives up.
        memberlist: { service: { publishNotReadyAddresses: true } },
        gateway: gateway(settings, platform),
        lokiCanary: canary(settings, platform),
        ...caches(settings, platform),
        // The chart's default of 3 each belongs to another mode and clashes with ours.
        read: { replicas: 0 },
        write: { replicas: 0 },
        backend: { replicas: 0 },
        // Rules come through the API; the sidecar that reads them from ConfigMaps may read every Secret of the cluster.
        sidecar: { rules: { enabled: false } },
        rbac: { namespaced: true },
        test: { enabled: false },
        monitoring: {
            serviceMonitor: { enabled: true, interval: "30s" },
            rules: { enabled: true },
            // components/alerts has them, for all three stores alike and with a runbook each.
            alerts: { enabled: false },
            dashboards: { enabled: true, annotations: { [DASHBOARDS_FROM.folderAnnotation]: "Loki" } },
            multiCluster: { enabled: true, clusterName: platform.cluster },
        },
    };
    return mergeValues(common, { ...shape });
}
