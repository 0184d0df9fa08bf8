import { resolve } from "node:path";
import { progress, UsageError, type Given } from "../command";
import { KUBE_VERSION, type RenderOptions } from "./render";

/** Words of every command that renders a stack. */
export const RENDER_WORDS = { stack: { about: "Stack whose file is read.", default: "dev" } } as const;

/** Options of every command that renders a stack. */
export const RENDER_OPTIONS = {
    "kube-version": { value: "VERSION", about: "Kubernetes that charts see.", default: KUBE_VERSION },
    "api-versions": { value: "A/V1,B/V1/KIND", many: true, about: "What the cluster offers beyond it and the stack." },
    "chart-mirror": { value: "FOLDER|OCI", about: "Where charts come from; $CHART_MIRROR, then the stack's setting." },
    "strict-digests": { about: "Refuses every archive that is not known to be the pinned one." },
} as const;

/** How to render what was asked for. */
export function renderOptions(given: Given<typeof RENDER_WORDS, typeof RENDER_OPTIONS>): RenderOptions {
    // The program reads it from the environment, as it does under Pulumi.
    const mirror = given["chart-mirror"];
    if (mirror !== undefined) process.env.CHART_MIRROR = mirror.startsWith("oci://") ? mirror : resolve(mirror);
    const kubeVersion = given["kube-version"];
    // Helm would say so of the first chart that it is given, once the program has run.
    if (!/^v?\d+\.\d+(\.\d+)?([-+][\w.+-]+)?$/.test(kubeVersion))
        throw new UsageError(
            `--kube-version takes a version of Kubernetes, such as ${KUBE_VERSION}; ${kubeVersion} is none`,
        );
    return {
        root: resolve(__dirname, "../.."),
        stack: given.stack,
        kubeVersion,
        apiVersions: given["api-versions"].flatMap((list) => list.split(",")).filter((each) => each !== ""),
        strictDigests: given["strict-digests"],
        note: (text) => {
            console.error(`note: ${text}`);
        },
        progress,
    };
}
