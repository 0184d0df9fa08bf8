import { counted, type Workload } from "../../kubernetes/workload";
import { podLabels } from "./names";

/** The slice of the settings. */
export const AT = "errors";

/** They are part of no chart. */
export const glitchtipReplicated = counted(
    { name: "glitchtip", settings: AT, labels: podLabels },
    {
        web: { least: 2, why: "applications send their errors nowhere while its node is away" },
        worker: { least: 2, why: "errors that were taken wait, and nobody is told of them, while its node is away" },
    },
);

export const glitchtipWorkloads: readonly Workload[] = Object.values(glitchtipReplicated);
