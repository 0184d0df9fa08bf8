import { join } from "node:path";
import { command } from "../command";
import { compare } from "./diff";
import { LIMITS, printChanges } from "./diff-print";

/** By which the comment of an earlier run is found. */
const MARK = "<!-- rendered difference -->";

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

export default command(module, {
    name: "render-diff",
    about: "What changed between two folders of `npm run render`.",
    words: {
        old: { about: "Folder of the rendering before." },
        new: { about: "Folder of the rendering after." },
    },
    options: {
        markdown: { about: "For a pull request's comment." },
        stacks: { value: "DEV,PROD", about: "Each folder holds one of each of these stacks; one text tells of all." },
    },
    run: ({ old: before, new: after, markdown, stacks }) => {
        const text =
            stacks === undefined
                ? printChanges(compare(before, after), markdown)
                : printStacks(
                      stacks
                          .split(",")
                          .map((stack) => ({ stack, changes: compare(join(before, stack), join(after, stack)) })),
                      markdown,
                  );
        console.log(text.trimEnd());
    },
});
