import assert from "node:assert/strict";
import { findings, type Check } from "../../../tools/verify/check";
import { CHECKS } from "../../../tools/verify/checks";
import { annotations, print } from "../../../tools/verify/print";
import { given } from "../../fixtures/verify/given";

const text = { found: "50% of a, b", wanted: "line\nbreak", hint: "change: it" };
const check: Check = {
    name: "some",
    promise: "All is well",
    run: () => [
        { object: "ns/Service/b", ...text },
        { object: "ns/Service/a", ...text },
    ],
};

describe("verify's report", () => {
    it("lists findings by object, under the check that made them", () => {
        const found = findings([check], given(""));
        assert.deepEqual(
            found.map(({ check: name, object }) => [name, object]),
            [
                ["some", "ns/Service/a"],
                ["some", "ns/Service/b"],
            ],
        );
        assert.match(
            print("prod", [check], found),
            /1 checks, 2 findings[\s\S]*some +2 +All is well[\s\S]*hint +change: it/,
        );
        assert.match(print("prod", [check], []), /no findings[\s\S]*some +ok/);
    });

    it("gives GitHub one line for each finding, with what would end it escaped", () => {
        const [line] = annotations(findings([check], given("")));
        const title = "title=some%3A ns/Service/a";
        assert.equal(line, `::error ${title}::found 50%25 of a, b%0Awanted line%0Abreak%0Achange: it`);
    });

    it("names each check once", () => {
        const names = CHECKS.map(({ name }) => name);
        assert.deepEqual(names, [...new Set(names)]);
        for (const name of names) assert.match(name, /^[a-z]+(-[a-z]+)*$/);
    });
});
