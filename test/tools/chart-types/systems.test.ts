import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { TYPED_CHARTS } from "../../../tools/charts";
import { booleansOf, problemsOf } from "../../fixtures/chart-types-compiler";

const ROOT = join(__dirname, "../../..");

/**
 * Literals for a chart's types: one that is right, one with a misspelt key, one with a value of another type. That keys are
 * the chart's own shows where the program's values compile.
 */
function literals(output: string): string[] {
    const leaves = booleansOf(readFileSync(join(ROOT, output), "utf8"));
    const nested = leaves.find((path) => path.length > 1) ?? leaves[0];
    assert.ok(nested, `${output} has no switch`);
    const literal = (path: readonly string[], value: string) =>
        path.reduceRight((inner, key) => `{ ${JSON.stringify(key)}: ${inner} }`, value);
    const misspelt = nested.map((key, index) => (index === nested.length - 1 ? `${key}z` : key));
    return [literal(nested, "true"), literal(misspelt, "true"), literal(nested, '"yes"')];
}

describe("types of the pinned charts", () => {
    // One compilation for all, since it takes seconds.
    let problems: string[][] = [];

    before(() => {
        const candidates = TYPED_CHARTS.flatMap(({ output }) =>
            literals(output).map((literal) => ({ from: join(ROOT, output.replace(/\.ts$/, "")), literal })),
        );
        problems = problemsOf(new Map(), candidates);
    });

    TYPED_CHARTS.forEach(({ pin, output }, index) => {
        it(`${output} is of the pinned version and tells right values from wrong ones`, () => {
            const [firstLine] = readFileSync(join(ROOT, output), "utf8").split("\n");
            assert.ok(firstLine?.includes(` ${pin.name} ${pin.version};`), firstLine);
            const [right, misspelt, mistyped] = problems.slice(3 * index, 3 * index + 3);
            assert.deepEqual(right, []);
            assert.match(misspelt?.join() ?? "", /does not exist in type/);
            assert.match(mistyped?.join() ?? "", /is not assignable to type/);
        });
    });
});
