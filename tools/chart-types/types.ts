import type { ChartPin } from "../../components/kubernetes/chart-release";
import { fetchArchive, unpack } from "./archive";
import { readChart } from "./chart";
import { generate } from "./generate";

/** The file of types for a pinned chart, taken from a folder of archives or else from the chart's repository. */
export async function typesFor(pin: ChartPin, mirror: string | undefined): Promise<string> {
    const chart = readChart(await unpack(await fetchArchive(pin, mirror)));
    if (chart.name !== pin.name || chart.version !== pin.version) {
        throw new Error(`the archive of ${pin.name} ${pin.version} holds ${chart.name} ${chart.version}`);
    }
    return generate(chart);
}
