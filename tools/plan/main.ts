import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { preview, ProgramError } from "./engine";
import { print } from "./print";
import { readStackFile } from "./stack-file";
import { summarize } from "./summary";

/** `npm run plan -- [stack] [--json]`: what the program would ask of the engine; no CLI, no cluster, no network. */
async function main(): Promise<void> {
    const { values, positionals } = parseArgs({ options: { json: { type: "boolean" } }, allowPositionals: true });
    const stack = positionals[0] ?? "dev";
    const root = resolve(__dirname, "../..");
    const summary = summarize(stack, await preview(root, stack, readStackFile(root, stack)));
    console.log(values.json === true ? JSON.stringify(summary, null, 2) : print(summary));
}

main().catch((error: unknown) => {
    console.error(error instanceof ProgramError ? error.message : error);
    process.exitCode = 1;
});
