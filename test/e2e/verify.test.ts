import assert from "node:assert/strict";
import { findings } from "../../tools/verify/check";
import { CHECKS } from "../../tools/verify/checks";
import { needsCharts, rendered } from "./rendered";

/** What `npm run verify` says of each stack as it stands in the repository: the checks' promises hold on the real charts. */
for (const stack of ["dev", "prod"]) {
    describe(`verify of stack ${stack}`, () => {
        before(function () {
            needsCharts(this);
        });

        it("finds nothing", async () => {
            const world = await rendered(stack);
            for (const { name, unasked } of CHECKS) {
                const reason = unasked?.();
                if (reason !== undefined) console.log(`      not run: ${name}, ${reason}`);
            }
            assert.deepEqual(findings(CHECKS, world), []);
        });
    });
}
