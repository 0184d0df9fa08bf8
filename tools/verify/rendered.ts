import { readStackFile } from "../plan/stack-file";
import { renderStack, type RenderedStack, type RenderOptions } from "../render/render";
import { modelOf, type ClusterModel } from "./cluster-model";
import { readSettings } from "./program";

/** Renders a stack, for everything that is asked of it as a whole. */
export async function renderedModel(options: RenderOptions): Promise<ClusterModel> {
    return modelFrom(options, await renderStack(options));
}

/** The model of a stack that is rendered already. */
export function modelFrom({ root, stack, file = readStackFile(root, stack) }: RenderOptions, rendered: RenderedStack) {
    return modelOf({ ...rendered, settings: readSettings(file.config, file.project, process.env) });
}
