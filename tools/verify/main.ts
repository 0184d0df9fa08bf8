import { existsSync } from "node:fs";
import { cpuCores, memoryBytes } from "../plan/quantities";
import { command, progress, UsageError } from "../command";
import { RENDER_OPTIONS, RENDER_WORDS, renderOptions } from "../render/command";
import { renderStack } from "../render/render";
import { readHub } from "./hub/facts";
import { report } from "./report";
import { readTenantWorkloads } from "./with/manifests";

export default command(module, {
    name: "verify",
    about: "Renders a stack and checks the whole of it. Fails where a check finds something.",
    words: RENDER_WORDS,
    options: {
        with: {
            value: "FOLDER|FILE|-",
            many: true,
            about: "Manifests of those who use the platform, checked against it.",
        },
        against: { value: "REF", about: "Revision since which the change is looked at." },
        "against-hub": { value: "STACK", about: "The hub's stack: whether both ends agree on what is sent." },
        json: { about: "For machines." },
        annotations: { about: "Lines that GitHub shows beside a change; always in its workflows." },
        "node-cpu": { value: "CORES", about: "What pods may ask of a node.", default: "4" },
        "node-memory": { value: "QUANTITY", about: "What pods may ask of a node.", default: "16Gi" },
        ...RENDER_OPTIONS,
    },
    run: async ({
        with: beside,
        against,
        "against-hub": hubStack,
        json,
        annotations,
        "node-cpu": cpu,
        "node-memory": memory,
        ...given
    }) => {
        const node = { cpu: cpuCores(cpu), memory: memoryBytes(memory) };
        if (!(node.cpu > 0)) throw new UsageError("--node-cpu takes cores, such as 4 or 3500m");
        if (!(node.memory > 0)) throw new UsageError("--node-memory takes a quantity, such as 16Gi");
        const absent = beside.filter((path) => path !== "-" && !existsSync(path));
        if (absent.length > 0)
            throw new UsageError(
                `--with takes a folder, a file or - for what is piped in; there is no ${absent.join(", ")}`,
            );
        const render = renderOptions(given);
        const tenantWorkloads = beside.length === 0 ? [] : readTenantWorkloads(beside);
        const hub = hubStack === undefined ? undefined : await readHub(render.root, hubStack);
        const rendered = await renderStack(render);
        progress(`Checking ${rendered.objects.length} objects`);
        const findings = await report(render, rendered, {
            ...{ node, against, hub, json, tenantWorkloads },
            annotations: annotations || process.env.GITHUB_ACTIONS === "true",
        });
        if (findings > 0) process.exitCode = 1;
    },
});
