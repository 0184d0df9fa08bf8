import assert from "node:assert/strict";
import { join } from "node:path";
import { preview } from "../../tools/plan/engine";
import { judge, type PackConfig } from "../../tools/plan/policies";
import { PolicyHost } from "../../tools/plan/policy-host";
import { root } from "../fixtures/planned";
import { shownStacks } from "../fixtures/shown-stacks";

const SHOWN = shownStacks(root);
const mandatory: PackConfig = { file: "mandatory.json", settings: { all: "mandatory" } };

/** Stack files that pages show whole, with what their commands set: whoever copies one gets past plan and policies. */
describe("stacks that the docs show", () => {
    let host: PolicyHost | undefined;

    before(async () => {
        host = await PolicyHost.start(join(root, "policies"));
    });

    after(() => {
        host?.stop();
    });

    it("are there for each kind of cluster", () => {
        const pages = new Set(SHOWN.map(({ page }) => page.replace(/^.*\//, "").replace(".md", "")));
        const kinds = ["aks", "eks", "gke", "k3s", "kind", "kubeadm", "microk8s", "minikube", "openshift"];
        assert.deepEqual([...pages].sort(), kinds);
    });

    for (const { page, stack, file } of SHOWN) {
        it(`${stack} of ${page} is planned, and every policy takes it`, async () => {
            const { resources } = await preview(root, stack, file);
            assert.ok(host);
            const { mandatory: found, advisory, unchecked } = await judge(host, mandatory, resources);
            assert.deepEqual([...found, ...advisory, ...unchecked], []);
        });
    }
});
