import { underBuckets, type StoreKind } from "../../settings/slice";
import { collisions } from "./accounts";
import { vmClusterChart, vmOperatorChart, vmSingleChart } from "./chart";
import { vmFlags } from "./flags";
import { NAMESPACE } from "./names";
import { vmRules, vmTenantRules } from "./rules";
import { vmDefaults, vmSettings, vmTenant } from "./settings";
import { vmNeeds } from "./size";
import { vmLacks, vmSystem } from "./system";
import { vmWorkloads } from "./workloads";

/** VictoriaMetrics in the role of the metrics store. */
export const vmKind = {
    kind: "victoriametrics",
    namespaces: [NAMESPACE],
    charts: [
        { pin: vmClusterChart, types: "values.gen.ts" },
        { pin: vmSingleChart, types: "single-values.gen.ts" },
        { pin: vmOperatorChart, types: "operator-values.gen.ts" },
    ],
    workloads: vmWorkloads,
    lacks: vmLacks,
    told: vmSystem,
    schema: vmSettings,
    defaults: vmDefaults,
    rules: vmRules,
    buckets: ({ buckets: { backup } }) => underBuckets(backup === undefined ? {} : { backup }),
    byKeysAlone: true,
    tenant: { schema: vmTenant, rules: vmTenantRules, alike: collisions },
    flags: vmFlags,
    needs: vmNeeds,
} satisfies StoreKind<typeof vmSettings, typeof vmTenant>;
