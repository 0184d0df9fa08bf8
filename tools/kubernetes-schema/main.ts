import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { run } from "../command";
import { tableOf } from "./table";

/**
 * `npm run kubernetes-schema -- FILE`: writes the table of Kubernetes' kinds that `verify` reads, from the document that
 * `kubectl get --raw /openapi/v2 > FILE` gives, of a cluster without definitions of its own.
 */
function main(): void {
    const [file] = process.argv.slice(2);
    if (file === undefined) throw new Error("usage: npm run kubernetes-schema -- FILE");
    const table = tableOf(JSON.parse(readFileSync(file, "utf8")) as Record<string, unknown>);
    const text = JSON.stringify(table).replace(/("[\w.-]+":\{)/g, "\n$1");
    writeFileSync(resolve(__dirname, "../verify/schema/kubernetes.gen.json"), `${text}\n`);
    console.log(`${Object.keys(table.kinds).length} kinds of Kubernetes ${table.version}`);
}

run(main);
