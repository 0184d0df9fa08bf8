import assert from "node:assert/strict";
import { PLACED } from "../../components/settings/scheduling";
import { at } from "../../tools/records";
import { EVERY_SOURCE, everyPod } from "../fixtures/every-source";
import { deployed } from "../fixtures/planned";

describe("the login for images", () => {
    it("stands in each namespace as a Secret of its type, encrypted, and nowhere else", async () => {
        const { resources } = await deployed("prod", {
            ...EVERY_SOURCE,
            ...everyPod(PLACED.filter((system) => !["hub", "errors"].includes(system))),
        });
        const names = (kind: string, wanted: (name: unknown) => boolean, path: string) =>
            resources
                .filter(
                    ({ type, inputs }) => type === `kubernetes:core/v1:${kind}` && wanted(at(inputs, "metadata.name")),
                )
                .map(({ inputs }) => String(at(inputs, path)))
                .sort();
        const namespaces = names("Namespace", () => true, "metadata.name");
        assert.ok(namespaces.length >= 9, namespaces.join());
        assert.deepEqual(
            names("Secret", (name) => name === "image-pull", "metadata.namespace"),
            namespaces,
        );
        for (const { type, inputs } of resources.filter(({ inputs }) => JSON.stringify(inputs).includes("bG9naW4="))) {
            assert.equal(type, "kubernetes:core/v1:Secret");
            assert.equal(inputs.type, "kubernetes.io/dockerconfigjson");
        }
    });
});
