import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sources, type Source } from "./sources";
import { TABLES, type Metric, type MetricTable } from "./table";

/** Writes the tables of those binaries whose sources are there. */
function main(roots: readonly string[]): void {
    if (roots.length === 0) {
        console.error("usage: npm run metric-names -- FOLDER…   folders in which MODULE@VERSION lies, as $GOMODCACHE");
        process.exitCode = 2;
        return;
    }
    for (const source of sources) {
        const find = (module: string) => {
            const found = roots.map((root) => join(root, module)).find((folder) => existsSync(folder));
            if (found === undefined) throw new Missing(module);
            return found;
        };
        try {
            const table = tableOf(source, find);
            writeFileSync(join(TABLES, `${source.binary}.json`), print(table));
            console.log(`${source.binary}: ${Object.keys(table.metrics).length} metrics`);
        } catch (error) {
            if (!(error instanceof Missing)) throw error;
            console.log(`${source.binary}: left as it is, no ${error.message}`);
        }
    }
}

/** The sources of a module are not there. */
class Missing extends Error {}

function tableOf({ binary, module, read, also = {} }: Source, find: (module: string) => string): MetricTable {
    const [source = "", version = ""] = module.split("@");
    const metrics = new Map<string, Metric>([...read(find).flatMap((names) => [...names]), ...Object.entries(also)]);
    const sorted = [...metrics].sort(([a], [b]) => (a < b ? -1 : 1));
    return { binary, version, source, metrics: Object.fromEntries(sorted) };
}

/** A metric a line: a new version of a binary reads as what came and what went. */
function print({ metrics, ...head }: MetricTable): string {
    const lines = Object.entries(metrics).map(
        ([name, { type, labels }]) => `    ${JSON.stringify(name)}: ${JSON.stringify({ type, labels })}`,
    );
    const top = JSON.stringify(head, null, 2).slice(0, -2);
    return `${top},\n  "metrics": {\n${lines.join(",\n")}\n  }\n}\n`;
}

main(process.argv.slice(2));
