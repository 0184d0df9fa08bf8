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

    /** What is said of a source that throws on its fifth line, and has fewer lines without its types. */
    function saidOf(thrown: string, first: readonly string[] = []): string {
        const file = join(folder, "thrown.ts");
        writeFileSync(file, `interface Gone {\n    readonly one: number;\n}\n\nthrow ${thrown};\n`);
        const args = [...first, "./transpile.js"].flatMap((each) => ["--require", each]);
        return spawnSync(process.execPath, [...args, file], { cwd: root, encoding: "utf8" }).stderr;
    }

    // Pulumi's host has its own maps installed by the time that it starts the program.
    for (const [where, first] of Object.entries({
        "by itself": [],
        "under Pulumi's host": ["source-map-support/register"],
    }))
        it(`names the line of the source, ${where}`, () => {
            assert.match(saidOf(`new Error("thrown")`, first), /Error: thrown\n +at .*thrown\.ts:5:7/);
        });

    it("is told of an error that says nothing", () => {
        assert.match(saidOf("new Error()"), /^Error:? ?\n +at .*thrown\.ts:5:7/m);
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
