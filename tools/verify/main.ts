import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { readSettings } from "../../components/settings";
import { ProgramError } from "../plan/engine";
import { readStackFile } from "../plan/stack-file";
import { ChartError } from "../render/chart-error";
import { renderStack } from "../render/render";
import { findings } from "./check";
import { CHECKS } from "./checks";
import { annotations, print } from "./print";
import { worldOf } from "./world";

const USAGE =
    "npm run verify -- <stack> [--json] [--annotations] [--kube-version 1.35.0] [--api-versions a/v1,b/v1/Kind] [--chart-mirror DIR]";

/** `npm run verify`: renders a stack and checks the whole of it. Fails where a check finds something. */
async function main(): Promise<void> {
    const { values, positionals } = parseArgs({
        options: {
            json: { type: "boolean" },
            annotations: { type: "boolean" },
            "kube-version": { type: "string" },
            "api-versions": { type: "string", multiple: true },
            "chart-mirror": { type: "string" },
        },
        allowPositionals: true,
    });
    const [stack] = positionals;
    if (stack === undefined || positionals.length > 1) throw new Error(`usage: ${USAGE}`);
    // The program reads it from the environment, as it does under Pulumi.
    const mirror = values["chart-mirror"];
    if (mirror !== undefined) process.env.CHART_MIRROR = mirror.startsWith("oci://") ? mirror : resolve(mirror);
    const root = resolve(__dirname, "../..");
    const { plan, objects } = await renderStack({
        root,
        stack,
        ...(values["kube-version"] !== undefined && { kubeVersion: values["kube-version"] }),
        apiVersions: (values["api-versions"] ?? []).flatMap((list) => list.split(",")).filter((each) => each !== ""),
        note: (text) => {
            console.error(`note: ${text}`);
        },
    });
    const { config, project } = readStackFile(root, stack);
    const world = worldOf({ plan, objects, settings: readSettings(config, project, process.env) });
    const found = findings(CHECKS, world);
    if (values.json === true) console.log(JSON.stringify({ stack, findings: found }, null, 2));
    else console.log(print(stack, CHECKS, found));
    if (values.annotations === true || process.env.GITHUB_ACTIONS === "true") {
        // JSON keeps the standard output to itself.
        for (const line of annotations(found)) (values.json === true ? console.error : console.log)(line);
    }
    if (found.length > 0) process.exitCode = 1;
}

main().catch((error: unknown) => {
    if (error instanceof ChartError || error instanceof ProgramError) console.error(error.message);
    else console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
});
