import { command } from "../command";
import { RENDER_OPTIONS, RENDER_WORDS, renderOptions } from "../render/command";
import { renderStack } from "../render/render";
import { Cluster } from "./cluster";
import { drift } from "./drift";
import { printed } from "./print";

export default command(module, {
    name: "drift",
    about: "Compares a stack, as it is rendered, with what a cluster has. Fails where they differ.",
    words: RENDER_WORDS,
    options: {
        context: { value: "NAME", about: "Context of the kubeconfig; the current one if absent." },
        json: { about: "For machines." },
        ...RENDER_OPTIONS,
    },
    run: async ({ context, json, ...given }) => {
        const { objects } = await renderStack(renderOptions(given));
        const report = drift(objects, new Cluster(context));
        console.log(json ? JSON.stringify(report, null, 2) : printed(report));
        if (report.drift.length > 0) process.exitCode = 1;
    },
});
