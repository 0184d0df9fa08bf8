import { readSettings } from "../../components/settings";
import { readStackFile } from "../plan/stack-file";
import { renderStack, type RenderOptions } from "../render/render";
import { worldOf, type World } from "./world";

/** Renders a stack, for everything that is asked of it as a whole. */
export async function renderedWorld(options: RenderOptions): Promise<World> {
    const file = options.file ?? readStackFile(options.root, options.stack);
    const rendered = await renderStack({ ...options, file });
    return worldOf({ ...rendered, settings: readSettings(file.config, file.project, process.env) });
}
