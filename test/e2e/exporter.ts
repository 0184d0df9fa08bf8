import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { definitionsOf, readTables } from "../../tools/metric-names/table";
import { groupingsOf, metricsOf, type Matcher } from "../../tools/promql";

/** A series of its own for each selector, with the labels that the table of its binary gives it. */
type Series = ReadonlyMap<string, string>;

/**
 * Exposes what expressions read and no program here exposes: every metric, once for each set of matchers, with all
 * labels that its binary puts on it. Labels that no matcher holds have the same value everywhere, so that joins meet.
 * It also takes whatever is written to it, in place of a store.
 */
export async function exporter(expressions: readonly string[], real: RegExp): Promise<Server> {
    const series = seriesOf(expressions, real);
    const started = Date.now();
    const server = createServer((request, response) => {
        request.resume();
        request.on("end", () => {
            response.setHeader("content-type", "text/plain; version=0.0.4");
            response.end(request.method === "GET" ? exposition(series, (Date.now() - started) / 1000) : "");
        });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return server;
}

export function portOf(server: Server): number {
    return (server.address() as AddressInfo).port;
}

const SHARED = "shared";
const BUCKETS = ["0.1", "1", "+Inf"];

function seriesOf(expressions: readonly string[], real: RegExp): Map<string, Series> {
    const tables = readTables();
    const found = new Map<string, Series>();
    for (const expression of expressions) {
        const grouped = groupingsOf(expression).flatMap(({ labels }) => labels);
        for (const { metric, matchers } of metricsOf(expression)) {
            if (metric === undefined || real.test(metric)) continue;
            const own = definitionsOf(metric, tables).flatMap(({ labels }) => labels ?? grouped);
            const labels = new Map(
                ["namespace", "pod", "container", "cluster", ...own].map((label) => [label, SHARED]),
            );
            for (const matcher of matchers) labels.set(matcher.label, valueFor(matcher));
            for (const le of metric.endsWith("_bucket") ? BUCKETS : [undefined]) {
                const all = new Map(labels);
                if (le === undefined) all.delete("le");
                else all.set("le", le);
                found.set(`${metric}{${labelText(all)}}`, all);
            }
        }
    }
    return found;
}

/** A text that the matcher accepts: the first alternative of a regular expression, its operators left out. */
function valueFor({ operator, value }: Matcher): string {
    if (operator === "=") return value;
    if (operator !== "=~" || value === ".*" || value === ".+") return SHARED;
    const [first = ""] = value.split("|");
    return first
        .replaceAll("[0-9]+", "1")
        .replaceAll(/\([^)]*\)\?|\.\*/g, "")
        .replaceAll(".", "0");
}

function labelText(labels: Series): string {
    return [...labels]
        .filter(([, value]) => value !== "")
        .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
        .join(",");
}

/** Counters grow with the seconds; everything else is 1, which is also what a state that holds is. */
function exposition(series: ReadonlyMap<string, Series>, seconds: number): string {
    const lines = [...series].map(([text, labels]) => {
        const counts = /^\w+_(total|count|sum|bucket)\{/.test(text);
        const share = labels.has("le") ? BUCKETS.indexOf(labels.get("le") ?? "") + 1 : 1;
        return `${text} ${counts ? seconds * share : 1}`;
    });
    return `${lines.join("\n")}\n`;
}
