import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { ProgramError } from "../plan/engine";
import { ChartError } from "./chart-error";
import { renderStack, writeStack } from "./render";

const USAGE =
    "npm run render -- <stack> --out DIR [--kube-version 1.35.0] [--api-versions a/v1,b/v1/Kind] [--chart-mirror DIR]";

/** `npm run render`: what Helm and the program will give to the cluster, one file per object. */
async function main(): Promise<void> {
    const { values, positionals } = parseArgs({
        options: {
            out: { type: "string" },
            "kube-version": { type: "string" },
            "api-versions": { type: "string", multiple: true },
            "chart-mirror": { type: "string" },
        },
        allowPositionals: true,
    });
    const [stack] = positionals;
    if (stack === undefined || positionals.length > 1 || values.out === undefined) throw new Error(`usage: ${USAGE}`);
    // The program reads it from the environment, as it does under Pulumi.
    const mirror = values["chart-mirror"];
    if (mirror !== undefined) process.env.CHART_MIRROR = mirror.startsWith("oci://") ? mirror : resolve(mirror);
    const rendered = await renderStack({
        root: resolve(__dirname, "../.."),
        stack,
        ...(values["kube-version"] !== undefined && { kubeVersion: values["kube-version"] }),
        apiVersions: (values["api-versions"] ?? []).flatMap((list) => list.split(",")).filter((each) => each !== ""),
        note: (text) => {
            console.error(`note: ${text}`);
        },
    });
    console.log(`${writeStack(rendered, values.out)} objects of stack ${stack} in ${values.out}`);
}

main().catch((error: unknown) => {
    if (error instanceof ChartError || error instanceof ProgramError) console.error(error.message);
    else console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
});
