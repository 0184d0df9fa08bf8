import type { AlertFacts } from "../components/alerts/facts";
import type { Common } from "../components/alerts/rule";

/** A stack that has all there is to watch. */
export const everything: AlertFacts = {
    metrics: { replicationFactor: 3 },
    logs: { replicationFactor: 3 },
    traces: { replicationFactor: 3, compactors: 2 },
    prometheus: { replicas: 2 },
    minio: true,
    database: { instances: 3 },
    probes: true,
    podLogs: true,
    backups: { bucketHours: 18, databaseHours: 48 },
};

/** One of everything, as on a laptop. */
export const leastOfAll: AlertFacts = {
    metrics: { replicationFactor: 1 },
    logs: { replicationFactor: 1 },
    traces: { replicationFactor: 1, compactors: 1 },
    prometheus: { replicas: 1 },
    minio: false,
    database: undefined,
    probes: false,
    podLogs: false,
    backups: { bucketHours: undefined, databaseHours: undefined },
};

export const common: Common = { team: "platform", runbooks: "https://git.example.com/docs/runbooks" };
