import assert from "node:assert/strict";
import { preview } from "../../tools/plan/engine";
import { judge, type PackConfig } from "../../tools/plan/policies";
import { PolicyPack } from "../../tools/plan/policy-pack";
import { root } from "../fixtures/planned";
import { shownStacks } from "../fixtures/shown-stacks";

const SHOWN = shownStacks(root);
const mandatory: PackConfig = { file: "mandatory.json", settings: { all: "mandatory" } };

/** Stack files that pages show whole, with what their commands set: whoever copies one gets past plan and policies. */
describe("stacks that the docs show", () => {
    const pack = new PolicyPack();

    it("are there for each kind of cluster", () => {
        const pages = new Set(SHOWN.map(({ page }) => page.replace(/^.*\//, "").replace(".md", "")));
        const kinds = ["aks", "eks", "gke", "k3s", "kind", "kubeadm", "microk8s", "minikube", "openshift"];
        assert.deepEqual([...pages].sort(), kinds);
    });

    it("leave out what the cluster has, as OpenShift the definitions of its own monitoring", async () => {
        const shown = SHOWN.find(({ page }) => page.endsWith("openshift.md"));
        assert.ok(shown);
        const { resources } = await preview(root, shown.stack, shown.file);
        const names = resources.filter(({ type }) => type.endsWith(":Release")).map(({ name }) => name);
        assert.ok(names.includes("kps"));
        assert.ok(!names.includes("prometheus-operator-crds"));
    });

    for (const { page, stack, file } of SHOWN) {
        it(`${stack} of ${page} is planned, and every policy takes it`, async () => {
            const { resources } = await preview(root, stack, file);
            const { mandatory: found, advisory, unchecked } = await judge(pack, mandatory, resources);
            assert.deepEqual([...found, ...advisory, ...unchecked], []);
        });
    }
});
