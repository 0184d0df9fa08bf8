import { resolve } from "node:path";
import { parseArgs, type ParseArgsConfig } from "node:util";
import type { RenderOptions } from "./render";

/** What every command that renders a stack takes, for its usage. */
const RENDER_USAGE = "[--kube-version 1.35.0] [--api-versions a/v1,b/v1/Kind] [--chart-mirror DIR] [--strict-digests]";

const OPTIONS = {
    "kube-version": { type: "string" },
    "api-versions": { type: "string", multiple: true },
    "chart-mirror": { type: "string" },
    "strict-digests": { type: "boolean" },
} as const;

/**
 * Reads `<stack>` and how to render it from the command line, and the command's own options.
 * @throws Error with the usage where there is not exactly one stack.
 */
export function renderArguments<Own extends NonNullable<ParseArgsConfig["options"]>>(usage: string, own: Own) {
    const { values, positionals } = parseArgs({ options: { ...own, ...OPTIONS }, allowPositionals: true });
    const [stack] = positionals;
    if (stack === undefined || positionals.length > 1) throw new Error(`usage: ${usage} ${RENDER_USAGE}`);
    const given = values as Partial<Record<"kube-version" | "chart-mirror", string>> & {
        "api-versions"?: string[];
        "strict-digests"?: boolean;
    };
    // The program reads it from the environment, as it does under Pulumi.
    const mirror = given["chart-mirror"];
    if (mirror !== undefined) process.env.CHART_MIRROR = mirror.startsWith("oci://") ? mirror : resolve(mirror);
    const render: RenderOptions = {
        root: resolve(__dirname, "../.."),
        stack,
        ...(given["kube-version"] !== undefined && { kubeVersion: given["kube-version"] }),
        apiVersions: (given["api-versions"] ?? []).flatMap((list) => list.split(",")).filter((each) => each !== ""),
        strictDigests: given["strict-digests"] === true,
        note: (text) => {
            console.error(`note: ${text}`);
        },
    };
    return { render, values };
}
