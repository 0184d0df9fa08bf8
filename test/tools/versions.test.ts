import assert from "node:assert/strict";
import { compareVersions } from "../../tools/versions";

describe("the order of versions", () => {
    it("is by number, with a preview before what it previews", () => {
        const sorted = [
            "0.9.0",
            "1.2.0-rc.1",
            "1.2.0-rc.2",
            "v1.2.0",
            "1.2.1",
            "1.10.0",
            "v2.0.0",
            "RELEASE.2024",
            "RELEASE.2025",
        ];
        assert.deepEqual([...sorted].reverse().sort(compareVersions), sorted);
        assert.equal(compareVersions("v1.2.0", "1.2.0"), 0);
        assert.equal(compareVersions("1.2.0+build", "1.2.0"), 0);
    });
});
