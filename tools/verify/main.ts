import { createRequire } from "node:module";
import { cpuCores, memoryBytes } from "../plan/quantities";
import { run } from "../command";
import { renderArguments } from "../render/command";
import { renderStack } from "../render/render";
import { readTenantWorkloads } from "./with/manifests";

const USAGE =
    "npm run verify -- <stack> [--with FOLDER|FILE|-] [--against REF] [--json] [--annotations] [--node-cpu 4] [--node-memory 16Gi]";

/** `npm run verify`: renders a stack and checks the whole of it. Fails where a check finds something. */
async function main(): Promise<void> {
    const { render, values } = renderArguments(USAGE, {
        with: { type: "string", multiple: true, default: [] },
        against: { type: "string" },
        json: { type: "boolean" },
        annotations: { type: "boolean" },
        "node-cpu": { type: "string", default: "4" },
        "node-memory": { type: "string", default: "16Gi" },
    });
    const node = { cpu: cpuCores(values["node-cpu"]), memory: memoryBytes(values["node-memory"]) };
    if (!(node.cpu > 0 && node.memory > 0)) throw new Error("--node-cpu and --node-memory take quantities: 4, 16Gi");
    const options = {
        tenantWorkloads: values.with.length === 0 ? [] : readTenantWorkloads(values.with),
        ...{ node, against: values.against, json: values.json === true },
        annotations: values.annotations === true || process.env.GITHUB_ACTIONS === "true",
    };
    // All checks are a good part of the code: they load while the program runs.
    const rendered = await renderStack({ ...render, meanwhile: checks });
    const findings = await checks().report(render, rendered, options);
    if (findings > 0) process.exitCode = 1;
}

function checks() {
    return createRequire(__filename)("./report") as typeof import("./report");
}

run(main);
