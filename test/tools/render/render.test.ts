import assert from "node:assert/strict";
import { setImmediate } from "node:timers/promises";
import { UNKNOWN, UNKNOWN_TEXT, type Plan, type PlannedResource } from "../../../tools/plan/engine";
import {
    apiVersionsOf,
    filesOf,
    MASK,
    parseManifests,
    pathOf,
    placed,
    withDefinedScopes,
    yamlOf,
    type KubernetesObject,
    type RenderedObject,
} from "../../../tools/render/manifests";
import { programObjects, releasesOf, valuesOf, type ReleaseInputs } from "../../../tools/render/releases";
import { inOrder, writeStack } from "../../../tools/render/render";

const SECRET_MARK = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };

function one(text: string): KubernetesObject {
    const [object] = parseManifests(text);
    assert.ok(object);
    return object;
}

function resource(type: string, name: string, more: Partial<PlannedResource>): PlannedResource {
    const base = { parent: "", custom: true, inputs: {}, dependencies: [], protect: false };
    return { urn: name, type, name, ...base, ...more };
}

describe("the folder of a rendering", () => {
    it("is no file", () => {
        const none = { plan: { resources: [] } as unknown as Plan, kubeVersion: "1.35.0", objects: [] };
        assert.throws(() => writeStack(none, __filename), /render\.test\.[jt]s is a file: name a folder$/);
    });
});

describe("rendered objects", () => {
    it("are read as Kubernetes reads them: YAML 1.1 without base 60 and dates", () => {
        const { data } = one(
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {mode: 0644, on: yes, at: 1:30, day: 2024-04-01}",
        );
        assert.deepEqual(data, { mode: 420, true: true, at: "1:30", day: "2024-04-01" });
    });

    it("come out of lists, and empty documents give none", () => {
        const text =
            "---\n# nothing\n---\napiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Service, metadata: {name: a}}\n";
        assert.deepEqual(
            parseManifests(text).map(({ kind }) => kind),
            ["Service"],
        );
    });

    it("are refused where they are no object", () => {
        assert.throws(() => parseManifests("apiVersion: v1\nkind: Service\n"), /not a Kubernetes object/);
        assert.throws(() => parseManifests("a: [1"), /not YAML/);
    });

    it("have one form, whatever the order of their keys", () => {
        const a = one("apiVersion: v1\nkind: Service\nmetadata: {name: a, labels: {x: '1', b: 'yes'}}");
        const b = one("metadata: {labels: {b: 'yes', x: '1'}, name: a}\nkind: Service\napiVersion: v1");
        assert.equal(yamlOf(a), yamlOf(b));
        assert.ok(yamlOf(a).startsWith("apiVersion: v1\nkind: Service\nmetadata:\n  labels:\n    b: "));
    });

    it("are masked where they are Secrets, with a mask that says nothing of the value", () => {
        const secret = one(
            "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\ndata: {k: c2VjcmV0}\nstringData: {l: hidden-value, m: x}",
        );
        const text = yamlOf(secret);
        assert.doesNotMatch(text, /c2VjcmV0|hidden-value/);
        assert.equal(text.split(MASK).length - 1, 3);
        assert.deepEqual(secret.data, { k: "c2VjcmV0" });
    });

    it("are masked as a whole where not even a Secret's keys are known", () => {
        const text = yamlOf({ apiVersion: "v1", kind: "Secret", metadata: { name: "a" }, stringData: "raw" });
        assert.match(text, /^stringData: "?\*{8}"?$/m);
    });

    it("stand in the namespace that Helm will put them into, hooks apart", () => {
        const text = [
            "{apiVersion: v1, kind: Service, metadata: {name: a}}",
            "{apiVersion: v1, kind: Service, metadata: {name: b, namespace: other}}",
            "{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: 'system:c'}}",
            "{apiVersion: batch/v1, kind: Job, metadata: {name: d, annotations: {helm.sh/hook: post-install}}}",
        ].join("\n---\n");
        assert.deepEqual(placed("r", "own", parseManifests(text)).map(pathOf), [
            "r/own/Service-a.yaml",
            "r/other/Service-b.yaml",
            "r/_cluster/ClusterRole-system_c.yaml",
            "r/hooks/own/Job-d.yaml",
        ]);
    });

    const definition = one(`
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: things.example.com}
spec:
  group: example.com
  scope: Cluster
  names: {kind: Thing}
  versions: [{name: v1, served: true}, {name: v0, served: false}]`);

    it("bring the API versions that their definitions serve", () => {
        assert.deepEqual(apiVersionsOf(placed("r", "own", [definition])), ["example.com/v1", "example.com/v1/Thing"]);
    });

    it("belong to the cluster where their definition says so", () => {
        const thing = one("{apiVersion: example.com/v1, kind: Thing, metadata: {name: a}}");
        const objects = withDefinedScopes(placed("r", "own", [definition, thing]));
        assert.deepEqual(objects.map(pathOf), [
            "r/_cluster/CustomResourceDefinition-things.example.com.yaml",
            "r/_cluster/Thing-a.yaml",
        ]);
    });

    it("make files in one order; two groups' kinds of one name keep apart, an object made twice is an error", () => {
        const a = placed("r", "own", [one("{apiVersion: v1, kind: Event, metadata: {name: a}}")]);
        const b = placed("r", "own", [one("{apiVersion: events.k8s.io/v1, kind: Event, metadata: {name: a}}")]);
        const c = placed("a", "own", [one("{apiVersion: v1, kind: Service, metadata: {name: z}}")]);
        const names = ["a/own/Service-z.yaml", "r/own/Event-a.core.yaml", "r/own/Event-a.events.k8s.io.yaml"];
        assert.deepEqual([...filesOf([...b, ...a, ...c]).keys()], names);
        assert.throws(() => filesOf([...a, ...a]), /twice/);
    });
});

describe("what is rendered of a plan", () => {
    const release = (name: string, more: Partial<PlannedResource> = {}, inputs = {}) =>
        resource("kubernetes:helm.sh/v3:Release", name, {
            inputs: { name, namespace: "own", chart: "c", version: "1.0.0", values: { a: null }, ...inputs },
            ...more,
        });
    const plan: Plan = {
        outputs: {},
        resources: [
            release("crds"),
            resource("x:index:Component", "component", { custom: false, dependencies: ["crds"] }),
            resource("kubernetes:core/v1:Secret", "secret", {
                parent: "component",
                inputs: {
                    apiVersion: "v1",
                    kind: "Secret",
                    metadata: { name: "s", namespace: "own" },
                    stringData: { key: { ...SECRET_MARK, value: UNKNOWN } },
                },
            }),
            release("store", { dependencies: ["secret"] }, { repositoryOpts: { repo: "https://charts.example.com" } }),
        ],
    };

    it("is each Release with the inputs that the program sends, nulls kept", () => {
        const [crds, store] = releasesOf(plan);
        assert.deepEqual(crds?.values, { a: null });
        assert.equal(crds.repository, undefined);
        assert.equal(store?.repository, "https://charts.example.com");
    });

    it("knows which releases are there before, by way of components and other resources", () => {
        assert.deepEqual(
            releasesOf(plan).map(({ after }) => after),
            [[], ["crds"]],
        );
    });

    it("shows the values that Helm gets, with what is encrypted in the settings masked", () => {
        const values = { b: { password: { ...SECRET_MARK, value: "hush" } }, a: [1, UNKNOWN] };
        const [[name, text] = []] = valuesOf({ ...plan, resources: [release("store", {}, { values })] });
        assert.equal(name, "store");
        assert.equal(text, `a:\n  - 1\n  - ${UNKNOWN_TEXT}\nb:\n  password: "${MASK}"\n`);
    });

    it("refuses inputs that it does not render", () => {
        const other = { ...plan, resources: [release("r", {}, { valueYamlFiles: ["a"] })] };
        assert.throws(() => releasesOf(other), /valueYamlFiles/);
    });

    it("is what the program makes itself, with its secrets' envelopes taken off", () => {
        const [secret, ...others] = programObjects(plan);
        assert.deepEqual(others, []);
        assert.deepEqual(secret?.object.stringData, { key: UNKNOWN_TEXT });
        assert.equal(pathOf(secret), "_program/own/Secret-s.yaml");
        assert.doesNotMatch(yamlOf(secret.object), /unknown/);
    });

    it("is rendered in the order of the plan's dependencies, two at a time", async () => {
        const named = (name: string, after: string[]) => ({ name, after }) as unknown as ReleaseInputs;
        let running = 0;
        let most = 0;
        const seen: Record<string, string[]> = {};
        const releases = [named("d", ["a", "c"]), named("a", []), named("b", []), named("c", [])];
        const objects = await inOrder(releases, 2, async ({ name }, before) => {
            most = Math.max(most, ++running);
            seen[name] = before.map((each) => each.release);
            await setImmediate();
            running--;
            return [{ release: name } as RenderedObject];
        });
        assert.equal(most, 2);
        assert.deepEqual(seen.d, ["a", "c"]);
        assert.deepEqual(
            objects.map((each) => each.release),
            ["d", "a", "b", "c"],
        );
    });

    it("ends with the first error, and with one where releases wait for each other", async () => {
        const named = (name: string, after: string[]) => ({ name, after }) as unknown as ReleaseInputs;
        const failing = inOrder([named("a", []), named("b", ["a"])], 2, ({ name }) => Promise.reject(new Error(name)));
        await assert.rejects(failing, /^Error: a$/);
        await assert.rejects(
            inOrder([named("a", ["b"]), named("b", ["a"])], 2, () => Promise.resolve([])),
            /wait for each other: a, b/,
        );
    });
});
