import assert from "node:assert/strict";
import { findings } from "../../../tools/verify/check";
import { BINARY_CHECKS } from "../../../tools/verify/configs/binaries";
import { print } from "../../../tools/verify/print";
import { given } from "../../fixtures/verify/given";
import { cortex } from "../../fixtures/verify/stores";

// What the binaries answer is tested with real ones, in test/e2e/verify-faults.test.ts.
describe("programs that are asked themselves", () => {
    const path = process.env.PATH;

    before(() => {
        process.env.PATH = "";
    });

    after(() => {
        process.env.PATH = path;
    });

    it("are said not to be asked where they are not on PATH, and are no finding", () => {
        const found = findings(BINARY_CHECKS, given(cortex({ no: "such key" })));
        assert.deepEqual(found, []);
        const report = print("dev", BINARY_CHECKS, found);
        for (const name of ["promtool", "amtool", "cortex", "loki", "tempo", "alloy"]) {
            assert.match(report, new RegExp(`asks-${name} +- +skipped: ${name} is not on PATH`));
        }
    });
});
