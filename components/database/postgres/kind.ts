import type { BucketKind } from "../../settings/slice";
import { barmanCloudChart, cloudnativePgChart } from "./chart";
import { DATABASE_NAMESPACE, OPERATOR_NAMESPACE } from "./names";
import { postgresRules } from "./rules";
import { postgresDefaults, postgresSettings } from "./settings";
import { postgresSystem } from "./system";
import { postgresWorkloads } from "./workloads";

/** PostgreSQL, run by CloudNativePG, in the role of Grafana's database. */
export const postgresKind = {
    kind: "postgres",
    namespaces: [DATABASE_NAMESPACE, OPERATOR_NAMESPACE],
    charts: [
        { pin: cloudnativePgChart, types: "values.gen.ts" },
        { pin: barmanCloudChart, types: "plugin-values.gen.ts" },
    ],
    workloads: postgresWorkloads,
    told: postgresSystem,
    schema: postgresSettings,
    defaults: postgresDefaults,
    rules: postgresRules,
    buckets: ({ backup }): Record<string, string> => (backup === undefined ? {} : { "backup.bucket": backup.bucket }),
} satisfies BucketKind<typeof postgresSettings>;
