import assert from "node:assert/strict";
import { imagesOf } from "../../tools/images/images";
import { readStackFile } from "../../tools/plan/stack-file";
import { renderedModel } from "../../tools/verify/rendered";
import { needsCharts, rendered, ROOT } from "./rendered";

const MIRROR = "registry.example.com:5000/mirror";

/** An air-gapped cluster fails on the one image that an override forgets, so each is asked for in the rendering. */
for (const stack of ["dev", "prod"]) {
    describe(`images of stack ${stack}`, () => {
        before(function () {
            needsCharts(this);
        });

        it("all come from the registry that the settings name", async () => {
            const file = readStackFile(ROOT, stack);
            const config = { ...file.config, [`${file.project}:imageRegistry`]: MIRROR };
            const mirrored = imagesOf(await renderedModel({ root: ROOT, stack, file: { ...file, config } }));
            const images = imagesOf(await rendered(stack));
            assert.ok(images.length >= 15, `only ${images.length} images`);
            // Each keeps its path, which is what the mirror's copy is made under.
            assert.deepEqual(
                mirrored.map(({ image }) => image),
                images.map(({ image }) => image.replace(/^[^/]+/, MIRROR)).sort(),
            );
        });

        it("have a tag of their own or a digest", async () => {
            const images = imagesOf(await rendered(stack));
            const loose = images.filter(({ image }) => !/(:(?!latest$)[\w.-]+|@sha256:[0-9a-f]{64})$/.test(image));
            assert.deepEqual(loose, []);
        });
    });
}
