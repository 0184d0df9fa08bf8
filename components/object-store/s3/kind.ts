import type { ObjectStoreKind } from "../../settings/slice";
import { s3Rules, openingRules } from "./rules";
import { accountOf, rolesOf, s3Defaults, s3Settings } from "./settings";

/** An S3 API in the role of the object store. */
export const s3Kind = {
    kind: "s3",
    namespaces: [],
    charts: [],
    workloads: [],
    told: () => undefined,
    schema: s3Settings,
    defaults: s3Defaults,
    rules: s3Rules,
    endpoint: ({ endpoint }) => endpoint,
    requestRules: openingRules,
    accountOf: ({ identity }, store) => identity && accountOf(rolesOf(identity), store),
} satisfies ObjectStoreKind<typeof s3Settings>;
