import { underBuckets, type StoreKind } from "../../settings/slice";
import { hours } from "../../settings/units";
import { dashboardsChart, exporterChart, opensearchChart, vectorChart } from "./chart";
import { NAMESPACE } from "./names";
import { opensearchRules } from "./rules";
import { opensearchDefaults, opensearchSettings, opensearchTenant } from "./settings";
import { opensearchNeeds } from "./size";
import { opensearchLacks, opensearchSystem } from "./system";
import { opensearchWorkloads } from "./workloads";

/** OpenSearch in the role of the log store. */
export const opensearchKind = {
    kind: "opensearch",
    namespaces: [NAMESPACE],
    charts: [
        { pin: opensearchChart, types: "values.gen.ts" },
        { pin: vectorChart, types: "vector-values.gen.ts" },
        { pin: dashboardsChart, types: "dashboards-values.gen.ts" },
        { pin: exporterChart, types: "exporter-values.gen.ts" },
    ],
    workloads: opensearchWorkloads,
    lacks: opensearchLacks,
    needs: opensearchNeeds,
    told: (settings) => opensearchSystem(settings, hours(settings.retention)),
    schema: opensearchSettings,
    defaults: opensearchDefaults,
    rules: opensearchRules,
    buckets: ({ buckets: { backup } }) => underBuckets(backup === undefined ? {} : { backup }),
    byKeysAlone: true,
    tenant: { schema: opensearchTenant, rules: () => [] },
} satisfies StoreKind<typeof opensearchSettings, typeof opensearchTenant>;
