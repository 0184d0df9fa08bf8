import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { architecture } from "../../../tools/architecture/architecture";
import { planned, releasesOf, root } from "../../fixtures/planned";

describe("the picture of the architecture", () => {
    it("is as fresh as the plan of prod (npm run architecture)", async () => {
        const page = readFileSync(join(root, "docs/explanation/architecture.md"), "utf8");
        assert.equal(page, architecture("prod", await planned("prod")));
    });

    it("has every release, and each store's way to the object store", async () => {
        const plan = await planned("prod");
        const page = architecture("prod", plan);
        for (const { inputs } of releasesOf(plan)) {
            assert.ok(page.includes(`["${String(inputs.name)}"]`), String(inputs.name));
        }
        for (const store of ["cortex", "loki", "tempo"]) {
            assert.match(page, new RegExp(`^    ${store} -- "minio:9000" --> ns_minio$`, "m"));
        }
        // Who is told a wrong address would point at a namespace that is not there.
        const namespaces = new Set([...page.matchAll(/subgraph (ns_\w+)/g)].map(([, id]) => id));
        const targets = [...page.matchAll(/--> (ns_\w+)/g)].map(([, id]) => id);
        assert.deepEqual(
            targets.filter((id) => !namespaces.has(id)),
            [],
        );
    });
});
