import table from "./config-keys.gen.json";
import type { ConfigInValues } from "../../settings/chart-keys";

/** Parts of Loki's configuration that have a key of their own name among the chart's values. */
const SAME = [
    "analytics",
    "bloom_build",
    "bloom_gateway",
    "compactor",
    "distributor",
    "frontend",
    "frontend_worker",
    "index_gateway",
    "ingester",
    "limits_config",
    "pattern_ingester",
    "querier",
    "query_range",
    "query_scheduler",
    "server",
    "storage_config",
    "tracing",
];

/** Parts whose key in the values is another. */
const RENAMED = {
    commonConfig: "common",
    memberlistConfig: "memberlist",
    rulerConfig: "ruler",
    schemaConfig: "schema_config",
};

const part = (key: string, is: string): ConfigInValues => ({ at: ["loki", key], file: "root", is: [is], table });

/** Where the chart's values hold Loki's configuration. */
export const valuesConfigs: readonly ConfigInValues[] = [
    ...SAME.map((key) => part(key, key)),
    ...Object.entries(RENAMED).map(([key, is]) => part(key, is)),
    { at: ["loki", "structuredConfig"], file: "root", is: [], table },
    { at: ["loki", "runtimeConfig"], file: "runtime", is: [], table },
];
