import assert from "node:assert/strict";
import { PINS } from "../../tools/charts";
import { compareVersions } from "../../tools/versions";
import { PREVIOUS } from "../e2e/upgrade/previous-charts";

describe("the charts that the upgrade test starts from", () => {
    it("are charts that are pinned, each in a version before its pin: one whose pin never moved has none", () => {
        const pinned = new Map(PINS.map(({ name, version }) => [name, version]));
        const wrong = Object.entries(PREVIOUS).filter(
            ([name, version]) => compareVersions(version, pinned.get(name) ?? version) >= 0,
        );
        assert.deepEqual(
            wrong.map(([name, version]) => `${name} ${version} is not before ${pinned.get(name) ?? "any pin"}`),
            [],
        );
    });
});
