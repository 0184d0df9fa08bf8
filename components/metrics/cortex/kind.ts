import { underBuckets, type StoreKind } from "../../settings/slice";
import { NAMESPACE } from "./names";
import { cortexRules, cortexTenantRules } from "./rules";
import { cortexDefaults, cortexSettings, cortexTenant } from "./settings";

/** Cortex in the role of the metrics store. */
export const cortexKind = {
    kind: "cortex",
    namespaces: [NAMESPACE],
    schema: cortexSettings,
    defaults: cortexDefaults,
    rules: cortexRules,
    buckets: ({ buckets }) => underBuckets(buckets),
    tenant: { schema: cortexTenant, rules: cortexTenantRules },
} satisfies StoreKind<typeof cortexSettings, typeof cortexTenant>;
