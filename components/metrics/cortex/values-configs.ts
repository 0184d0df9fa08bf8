import table from "./config-keys.gen.json";
import type { ConfigInValues } from "../../settings/chart-keys";

/** Where the chart's values hold Cortex' configuration. */
export const valuesConfigs: readonly ConfigInValues[] = [
    { at: ["config"], file: "root", is: [], table },
    { at: ["runtimeconfigmap", "runtime_config"], file: "runtime", is: [], table },
];
