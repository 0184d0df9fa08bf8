import { parseArgs } from "node:util";
import { compare } from "./diff";
import { printChanges } from "./diff-print";

/** `npm run render-diff -- OLD NEW [--markdown]`: what changed between two folders of `npm run render`. */
function main(): void {
    const { values, positionals } = parseArgs({ options: { markdown: { type: "boolean" } }, allowPositionals: true });
    const [before, after] = positionals;
    if (before === undefined || after === undefined || positionals.length > 2) {
        throw new Error("usage: npm run render-diff -- OLD NEW [--markdown]");
    }
    console.log(printChanges(compare(before, after), values.markdown === true).trimEnd());
}

try {
    main();
} catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
}
