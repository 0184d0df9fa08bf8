import { run } from "../command";
import { renderArguments } from "../render/command";
import { table } from "../table";
import { renderedModel } from "../verify/rendered";
import { chartsOf, imagesOf } from "./images";

const USAGE = "npm run images -- <stack> [--json | --lines]";

/** `npm run images`: every image and chart that a mirror must hold before a stack comes up without the internet. */
async function main(): Promise<void> {
    const { render, values } = renderArguments(USAGE, { json: { type: "boolean" }, lines: { type: "boolean" } });
    const model = await renderedModel(render);
    const images = imagesOf(model);
    const charts = chartsOf(model.plan);
    if (values.json === true) {
        const pinned = charts.map(({ name, version, repository, digest }) => ({ name, version, repository, digest }));
        console.log(JSON.stringify({ stack: render.stack, images, charts: pinned }, null, 2));
    } else if (values.lines === true) {
        console.log(images.map(({ image }) => image).join("\n"));
    } else {
        const used = images.map(({ image, users }) => [image, shortened(users)]);
        console.log(table(`${images.length} images of stack ${render.stack}`, ["image", "run by"], used));
        const pinned = charts.map((pin) => [pin.name, pin.version, pin.repository, pin.digest ?? "not known"]);
        console.log(table(`${charts.length} charts`, ["chart", "version", "repository", "SHA-256"], pinned));
    }
}

function shortened(users: readonly string[]): string {
    const [first = "", ...more] = users;
    return more.length === 0 ? first : `${first} and ${more.length} more`;
}

run(main);
