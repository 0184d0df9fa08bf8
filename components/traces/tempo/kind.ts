import { underBuckets, type StoreKind } from "../../settings/slice";
import { tempoAgreements } from "./agreements";
import { tempoDistributedChart, tempoSingleChart } from "./chart";
import { NAMESPACE } from "./names";
import { tempoRules, tempoTenantRules } from "./rules";
import { tempoDefaults, tempoSettings, tempoTenant } from "./settings";
import { tempoNeeds } from "./size";
import { tempoSystem } from "./system";
import { tempoWorkloads } from "./workloads";

/** Tempo in the role of the trace store. */
export const tempoKind = {
    kind: "tempo",
    namespaces: [NAMESPACE],
    charts: [
        { pin: tempoDistributedChart, types: "values.gen.ts" },
        { pin: tempoSingleChart, types: "single-values.gen.ts" },
    ],
    workloads: tempoWorkloads,
    told: ({ replicationFactor, replicas }) => tempoSystem({ replicationFactor, compactors: replicas.compactor }),
    schema: tempoSettings,
    defaults: tempoDefaults,
    rules: tempoRules,
    buckets: ({ buckets }) => underBuckets(buckets),
    tenant: { schema: tempoTenant, rules: tempoTenantRules },
    agreements: tempoAgreements,
    needs: tempoNeeds,
} satisfies StoreKind<typeof tempoSettings, typeof tempoTenant>;
