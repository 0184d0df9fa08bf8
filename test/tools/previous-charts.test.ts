import assert from "node:assert/strict";
import { PINS } from "../../tools/charts";
import { compareVersions } from "../../tools/versions";
import { PREVIOUS } from "../e2e/upgrade/previous-charts";

describe("the charts that the upgrade test starts from", () => {
    it("are all, each in a version before its pin", () => {
        assert.deepEqual(Object.keys(PREVIOUS).sort(), PINS.map(({ name }) => name).sort());
        const later = PINS.filter(({ name, version }) => compareVersions(PREVIOUS[name] ?? "", version) >= 0);
        assert.deepEqual(
            later.map(({ name, version }) => `${name} ${PREVIOUS[name] ?? ""} is not before ${version}`),
            [],
        );
    });
});
