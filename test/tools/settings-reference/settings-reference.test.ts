import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { settingsReference } from "../../../tools/settings-reference/reference";

describe("the reference of settings", () => {
    const page = settingsReference();

    it("is as fresh as the schema (npm run settings-reference)", () => {
        assert.equal(readFileSync(resolve(__dirname, "../../../docs/reference/settings.md"), "utf8"), page);
    });

    it("lists what must not change after the first deployment", () => {
        const fixed = page.slice(page.indexOf("## What must not change"), page.indexOf("## All settings"));
        for (const path of [
            "cluster",
            "tenant",
            "logs.schema",
            "metrics.buckets",
            "logs.buckets",
            "traces.buckets",
            "replicationFactor",
        ]) {
            assert.ok(fixed.includes(path), `${path} is not listed`);
        }
    });
});
