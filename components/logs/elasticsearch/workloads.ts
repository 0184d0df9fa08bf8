import { counted, type Workload } from "../../kubernetes/workload";
import { podLabels } from "./names";

/** The slice of the settings. */
export const AT = "logs";

/** By the keys of the settings' `replicas`. What keeps the lines runs elsewhere. */
export const elasticsearchReplicated = counted(
    { name: "elasticsearch", settings: AT, labels: podLabels },
    { gateway: { least: 2, why: "the one address of pushes and queries is gone" } },
);

export const elasticsearchWorkloads: readonly Workload[] = Object.values(elasticsearchReplicated);
