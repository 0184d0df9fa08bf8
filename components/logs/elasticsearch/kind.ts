import type { StoreKind } from "../../settings/slice";
import { NAMESPACE } from "./names";
import { elasticsearchRules } from "./rules";
import { elasticsearchDefaults, elasticsearchSettings, elasticsearchTenant } from "./settings";
import { elasticsearchLacks, elasticsearchSystem } from "./system";
import { elasticsearchWorkloads } from "./workloads";

/** An Elasticsearch outside of this stack, in the role of the log store. */
export const elasticsearchKind = {
    kind: "elasticsearch",
    namespaces: [NAMESPACE],
    charts: [],
    workloads: elasticsearchWorkloads,
    lacks: elasticsearchLacks,
    told: elasticsearchSystem,
    schema: elasticsearchSettings,
    defaults: elasticsearchDefaults,
    rules: elasticsearchRules,
    buckets: () => ({}),
    keptOutside: true,
    tenant: { schema: elasticsearchTenant, rules: () => [] },
} satisfies StoreKind<typeof elasticsearchSettings, typeof elasticsearchTenant>;
