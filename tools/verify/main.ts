import { renderArguments, run } from "../render/command";
import { table } from "../table";
import { findings } from "./check";
import { CHECKS } from "./checks";
import { outsideAddresses } from "./checks/addresses";
import { annotations, print } from "./print";
import { renderedWorld } from "./rendered";

const USAGE = "npm run verify -- <stack> [--json] [--annotations]";

/** `npm run verify`: renders a stack and checks the whole of it. Fails where a check finds something. */
async function main(): Promise<void> {
    const { render, values } = renderArguments(USAGE, { json: { type: "boolean" }, annotations: { type: "boolean" } });
    const world = await renderedWorld(render);
    const found = findings(CHECKS, world);
    const outside = outsideAddresses(world);
    if (values.json === true) console.log(JSON.stringify({ stack: render.stack, findings: found, outside }, null, 2));
    else {
        console.log(print(render.stack, CHECKS, found));
        const rows = outside.map(({ address, namedBy }) => [address, namedBy.join(", ")]);
        if (rows.length > 0) console.log(table("Addresses outside of the cluster", ["address", "named by"], rows));
    }
    if (values.annotations === true || process.env.GITHUB_ACTIONS === "true") {
        // JSON keeps the standard output to itself.
        for (const line of annotations(found)) (values.json === true ? console.error : console.log)(line);
    }
    if (found.length > 0) process.exitCode = 1;
}

run(main);
