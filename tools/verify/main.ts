import { renderArguments, run } from "../render/command";
import { findings } from "./check";
import { CHECKS } from "./checks";
import { annotations, print } from "./print";
import { renderedWorld } from "./rendered";

const USAGE = "npm run verify -- <stack> [--json] [--annotations]";

/** `npm run verify`: renders a stack and checks the whole of it. Fails where a check finds something. */
async function main(): Promise<void> {
    const { render, values } = renderArguments(USAGE, { json: { type: "boolean" }, annotations: { type: "boolean" } });
    const found = findings(CHECKS, await renderedWorld(render));
    if (values.json === true) console.log(JSON.stringify({ stack: render.stack, findings: found }, null, 2));
    else console.log(print(render.stack, CHECKS, found));
    if (values.annotations === true || process.env.GITHUB_ACTIONS === "true") {
        // JSON keeps the standard output to itself.
        for (const line of annotations(found)) (values.json === true ? console.error : console.log)(line);
    }
    if (found.length > 0) process.exitCode = 1;
}

run(main);
