import { resolve } from "node:path";
import { preview } from "../../tools/plan/engine";
import { readStackFile } from "../../tools/plan/stack-file";
import { renderRelease } from "../../tools/render/helm";
import { releasesOf } from "../../tools/render/releases";
import { KUBE_VERSION } from "../../tools/render/render";
import { renderedModel } from "../../tools/verify/rendered";
import type { ClusterModel } from "../../tools/verify/cluster-model";
import { missing } from "./control-plane";

export const ROOT = resolve(__dirname, "../..");

const models = new Map<string, Promise<ClusterModel>>();

/** A stack as it stands in the repository, rendered once for all tests of a run. They read it and change nothing. */
export function rendered(stack: string): Promise<ClusterModel> {
    const model = models.get(stack) ?? renderedModel({ root: ROOT, stack });
    models.set(stack, model);
    return model;
}

/** A stack with settings beside those of its file, as the engine has them; rendered once, as the others. */
export function renderedWith(stack: string, more: Readonly<Record<string, string>>): Promise<ClusterModel> {
    const key = JSON.stringify([stack, more]);
    const model = models.get(key) ?? render(stack, more);
    models.set(key, model);
    return model;
}

function render(stack: string, more: Readonly<Record<string, string>>): Promise<ClusterModel> {
    const file = readStackFile(ROOT, stack);
    // A test's credentials are none, and stand in no file that could encrypt them.
    const secretKeys = [...file.secretKeys, ...Object.keys(more)];
    return renderedModel({ root: ROOT, stack, file: { ...file, config: { ...file.config, ...more }, secretKeys } });
}

/** One release of a stack with settings beside those of its file, for who needs no other: its objects. */
export async function renderedRelease(
    stack: string,
    more: Readonly<Record<string, string>>,
    release: string,
): Promise<Pick<ClusterModel, "find">> {
    const file = readStackFile(ROOT, stack);
    const plan = await preview(ROOT, stack, { ...file, config: { ...file.config, ...more } });
    const own = releasesOf(plan).find(({ name }) => name === release);
    if (own === undefined) throw new Error(`${stack} has no release ${release}`);
    const capabilities = { kubeVersion: KUBE_VERSION, apiVersions: ["monitoring.coreos.com/v1"] };
    const objects = await renderRelease(own, capabilities, { strictDigests: false, note: () => undefined });
    return {
        find: (kind, _, name) =>
            objects.find(({ object }) => object.kind === kind && object.metadata.name === name)?.object,
    };
}

/** Skips what needs Helm, charts and further programs, and says so, where one of them is not there. */
export function needsCharts(context: Mocha.Context, programs: readonly string[] = []): void {
    const reasons = missing(["helm", ...programs]).map((program) => `${program} is not on PATH`);
    if ((process.env.CHART_MIRROR ?? "") === "") reasons.push("CHART_MIRROR is not set");
    if (reasons.length === 0) return;
    console.log(`    not run: ${reasons.join(", ")}`);
    context.skip();
}
