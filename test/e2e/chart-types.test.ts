import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { TYPED_CHARTS } from "../../tools/charts";
import { typesFor } from "../../tools/chart-types/types";

const CACHE = join(homedir(), ".cache", "observability-kit", "charts");

/** Folder of the charts' archives, where there is one. */
const mirror = process.env["CHART_MIRROR"] ?? (existsSync(CACHE) ? CACHE : undefined);

describe("types of the pinned charts, held against the charts", () => {
    before(function () {
        if (mirror === undefined) {
            console.log(
                `    skipped: CHART_MIRROR is not set and ${CACHE} does not exist, so there is no chart to read`,
            );
            this.skip();
        }
    });

    for (const { pin, output } of TYPED_CHARTS) {
        it(`${output} is what ${pin.name} ${pin.version} gives`, async () => {
            const text = readFileSync(join(__dirname, "..", "..", output), "utf8");
            assert.ok(text === (await typesFor(pin, mirror)), `${output} is stale: run npm run chart-types`);
        });
    }
});
