import assert from "node:assert/strict";
import { LiveObjects } from "../../../tools/adopt/live";
import { isGenerated, placeholder } from "../../../tools/adopt/generated";
import { stateOf, type StateResource } from "../../../tools/adopt/state";
import { isSecretMark, preview, type Plan } from "../../../tools/plan/engine";
import { readStackFile } from "../../../tools/plan/stack-file";
import { at, isRecord, record } from "../../../tools/records";
import { EVERY_SOURCE } from "../../fixtures/every-source";
import { root } from "../../fixtures/planned";

const PROVIDERS = { kubernetes: { version: "4.34.2" }, random: { version: "4.21.2" } };
const SECRET = "kubernetes:core/v1:Secret";

/** With keys of which one has been rotated: a rotated store has two of them. */
const EVERYTHING = { ...EVERY_SOURCE, "observability:objectStore": JSON.stringify({ rotation: { logs: 2 } }) };

/** What a value that Pulumi generated is in the cluster. */
const real = (name: string) => `Real0${name.replace(/\W/g, "9")}0`;

function deployedText(value: unknown): string {
    return String(value).replace(/<generated ([^>]+)>/g, (_, name: string) => real(name));
}

/** The cluster as a deployment of the plan would leave it. */
function clusterOf(plan: Plan): Record<string, unknown>[] {
    return plan.resources
        .filter(({ inputs }) => typeof inputs.kind === "string")
        .map(({ inputs: { stringData, ...inputs } }) => {
            if (stringData === undefined) return inputs;
            const data = record(isSecretMark(stringData) ? stringData.value : stringData);
            const encoded = Object.entries(data).map(([key, text]) => [
                key,
                Buffer.from(deployedText(text)).toString("base64"),
            ]);
            return { ...inputs, data: Object.fromEntries(encoded) as unknown };
        });
}

/** Every text in a value that no mark of a secret encloses. */
function readable(value: unknown): string[] {
    if (typeof value === "string") return [value];
    if (Array.isArray(value)) return value.flatMap(readable);
    if (!isRecord(value) || "plaintext" in value) return [];
    return Object.values(value).flatMap(readable);
}

describe("a state made from the plan and the cluster", () => {
    let plan: Plan;
    let resources: StateResource[];
    let left: string[];
    const named = (name: string, type: string) => resources.find(({ urn }) => urn.endsWith(`${type}::${name}`));

    before(async () => {
        const file = readStackFile(root, "prod");
        const secretKeys = [...file.secretKeys, ...Object.keys(EVERYTHING)];
        const config = { ...file.config, ...EVERYTHING };
        plan = await preview(root, "prod", { ...file, config, secretKeys }, placeholder);
        ({ resources, left } = stateOf(plan, new LiveObjects(clusterOf(plan)), PROVIDERS));
    });

    it("finds every generated value in a Secret of the cluster, so that none is made anew", () => {
        assert.deepEqual(left, []);
        const generated = plan.resources.filter(isGenerated);
        assert.ok(generated.length >= 15, `${generated.length} generated values`);
        for (const { name, type } of generated) {
            const result = named(name, type)?.outputs?.result;
            const value = isRecord(result) ? (JSON.parse(String(result.plaintext)) as unknown) : result;
            assert.equal(value, real(name));
            assert.equal(isRecord(result), type.endsWith("RandomPassword"), `${name} is readable`);
        }
    });

    it("has no hole left, and no credential in the open", () => {
        assert.doesNotMatch(JSON.stringify(resources), /<generated /);
        const passwords = plan.resources.filter(({ type }) => type.endsWith("RandomPassword"));
        const texts = resources.flatMap(({ inputs, outputs }) => readable([inputs, outputs]));
        for (const { name } of passwords) {
            assert.deepEqual(
                texts.filter((text) => text.includes(real(name))),
                [],
            );
        }
        assert.equal(
            texts.filter((text) => text.includes(Buffer.from(real("minio-logs")).toString("base64"))).length,
            0,
        );
    });

    it("names each resource as its provider does", () => {
        assert.equal(named("loki", "Release")?.id, "loki/loki");
        assert.equal(named("loki", "Namespace")?.id, "loki");
        assert.equal(named("collectors-alloy-events", "NetworkPolicy")?.id, "collectors/alloy-events");
        assert.equal(named("minio-logs", "RandomPassword")?.id, "none");
        assert.equal(named("minio-logs-access-key", "RandomString")?.id, real("minio-logs-access-key"));
    });

    it("has each resource once, after its parent, its provider and what it depends on", () => {
        const seen = new Set<string>();
        for (const { urn, parent, provider, dependencies, custom, id } of resources) {
            const before = [parent, provider?.replace(/::[^:]+$/, ""), ...(dependencies ?? [])];
            for (const other of before) assert.ok(!other || seen.has(other), `${urn} comes before ${String(other)}`);
            assert.ok(!seen.has(urn), urn);
            assert.equal(id !== undefined, custom, urn);
            seen.add(urn);
        }
        assert.equal(resources.length, plan.resources.length + 2);
    });

    it("has what components say of themselves, or the next preview would change them", () => {
        const said = plan.resources.filter(({ custom, inputs }) => !custom && Object.keys(inputs).length > 0);
        assert.ok(said.length > 0);
        for (const { urn, inputs } of said) assert.deepEqual(resources.find((one) => one.urn === urn)?.inputs, inputs);
    });

    it("keeps what holds data protected", () => {
        assert.equal(named("loki", "Release")?.protect, true);
        assert.equal(named("kps", "Release")?.protect, false);
    });

    it("goes on under the name that the last change was applied by", () => {
        const managed = (operation: string) => ({ manager: "pulumi-kubernetes-1a2b", operation });
        const changed = clusterOf(plan).map((object) => {
            const metadata = record(object.metadata);
            const operation = at(metadata, "namespace") === "loki" ? "Apply" : "Update";
            return { ...object, metadata: { ...metadata, managedFields: [managed(operation)] } };
        });
        const state = stateOf(plan, new LiveObjects(changed), PROVIDERS).resources;
        const managerOf = (id: string) => state.find((one) => one.id === id)?.outputs?.__fieldManager;
        assert.equal(managerOf("loki/all-pods"), "pulumi-kubernetes-1a2b");
        assert.equal(managerOf("tempo/all-pods"), undefined);
    });

    it("leaves out what the cluster has not, and says so", () => {
        const gone = clusterOf(plan).filter(({ metadata }) => at(metadata, "name") !== "grafana-admin");
        const state = stateOf(plan, new LiveObjects(gone), PROVIDERS);
        assert.deepEqual(state.left.sort(), [
            `${SECRET} grafana-admin`,
            "random:index/randomPassword:RandomPassword grafana-admin",
        ]);
        const urns = new Set(state.resources.map(({ urn }) => urn));
        for (const { dependencies } of state.resources) for (const urn of dependencies ?? []) assert.ok(urns.has(urn));
    });
});
