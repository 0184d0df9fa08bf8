import type { ObjectStoreKind } from "../../settings/slice";
import { minioChart } from "./chart";
import { NAMESPACE } from "./names";
import { minioRules } from "./rules";
import { minioDefaults, minioSettings } from "./settings";
import { minioSystem } from "./system";
import { minioWorkloads } from "./workloads";

/** MinIO in the role of the object store. */
export const minioKind = {
    kind: "minio",
    namespaces: [NAMESPACE],
    charts: [{ pin: minioChart, types: "values.gen.ts" }],
    workloads: minioWorkloads,
    told: minioSystem,
    schema: minioSettings,
    defaults: minioDefaults,
    rules: minioRules,
    endpoint: () => undefined,
    // It makes the users itself.
    requestRules: () => [],
    accountOf: () => undefined,
} satisfies ObjectStoreKind<typeof minioSettings>;
