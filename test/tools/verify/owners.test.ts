import { owners } from "../../../tools/verify/checks/owners";
import { modelOf } from "../../../tools/verify/cluster-model";
import { parseManifests, placed, PROGRAM } from "../../../tools/render/manifests";
import { assertClean, assertFound, given } from "../../fixtures/verify/given";

const ONE = "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\n";
const HOOK = ONE.replace("{ name: a }", '{ name: a, annotations: { "helm.sh/hook": pre-install } }');

const stack = (...makers: readonly (readonly [release: string, namespace: string, manifests: string])[]) =>
    modelOf({
        ...given(""),
        objects: makers.flatMap(([release, namespace, text]) => placed(release, namespace, parseManifests(text))),
    });

describe("verify: owners", () => {
    it("pass one name in two namespaces, of two kinds, and of hooks that take turns", () => {
        const kind = ONE.replace("ConfigMap", "Secret");
        assertClean(owners, stack(["x", "n", ONE], ["y", "m", ONE], ["y", "n", kind]));
        assertClean(owners, stack(["x", "n", `${HOOK}---\n${HOOK.replace("pre-", "post-")}`]));
    });

    it("find an object of two releases, of a release and the program, and twice of one release", () => {
        assertFound(
            owners,
            stack(["x", "n", ONE], ["y", "n", ONE]),
            /^n\/ConfigMap\/a: made by release x and release y/,
        );
        assertFound(owners, stack(["x", "n", ONE], [PROGRAM, "n", ONE]), /made by release x and the program/);
        assertFound(owners, stack(["x", "n", `${ONE}---\n${ONE}`]), /made by release x and release x/);
    });

    it("know an object in whatever version it is written", () => {
        const ingress = (version: string) =>
            `apiVersion: networking.k8s.io/${version}\nkind: Ingress\nmetadata: { name: a }\n`;
        assertFound(owners, stack(["x", "n", ingress("v1")], ["y", "n", ingress("v1beta1")]), /Ingress\/a: made by/);
    });
});
