import assert from "node:assert/strict";
import { mergeValues } from "../../components/kubernetes/merge-values";
import { readStackFile, type StackFile } from "../../tools/plan/stack-file";
import type { RenderedObject } from "../../tools/render/manifests";
import type { Check } from "../../tools/verify/check";
import { CHECKS } from "../../tools/verify/checks";
import { renderedModel } from "../../tools/verify/rendered";
import { modelOf, type ClusterModel } from "../../tools/verify/cluster-model";
import { CONFIGS } from "./faults/configs";
import { USERS } from "./faults/users";
import { VALUES, type ValuesFault } from "./faults/values";
import { WIRING } from "./faults/wiring";
import { needsCharts, rendered, ROOT } from "./rendered";

/** Faults by the part of verify that is to find them. A check that finds nothing in a good stack proves nothing yet. */
const FAULTS = { wiring: WIRING, configurations: CONFIGS };

const IN_VALUES = [...VALUES, ...USERS];

function checkOf(name: string): Check {
    const check = CHECKS.find((each) => each.name === name);
    assert.ok(check !== undefined, `no check is called ${name}`);
    return check;
}

function foundIn(model: ClusterModel, name: string): string[] {
    return checkOf(name)
        .run(model)
        .map((each) => `${each.object}: ${each.found} -> ${each.wanted}`);
}

describe("verify, with prod rendered by Helm", () => {
    let good: ClusterModel;

    before(async function () {
        needsCharts(this);
        good = await rendered("prod");
    });

    /** What a check finds in the stack with these objects. */
    function found(name: string, objects: readonly RenderedObject[]): string[] {
        const { kubeVersion, plan, settings } = good;
        return foundIn(modelOf({ kubeVersion, plan, settings, objects }), name);
    }

    for (const [part, faults] of Object.entries(FAULTS)) {
        describe(part, () => {
            it("finds nothing wrong where nothing is", () => {
                for (const check of new Set(faults.map((fault) => fault.check))) {
                    if (checkOf(check).skipReason?.() === undefined)
                        assert.deepEqual(found(check, good.objects), [], check);
                }
            });

            for (const { name, check, finds, put } of faults) {
                it(`finds ${name}`, function () {
                    const why = checkOf(check).skipReason?.();
                    if (why !== undefined) {
                        console.log(`      not run: ${why}`);
                        this.skip();
                    }
                    const all = found(check, put(good.objects));
                    assert.ok(
                        all.some((each) => finds.test(each)),
                        `${check} found ${all.length === 0 ? "nothing" : `\n${all.join("\n")}`}`,
                    );
                });
            }
        });
    }
});

describe("verify, with faults in the values of prod", () => {
    let bad: ClusterModel;

    before(async function () {
        needsCharts(this);
        const file = IN_VALUES.reduce(faulty, readStackFile(ROOT, "prod"));
        bad = await renderedModel({ root: ROOT, stack: "prod", file });
    });

    for (const { name, check, finds } of IN_VALUES) {
        it(`finds ${name}`, () => {
            const all = foundIn(bad, check);
            assert.ok(
                all.some((each) => finds.test(each)),
                `${check} found ${all.length === 0 ? "nothing" : `\n${all.join("\n")}`}`,
            );
        });
    }
});

/** A stack file with a fault's settings merged over its own. */
function faulty(file: StackFile, { settings }: ValuesFault): StackFile {
    const config = { ...file.config };
    for (const [system, more] of Object.entries(settings)) {
        const key = `${file.project}:${system}`;
        config[key] = JSON.stringify(mergeValues(JSON.parse(config[key] ?? "{}") as object, more));
    }
    return { ...file, config };
}
