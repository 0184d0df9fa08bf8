import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const root = resolve(__dirname, "../..");

describe("a trace", () => {
    let folder: string;

    before(() => {
        folder = mkdtempSync(join(tmpdir(), "traces-"));
    });

    after(() => {
        rmSync(folder, { recursive: true });
    });

    // Pulumi's host has its own maps installed by the time that it starts the program.
    for (const [where, first] of Object.entries({
        "by itself": [],
        "under Pulumi's host": ["source-map-support/register"],
    }))
        it(`names the line of a source that has fewer lines without its types, ${where}`, () => {
            const file = join(folder, "thrown.ts");
            writeFileSync(file, `interface Gone {\n    readonly one: number;\n}\n\nthrow new Error("thrown");\n`);
            const args = [...first, "./transpile.js"].flatMap((each) => ["--require", each]);
            const { stderr } = spawnSync(process.execPath, [...args, file], { cwd: root, encoding: "utf8" });
            assert.match(stderr, /Error: thrown\n +at .*thrown\.ts:5:7/);
        });

    it("is told of an error that says nothing", () => {
        const file = join(folder, "silent.ts");
        writeFileSync(file, `interface Gone {\n    readonly one: number;\n}\n\nthrow new Error();\n`);
        const { stderr } = spawnSync(process.execPath, ["--require", "./transpile.js", file], {
            cwd: root,
            encoding: "utf8",
        });
        assert.match(stderr, /^Error:? ?\n +at .*silent\.ts:5:7/m);
    });

    it("is left out where the SDK notes who made a resource", () => {
        const script = `
            const callsites = () => new Error().stack;
            console.log(JSON.stringify([callsites(), new Error().stack.includes("at ")]));
        `;
        const { stdout } = spawnSync(process.execPath, ["--require", "./transpile.js", "--eval", script], {
            cwd: root,
            encoding: "utf8",
        });
        assert.deepEqual(JSON.parse(stdout), ["", true]);
    });
});
