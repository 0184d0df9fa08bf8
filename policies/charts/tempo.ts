import type { Release } from "../release";
import type { ChartRules } from "./chart-rules";
import { bucketed, factor, is, LOST, off, on, retained, wrong } from "./checks";

const VALUES = "observability:traces.values";
const RETENTION = "observability:traces.retention";

const generates = (release: Release) => release.get("metricsGenerator.enabled") === true;

export const tempoDistributed: ChartRules = {
    reads: [
        ...["ingester.config.replication_factor", "storage.trace.backend", "metricsGenerator.kind", "minio.enabled"],
        ...["ingester", "metricsGenerator"].flatMap((at) => [
            `${at}.persistence.enabled`,
            `${at}.persistence.inMemory`,
        ]),
        "compactor.config.compaction.block_retention",
    ],
    durability: [
        on("ingester.persistence.enabled", VALUES),
        off("ingester.persistence.inMemory", VALUES),
        on("metricsGenerator.persistence.enabled", VALUES, generates),
        // A volume is claimed by a controller that gives each of its pods one of their own.
        is("metricsGenerator.kind", "StatefulSet", LOST, VALUES, generates),
        bucketed("storage.trace.backend", VALUES),
        retained("compactor.config.compaction.block_retention", RETENTION),
    ],
    replication: () => [
        factor("ingester.config.replication_factor", "ingester.replicas", 3, "observability:traces.replicationFactor"),
    ],
};

export const tempo: ChartRules = {
    reads: ["persistence.enabled", "tempo.retention", "tempo.storage.trace.backend", "replicas"],
    mode: (release) => {
        const why = "one process keeps the newest traces alone, more of them do not know of each other";
        return wrong(release, "replicas", "the chart tempo-distributed", why, "observability:survives");
    },
    durability: [
        on("persistence.enabled", VALUES),
        bucketed("tempo.storage.trace.backend", VALUES),
        retained("tempo.retention", RETENTION),
    ],
};
