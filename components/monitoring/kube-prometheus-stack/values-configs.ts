import table from "./alertmanager-keys.gen.json";
import type { ConfigInValues } from "../../settings/chart-keys";

/** Where the chart's values hold Alertmanager's configuration. */
export const valuesConfigs: readonly ConfigInValues[] = [
    { at: ["alertmanager", "config"], file: "root", is: [], table },
];
