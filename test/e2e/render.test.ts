import assert from "node:assert/strict";
import { isRecord } from "../../tools/records";
import { filesOf, MASK, type RenderedObject } from "../../tools/render/manifests";
import { UNKNOWN_TEXT } from "../../tools/plan/engine";
import { renderStack } from "../../tools/render/render";
import { needsCharts, rendered, ROOT } from "./rendered";

/** Both stacks rendered by Helm with the real charts: what stands in a chart's schema and templates is asked here. */
const AT_LEAST = { dev: 250, prod: 400 };

function texts(value: unknown): string[] {
    if (typeof value === "string") return [value];
    return typeof value === "object" && value !== null ? Object.values(value).flatMap(texts) : [];
}

for (const stack of ["dev", "prod"] as const) {
    describe(`stack ${stack} as Helm renders it`, () => {
        let objects: readonly RenderedObject[];

        before(async function () {
            needsCharts(this);
            ({ objects } = await rendered(stack));
        });

        it("has objects of every release, and the program's own", () => {
            assert.ok(objects.length >= AT_LEAST[stack], `only ${objects.length}`);
            const releases = new Set(objects.map(({ release }) => release));
            const expected = [
                "_program",
                "cortex",
                "k8s-monitoring",
                "kps",
                "loki",
                "minio",
                "prometheus-operator-crds",
            ];
            for (const release of [...expected, "tempo"]) assert.ok(releases.has(release), `nothing of ${release}`);
            assert.ok(objects.some(({ hook }) => hook !== undefined));
            assert.ok(!objects.some(({ hook }) => hook?.includes("test")));
        });

        it("gives the same bytes a second time", async function () {
            // Once is enough: prod has all that dev has.
            if (stack === "dev") this.skip();
            const again = filesOf((await renderStack({ root: ROOT, stack })).objects);
            const first = filesOf(objects);
            assert.deepEqual([...again.keys()], [...first.keys()]);
            assert.deepEqual(
                [...first].filter(([path, text]) => again.get(path) !== text).map(([path]) => path),
                [],
            );
        });

        it("shows no value of a Secret", () => {
            const secrets = objects.filter(({ object }) => object.kind === "Secret");
            assert.ok(secrets.length >= 5);
            for (const each of secrets) {
                const [text = ""] = filesOf([each]).values();
                const values = [...texts(each.object.data), ...texts(each.object.stringData)];
                for (const value of values.filter((v) => v.length > 8)) {
                    assert.ok(!text.includes(value), `a value of Secret ${each.object.metadata.name} is shown`);
                }
                if (values.length > 0) assert.ok(text.includes(MASK));
            }
        });

        it("leaves nothing unknown outside of Secrets", () => {
            const unknown = objects.filter(
                ({ object }) => object.kind !== "Secret" && texts(object).some((text) => text.includes(UNKNOWN_TEXT)),
            );
            assert.deepEqual(
                unknown.map(({ object }) => `${object.kind} ${object.metadata.name}`),
                [],
            );
        });

        it("asks for CPU and memory and bounds memory in every container", () => {
            const bare = objects.flatMap(({ object }) =>
                containers(object).filter(({ resources }) => {
                    const { requests, limits } = isRecord(resources) ? resources : {};
                    return !(
                        isRecord(requests) &&
                        requests.cpu &&
                        requests.memory &&
                        isRecord(limits) &&
                        limits.memory
                    );
                }),
            );
            assert.deepEqual(bare, []);
        });
    });
}

function containers(object: Record<string, unknown>): Record<string, unknown>[] {
    const spec = isRecord(object.spec) ? object.spec : {};
    const pod = isRecord(spec.template) && isRecord(spec.template.spec) ? spec.template.spec : {};
    return [pod.containers, pod.initContainers].flatMap((list) => (Array.isArray(list) ? list.filter(isRecord) : []));
}
