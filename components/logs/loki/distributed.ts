import type { PlatformSettings } from "../../settings/platform";
import { resources } from "../../kubernetes/resources";
import { fraction } from "./memory";
import { claimed, persisted, replicated } from "./pods";
import type { LokiSettings } from "./settings";
import type { ChartValues } from "./values.gen";

/** A workload for each task, each with as many replicas as it needs. */
export function distributed(settings: LokiSettings, platform: PlatformSettings): ChartValues {
    const { replicas, memory, volumes } = settings;
    const { survives, storageClass } = platform;
    return {
        deploymentMode: "Distributed",
        defaults: {
            // An unready pod gets no traffic; the gossip's Service names it all the same.
            service: { publishNotReadyAddresses: false },
        },
        singleBinary: { replicas: 0 },
        distributor: {
            ...replicated("distributor", replicas.distributor, survives, "stateless"),
            resources: resources("250m", "256Mi", "1Gi"),
            // Serves on while endpoints forget it; with the server's own 30s it fits into the grace period.
            shutdownDelay: "15s",
            terminationGracePeriodSeconds: 60,
        },
        ingester: {
            ...replicated("ingester", replicas.ingester, survives, "quorum"),
            resources: resources("500m", fraction(memory.ingester, 4), memory.ingester),
            persistence: claimed(volumes.ingester, storageClass),
            // Chunks in memory are flushed at a stop.
            terminationGracePeriodSeconds: 300,
            // The chart's zones are three StatefulSets that restart at once unless rollout-operator runs.
            zoneAwareReplication: { enabled: false },
        },
        querier: {
            ...replicated("querier", replicas.querier, survives, "stateless"),
            resources: resources("500m", fraction(memory.querier, 4), memory.querier),
            terminationGracePeriodSeconds: 120,
        },
        queryFrontend: {
            ...replicated("query-frontend", replicas.queryFrontend, survives, "stateless"),
            resources: resources("100m", "256Mi", "1Gi"),
            terminationGracePeriodSeconds: 120,
        },
        queryScheduler: {
            ...replicated("query-scheduler", replicas.queryScheduler, survives, "stateless"),
            resources: resources("50m", "64Mi", "256Mi"),
            terminationGracePeriodSeconds: 60,
        },
        indexGateway: {
            ...replicated("index-gateway", replicas.indexGateway, survives, "quorum"),
            resources: resources("100m", "256Mi", "1Gi"),
            persistence: persisted(volumes.indexGateway, storageClass),
        },
        ruler: {
            ...replicated("ruler", replicas.ruler, survives, "quorum"),
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
