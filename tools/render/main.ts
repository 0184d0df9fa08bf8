import { join, relative } from "node:path";
import { command } from "../command";
import { RENDER_OPTIONS, RENDER_WORDS, renderOptions } from "./command";
import { renderStack, writeStack } from "./render";

export default command(module, {
    name: "render",
    about: "What Helm and the program will give to the cluster, one file for each object.",
    words: RENDER_WORDS,
    options: { out: { value: "FOLDER", about: "Where the files go; out/STACK if absent." }, ...RENDER_OPTIONS },
    run: async ({ out, ...given }) => {
        const options = renderOptions(given);
        const rendered = await renderStack(options);
        const folder = out ?? join(options.root, "out", options.stack);
        console.log(`${writeStack(rendered, folder)} objects of stack ${options.stack} in ${relative("", folder)}`);
    },
});
