import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { command } from "../command";
import { PROGRAMS, sourceOf, type ProgramName } from "../programs";
import { SOURCES, type Find, type Source } from "./sources";
import { TABLES, type Metric, type MetricTable } from "./table";

function write(roots: readonly string[]): void {
    const find: Find = (module) => {
        const found = roots.map((root) => join(root, module)).find((folder) => existsSync(folder));
        if (found === undefined) throw new Missing(module);
        return found;
    };
    for (const name of Object.keys(PROGRAMS) as ProgramName[]) {
        try {
            const table = tableOf(name, find);
            writeFileSync(join(TABLES, `${name}.json`), print(table));
            console.log(`${name}: ${Object.keys(table.metrics).length} metrics`);
        } catch (error) {
            if (!(error instanceof Missing)) throw error;
            console.log(`${name}: left as it is, no ${error.message}`);
        }
    }
}

/** The sources of a module are not there. */
class Missing extends Error {}

function tableOf(name: ProgramName, find: Find): MetricTable {
    const { read, also = {} }: Source = SOURCES[name];
    const [source = "", version = ""] = sourceOf(PROGRAMS[name]).split("@");
    const names = read?.(find(`${source}@${version}`), find) ?? [];
    const metrics = new Map<string, Metric>([...names.flatMap((each) => [...each]), ...Object.entries(also)]);
    const sorted = [...metrics].sort(([a], [b]) => (a < b ? -1 : 1));
    return { binary: name, version, source, metrics: Object.fromEntries(sorted) };
}

/** A metric a line: a new version of a binary reads as what came and what went. */
function print({ metrics, ...head }: MetricTable): string {
    const lines = Object.entries(metrics).map(
        ([name, { type, labels }]) => `    ${JSON.stringify(name)}: ${JSON.stringify({ type, labels })}`,
    );
    const top = JSON.stringify(head, null, 2).slice(0, -2);
    return `${top},\n  "metrics": {\n${lines.join(",\n")}\n  }\n}\n`;
}

export default command(module, {
    name: "metric-names",
    about: "Writes the tables of those programs whose sources are there.",
    words: { folder: { about: "Folders in which MODULE@VERSION lies, as in $GOMODCACHE.", many: true } },
    run: ({ folder }) => {
        write(folder);
    },
});
