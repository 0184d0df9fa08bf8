import { underBuckets, type StoreKind } from "../../settings/slice";
import { cortexAgreements } from "./agreements";
import { cortexChart } from "./chart";
import { NAMESPACE } from "./names";
import { cortexRules, cortexTenantRules } from "./rules";
import { cortexDefaults, cortexSettings, cortexTenant } from "./settings";
import { cortexNeeds } from "./size";
import { cortexSystem } from "./system";
import { cortexWorkloads } from "./workloads";

/** Cortex in the role of the metrics store. */
export const cortexKind = {
    kind: "cortex",
    namespaces: [NAMESPACE],
    charts: [{ pin: cortexChart, types: "values.gen.ts" }],
    workloads: cortexWorkloads,
    told: ({ replicationFactor }, { prometheusReplicas }) =>
        cortexSystem({ replicationFactor, deduplicates: prometheusReplicas > 1 }),
    schema: cortexSettings,
    defaults: cortexDefaults,
    rules: cortexRules,
    buckets: ({ buckets }) => underBuckets(buckets),
    tenant: { schema: cortexTenant, rules: cortexTenantRules },
    agreements: cortexAgreements,
    needs: cortexNeeds,
} satisfies StoreKind<typeof cortexSettings, typeof cortexTenant>;
