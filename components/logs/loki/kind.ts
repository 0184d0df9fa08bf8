import { underBuckets, type StoreKind } from "../../settings/slice";
import { lokiAgreements } from "./agreements";
import { lokiChart } from "./chart";
import { CANARY_TENANT, NAMESPACE } from "./names";
import { lokiRules, lokiTenantRules } from "./rules";
import { lokiDefaults, lokiSettings, lokiTenant } from "./settings";
import { lokiNeeds } from "./size";
import { lokiSystem } from "./system";
import { lokiWorkloads } from "./workloads";

/** Loki in the role of the log store. */
export const lokiKind = {
    kind: "loki",
    namespaces: [NAMESPACE],
    charts: [{ pin: lokiChart, types: "values.gen.ts" }],
    workloads: lokiWorkloads,
    told: lokiSystem,
    schema: lokiSettings,
    defaults: lokiDefaults,
    rules: (settings, platform) => lokiRules(settings, platform),
    buckets: ({ buckets }) => underBuckets(buckets),
    tenant: { schema: lokiTenant, rules: lokiTenantRules, reserved: { [CANARY_TENANT]: "Loki's canary" } },
    agreements: lokiAgreements,
    needs: lokiNeeds,
} satisfies StoreKind<typeof lokiSettings, typeof lokiTenant>;
