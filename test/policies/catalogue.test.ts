import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { CHART_DEFAULTS } from "../../policies/chart-defaults.gen";
import { CATALOGUE, catalogueFile } from "../../tools/policy-catalogue/catalogue";
import { root } from "../fixtures/planned";

describe("the catalogue of the policy pack", () => {
    it("is as fresh as the systems' workloads (npm run policy-catalogue)", () => {
        assert.equal(readFileSync(resolve(root, "policies/catalogue.gen.ts"), "utf8"), catalogueFile());
    });

    it("has the charts' defaults of what switches a workload on (npm run chart-defaults)", () => {
        for (const { chart, needs } of CATALOGUE) {
            for (const defaults of Object.values(CHART_DEFAULTS[chart] ?? {})) {
                assert.deepEqual(
                    needs.filter((path) => !(path in defaults)),
                    [],
                    chart,
                );
            }
        }
    });
});
