import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { command } from "../command";
import { tableOf } from "./table";

export default command(module, {
    name: "kubernetes-schema",
    about: "Writes the table of Kubernetes' kinds that `verify` reads, from an API server's document.",
    words: {
        file: { about: "What `kubectl get --raw /openapi/v2` gives, of a cluster without definitions of its own." },
    },
    run: ({ file }) => {
        const table = tableOf(JSON.parse(readFileSync(file, "utf8")) as Record<string, unknown>);
        const text = JSON.stringify(table).replace(/("[\w.-]+":\{)/g, "\n$1");
        writeFileSync(resolve(__dirname, "../verify/schema/kubernetes.gen.json"), `${text}\n`);
        console.log(`${Object.keys(table.kinds).length} kinds of Kubernetes ${table.version}`);
    },
});
