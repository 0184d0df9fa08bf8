import { underBuckets, type BucketKind } from "../../settings/slice";
import { NAMESPACE } from "./names";
import { glitchtipDefaults, glitchtipRules, glitchtipSettings } from "./settings";
import { glitchtipRooms } from "./size";
import { glitchtipSystem } from "./system";
import { glitchtipWorkloads } from "./workloads";

/** GlitchTip, run in this stack, in the role of who keeps errors. */
export const glitchtipKind = {
    kind: "glitchtip",
    namespaces: [NAMESPACE],
    charts: [],
    workloads: glitchtipWorkloads,
    told: glitchtipSystem,
    schema: glitchtipSettings,
    defaults: glitchtipDefaults,
    rules: glitchtipRules,
    buckets: ({ buckets }) => underBuckets(buckets),
    wantsDatabase: true,
    rooms: glitchtipRooms,
} satisfies BucketKind<typeof glitchtipSettings>;
