import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { parseSettings } from "../../components/platform/settings";

const page = readFileSync(resolve(__dirname, "../../docs/reference/production-minimums.md"), "utf8");
const minimums = [...page.matchAll(/^\| `([\w.]+)` +\| (\d+)/gm)].map(([, path = "", least]) => ({
    path,
    least: Number(least),
}));

function problemsWith(path: string, value: number): string[] {
    const change = path.split(".").reduceRight<unknown>((inner, key) => ({ [key]: inner }), value) as object;
    const result = parseSettings({ cluster: "c", domain: "a.example.com", survives: "node", ...change });
    return "problems" in result ? result.problems.map((problem) => problem.path) : [];
}

describe("production minimums", () => {
    it("are all in the table", () => {
        assert.equal(minimums.length, 34);
    });

    for (const { path, least } of minimums) {
        it(`accept ${path}: ${least} and refuse one less`, () => {
            assert.deepEqual(problemsWith(path, least), []);
            assert.ok(problemsWith(path, least - 1).includes(path), `${path}: ${least - 1} is not refused`);
        });
    }
});
