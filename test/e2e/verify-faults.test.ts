import assert from "node:assert/strict";
import { resolve } from "node:path";
import { readSettings } from "../../components/settings";
import { readStackFile } from "../../tools/plan/stack-file";
import type { RenderedObject } from "../../tools/render/manifests";
import { renderStack } from "../../tools/render/render";
import type { Check } from "../../tools/verify/check";
import { CHECKS } from "../../tools/verify/checks";
import { worldOf, type World } from "../../tools/verify/world";
import { missing } from "./control-plane";
import { CONFIGS } from "./faults/configs";
import { WIRING } from "./faults/wiring";

/** Faults by the part of verify that is to find them. A check that finds nothing in a good stack proves nothing yet. */
const FAULTS = { wiring: WIRING, configurations: CONFIGS };

const ROOT = resolve(__dirname, "../..");

describe("verify, with prod rendered by Helm", () => {
    let good: World;

    before(async function () {
        const reasons = missing(["helm"]).map((program) => `${program} is not on PATH`);
        if ((process.env.CHART_MIRROR ?? "") === "") reasons.push("CHART_MIRROR is not set");
        if (reasons.length > 0) {
            console.log(`    not run: ${reasons.join(", ")}`);
            this.skip();
        }
        const { config, project } = readStackFile(ROOT, "prod");
        good = worldOf({
            ...(await renderStack({ root: ROOT, stack: "prod" })),
            settings: readSettings(config, project, {}),
        });
    });

    function checkOf(name: string): Check {
        const check = CHECKS.find((each) => each.name === name);
        assert.ok(check !== undefined, `no check is called ${name}`);
        return check;
    }

    /** What a check finds in the stack with these objects. */
    function found(name: string, objects: readonly RenderedObject[]): string[] {
        const { plan, settings } = good;
        return checkOf(name)
            .run(worldOf({ plan, settings, objects }))
            .map((each) => `${each.object}: ${each.found} -> ${each.wanted}`);
    }

    for (const [part, faults] of Object.entries(FAULTS)) {
        describe(part, () => {
            it("finds nothing wrong where nothing is", () => {
                for (const check of new Set(faults.map((fault) => fault.check))) {
                    if (checkOf(check).unasked?.() === undefined)
                        assert.deepEqual(found(check, good.objects), [], check);
                }
            });

            for (const { name, check, finds, put } of faults) {
                it(`finds ${name}`, function () {
                    const why = checkOf(check).unasked?.();
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
