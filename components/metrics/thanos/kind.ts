import { MONITORING } from "../../kubernetes/namespaces";
import { underBuckets, type StoreKind } from "../../settings/slice";
import { thanosChart } from "./chart";
import flags from "./flags.gen.json";
import { NAMESPACE, TITLE } from "./names";
import { thanosRules } from "./rules";
import { thanosDefaults, thanosSettings, thanosTenant } from "./settings";
import { thanosNeeds } from "./size";
import { thanosSystem } from "./system";
import { thanosWorkloads } from "./workloads";

/** Thanos in the role of the metrics store: what is pushed to it, by Receive. */
export const thanosKind = {
    kind: "thanos",
    namespaces: [NAMESPACE],
    charts: [{ pin: thanosChart, types: "values.gen.ts" }],
    workloads: thanosWorkloads,
    told: ({ replicationFactor, ingest }) => thanosSystem({ replicationFactor, uploaded: ingest === "sidecar" }),
    schema: thanosSettings,
    defaults: thanosDefaults,
    rules: thanosRules,
    buckets: ({ buckets }) => underBuckets(buckets),
    opensFrom: ({ ingest }) => (ingest === "sidecar" ? [MONITORING] : []),
    tenant: { schema: thanosTenant, rules: () => [] },
    flags: { program: "thanos", title: TITLE, table: flags },
    needs: thanosNeeds,
} satisfies StoreKind<typeof thanosSettings, typeof thanosTenant>;
