import type { PlatformSettings } from "../../settings/platform";
import { resources } from "../../kubernetes/resources";
import { fraction } from "./memory";
import { claimed, persisted, replicated } from "./pods";
import type { LokiSettings } from "./settings";
import type { ChartValues } from "./values.gen";
import { lokiReplicated } from "./workloads";

/** A workload for each task, each with as many replicas as it needs. */
export function distributed(settings: LokiSettings, platform: PlatformSettings): ChartValues {
    const { replicas, memory, volumes } = settings;
    const { survives, storageClass } = platform;
    const pods = (name: keyof typeof replicas) => replicated(lokiReplicated[name], replicas[name], survives);
    return {
        deploymentMode: "Distributed",
        defaults: {
            // An unready pod gets no traffic; the gossip's Service names it all the same.
            service: { publishNotReadyAddresses: false },
        },
        singleBinary: { replicas: 0 },
        distributor: {
            ...pods("distributor"),
            resources: resources("250m", "256Mi", "1Gi"),
            // Serves on while endpoints forget it; with the server's own 30s it fits into the grace period.
            shutdownDelay: "15s",
            terminationGracePeriodSeconds: 60,
        },
        ingester: {
            ...pods("ingester"),
            resources: resources("500m", fraction(memory.ingester, 4), memory.ingester),
            persistence: claimed(volumes.ingester, storageClass),
            // Chunks in memory are flushed at a stop.
            terminationGracePeriodSeconds: 300,
            // The chart's zones are three StatefulSets that restart at once unless rollout-operator runs.
            zoneAwareReplication: { enabled: false },
        },
        querier: {
            ...pods("querier"),
            resources: resources("500m", fraction(memory.querier, 4), memory.querier),
            terminationGracePeriodSeconds: 120,
        },
        queryFrontend: {
            ...pods("queryFrontend"),
            resources: resources("100m", "256Mi", "1Gi"),
            terminationGracePeriodSeconds: 120,
        },
        queryScheduler: {
            ...pods("queryScheduler"),
            resources: resources("50m", "64Mi", "256Mi"),
            terminationGracePeriodSeconds: 60,
        },
        indexGateway: {
            ...pods("indexGateway"),
            resources: resources("100m", "256Mi", "1Gi"),
            persistence: persisted(volumes.indexGateway, storageClass),
        },
        ruler: {
            ...pods("ruler"),
            resources: resources("100m", "256Mi", "1Gi"),
            persistence: persisted(volumes.ruler, storageClass),
        },
        // Exactly one: two would compact and delete the same index.
        compactor: {
            replicas: 1,
            resources: resources("200m", "512Mi", "2Gi"),
            // The marks of what is to be deleted are on its disk.
            persistence: claimed(volumes.compactor, storageClass),
            terminationGracePeriodSeconds: 120,
        },
    };
}
