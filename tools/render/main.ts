import { run } from "../command";
import { renderArguments } from "./command";
import { renderStack, writeStack } from "./render";

const USAGE = "npm run render -- <stack> --out DIR";

/** `npm run render`: what Helm and the program will give to the cluster, one file per object. */
async function main(): Promise<void> {
    const { render, values } = renderArguments(USAGE, { out: { type: "string" } });
    if (values.out === undefined) throw new Error(`usage: ${USAGE}`);
    const rendered = await renderStack(render);
    console.log(`${writeStack(rendered, values.out)} objects of stack ${render.stack} in ${values.out}`);
}

run(main);
