import type { Release } from "../release";
import type { ChartRules } from "./chart-rules";
import { bucketed, ENDLESS, factor, LOST, off, on, retained, wrong } from "./checks";

const VALUES = "observability:logs.values";
const WAL = "loki.ingester.wal.enabled";
const DISTRIBUTED = ["ingester", "compactor", "indexGateway", "ruler"];

const distributed = (release: Release) => release.get("deploymentMode") === "Distributed";

export const loki: ChartRules = {
    reads: [
        ...["deploymentMode", "loki.commonConfig.replication_factor", "loki.storage.type", WAL],
        ...["loki.compactor.retention_enabled", "loki.limits_config.retention_period", "minio.enabled"],
        ...[...DISTRIBUTED, "singleBinary"].flatMap((at) => [
            `${at}.persistence.enabled`,
            `${at}.persistence.inMemory`,
        ]),
    ],
    mode: (release) => {
        const mode = release.get("deploymentMode");
        if (mode === "Distributed" || mode === "Monolithic") return [];
        const why = "any other spelling deploys no Loki at all, and SimpleScalable is going away";
        return wrong(release, "deploymentMode", "Distributed or Monolithic", why, `${VALUES}.deploymentMode`);
    },
    durability: [
        ...DISTRIBUTED.flatMap((at) => [
            on(`${at}.persistence.enabled`, VALUES, distributed),
            off(`${at}.persistence.inMemory`, VALUES),
        ]),
        on("singleBinary.persistence.enabled", VALUES, (release) => !distributed(release)),
        // The chart says nothing of it, and the program takes true.
        (release) => (release.get(WAL) === false ? wrong(release, WAL, "true", LOST, VALUES) : []),
        bucketed("loki.storage.type", VALUES),
        on("loki.compactor.retention_enabled", "observability:logs.retention", undefined, ENDLESS),
        retained("loki.limits_config.retention_period", "observability:logs.retention"),
    ],
    replication: () => [
        factor(
            "loki.commonConfig.replication_factor",
            (release) =>
                release.get("deploymentMode") === "Monolithic" ? "singleBinary.replicas" : "ingester.replicas",
            3,
            "observability:logs.replicationFactor",
        ),
    ],
};
