import { command, UsageError } from "../command";
import { RENDER_OPTIONS, RENDER_WORDS, renderOptions } from "../render/command";
import { table } from "../table";
import { renderedModel } from "../verify/rendered";
import { chartsOf, imagesOf } from "./images";

function shortened(users: readonly string[]): string {
    const [first = "", ...more] = users;
    return more.length === 0 ? first : `${first} and ${more.length} more`;
}

export default command(module, {
    name: "images",
    about: "Every image and chart that a mirror must hold before a stack comes up without the internet.",
    words: RENDER_WORDS,
    options: {
        json: { about: "For machines." },
        lines: { about: "The images alone, one a line." },
        ...RENDER_OPTIONS,
    },
    run: async ({ json, lines, ...given }) => {
        if (json && lines) throw new UsageError("--json and --lines are two forms of one list: take one");
        const render = renderOptions(given);
        const model = await renderedModel(render);
        const images = imagesOf(model);
        const charts = chartsOf(model.plan);
        if (json) {
            const pinned = charts.map(({ name, version, repository, digest }) => ({
                name,
                version,
                repository,
                digest,
            }));
            console.log(JSON.stringify({ stack: render.stack, images, charts: pinned }, null, 2));
        } else if (lines) {
            console.log(images.map(({ image }) => image).join("\n"));
        } else {
            const used = images.map(({ image, users }) => [image, shortened(users)]);
            console.log(table(`${images.length} images of stack ${render.stack}`, ["image", "run by"], used));
            const pinned = charts.map((pin) => [pin.name, pin.version, pin.repository, pin.digest ?? "not known"]);
            console.log(table(`${charts.length} charts`, ["chart", "version", "repository", "SHA-256"], pinned));
        }
    },
});
