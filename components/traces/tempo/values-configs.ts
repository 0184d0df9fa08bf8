import table from "./config-keys.gen.json";
import type { ConfigInValues } from "../../settings/chart-keys";

const part = (at: readonly string[], ...is: string[]): ConfigInValues => ({ at, file: "root", is, table });

/** Where the values of tempo-distributed hold Tempo's configuration. */
export const distributedConfigs: readonly ConfigInValues[] = [
    part(["tempo", "structuredConfig"]),
    part(["storage", "trace"], "storage", "trace"),
];

/** Where those of the chart of one process do. */
export const singleConfigs: readonly ConfigInValues[] = [
    part(["tempo", "server"], "server"),
    part(["tempo", "storage", "trace"], "storage", "trace"),
];
