import { join } from "node:path";
import { parseArgs } from "node:util";
import { run } from "../command";
import { compare } from "./diff";
import { LIMITS, printChanges } from "./diff-print";

const USAGE = "npm run render-diff -- OLD NEW [--markdown] [--stacks dev,prod]";

/** By which the comment of an earlier run is found. */
const MARK = "<!-- rendered difference -->";

/**
 * `npm run render-diff`: what changed between two folders of `npm run render`. With `--stacks` each holds one of them for
 * every stack, and one text tells of all.
 */
function main(): void {
    const { values, positionals } = parseArgs({
        options: { markdown: { type: "boolean" }, stacks: { type: "string" } },
        allowPositionals: true,
    });
    const [before, after] = positionals;
    if (before === undefined || after === undefined || positionals.length > 2) throw new Error(`usage: ${USAGE}`);
    const markdown = values.markdown === true;
    const stacks = values.stacks?.split(",");
    const text =
        stacks === undefined
            ? printChanges(compare(before, after), markdown)
            : printStacks(
                  stacks.map((stack) => ({ stack, changes: compare(join(before, stack), join(after, stack)) })),
                  markdown,
              );
    console.log(text.trimEnd());
}

function printStacks(
    all: readonly { stack: string; changes: ReturnType<typeof compare> }[],
    markdown: boolean,
): string {
    // Each gets its share of what GitHub takes.
    const limits = { ...LIMITS, characters: Math.floor(LIMITS.characters / all.length) };
    return [
        ...(markdown ? [MARK] : []),
        ...all.flatMap(({ stack, changes }) => [
            markdown ? `## Stack ${stack}\n` : `Stack ${stack}`,
            printChanges(changes, markdown, limits),
        ]),
    ].join("\n");
}

run(main);
