import { cpuCores, memoryBytes } from "../plan/quantities";
import { renderArguments, run } from "../render/command";
import { table } from "../table";
import { between, inPlace, printBetween } from "./against/in-place";
import { renderedAt } from "./against/revision";
import { findings } from "./check";
import { CHECKS } from "./checks";
import { outsideAddresses } from "./checks/addresses";
import { footprintOf } from "./footprint";
import { annotations, print, printFootprint } from "./print";
import { renderedWorld } from "./rendered";

const USAGE = "npm run verify -- <stack> [--against REF] [--json] [--annotations] [--node-cpu 4] [--node-memory 16Gi]";

/** `npm run verify`: renders a stack and checks the whole of it. Fails where a check finds something. */
async function main(): Promise<void> {
    const { render, values } = renderArguments(USAGE, {
        against: { type: "string" },
        json: { type: "boolean" },
        annotations: { type: "boolean" },
        "node-cpu": { type: "string", default: "4" },
        "node-memory": { type: "string", default: "16Gi" },
    });
    const node = { cpu: cpuCores(values["node-cpu"]), memory: memoryBytes(values["node-memory"]) };
    if (!(node.cpu > 0 && node.memory > 0)) throw new Error("--node-cpu and --node-memory take quantities: 4, 16Gi");
    const { stack } = render;
    const world = await renderedWorld(render);
    const before = values.against === undefined ? undefined : await renderedAt(values.against, render);
    const checks = before === undefined ? CHECKS : [...CHECKS, inPlace(before)];
    const found = findings(checks, world);
    const outside = outsideAddresses(world);
    const footprint = footprintOf(world, node);
    const since = before && { ref: before.ref, commit: before.commit, ...between(before, world) };
    if (values.json === true) {
        console.log(JSON.stringify({ stack, findings: found, outside, footprint, since }, null, 2));
    } else {
        console.log(print(stack, checks, found));
        if (since !== undefined) console.log(printBetween(since, since));
        const rows = outside.map(({ address, namedBy }) => [address, namedBy.join(", ")]);
        if (rows.length > 0) console.log(table("Addresses outside of the cluster", ["address", "named by"], rows));
        console.log(printFootprint(footprint));
    }
    if (values.annotations === true || process.env.GITHUB_ACTIONS === "true") {
        // JSON keeps the standard output to itself.
        for (const line of annotations(found)) (values.json === true ? console.error : console.log)(line);
    }
    if (found.length > 0) process.exitCode = 1;
}

run(main);
