import { readStackFile } from "../plan/stack-file";
import { renderStack, type RenderedStack, type RenderOptions } from "../render/render";
import { worldOf, type World } from "./cluster-model";
import { readSettings } from "./program";

/** Renders a stack, for everything that is asked of it as a whole. */
export async function renderedWorld(options: RenderOptions): Promise<World> {
    return worldFrom(options, await renderStack(options));
}

/** The world of a stack that is rendered already. */
export function worldFrom({ root, stack, file = readStackFile(root, stack) }: RenderOptions, rendered: RenderedStack) {
    return worldOf({ ...rendered, settings: readSettings(file.config, file.project, process.env) });
}
