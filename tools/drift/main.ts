import { run } from "../command";
import { renderArguments } from "../render/command";
import { renderStack } from "../render/render";
import { Cluster } from "./cluster";
import { drift } from "./drift";
import { printed } from "./print";

const USAGE = "npm run drift -- <stack> [--context NAME] [--json]";

/** `npm run drift`: compares a stack, as it is rendered, with what a cluster has. Fails where they differ. */
async function main(): Promise<void> {
    const { render, values } = renderArguments(USAGE, { context: { type: "string" }, json: { type: "boolean" } });
    const { objects } = await renderStack(render);
    const report = drift(objects, new Cluster(values.context));
    console.log(values.json === true ? JSON.stringify(report, null, 2) : printed(report));
    if (report.drift.length > 0) process.exitCode = 1;
}

run(main);
