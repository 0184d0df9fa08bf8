import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
    copyFileSync,
    mkdirSync,
    mkdtempSync,
    readdirSync,
    rmSync,
    symlinkSync,
    truncateSync,
    writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "../fixtures/planned";

/** What takes types away keeps what it has made beside the packages; a disk may lose a part of that. */
describe("files without their types", () => {
    const cases: Record<string, { scripts: string[]; run: string[]; cache: string }> = {
        "of the program and its tools": {
            scripts: ["transpile.js", "late.js", "policies/transpiler.js"],
            run: ["--require", "./transpile.js", "index.ts"],
            cache: "transpile",
        },
        "of the policy pack": {
            scripts: ["policies/start.js", "policies/transpiler.js"],
            run: ["policies/start.js"],
            cache: "observability-policies",
        },
    };
    for (const [name, { scripts, run, cache }] of Object.entries(cases)) {
        it(`are made anew where a part of one is lost: ${name}`, () => {
            const folder = mkdtempSync(join(tmpdir(), "transpile-"));
            mkdirSync(join(folder, "policies"));
            for (const script of scripts) copyFileSync(join(root, script), join(folder, script));
            const packages = join(root, "node_modules");
            mkdirSync(join(folder, "node_modules"));
            for (const each of readdirSync(packages).filter((entry) => !entry.startsWith(".")))
                symlinkSync(join(packages, each), join(folder, "node_modules", each));
            for (const file of ["index.ts", "policies/index.ts"])
                writeFileSync(join(folder, file), "const said: string = 'whole';\nconsole.log(said);\n");
            const printed = () =>
                execFileSync(process.execPath, ["--preserve-symlinks", ...run], { cwd: folder, encoding: "utf8" });
            try {
                assert.equal(printed(), "whole\n");
                const kept = join(folder, "node_modules", ".cache", cache);
                const files = readdirSync(kept, { recursive: true, withFileTypes: true }).filter((file) =>
                    file.isFile(),
                );
                assert.equal(files.length, 1);
                for (const length of [0, 20]) {
                    for (const file of files) truncateSync(join(file.parentPath, file.name), length);
                    assert.equal(printed(), "whole\n");
                }
            } finally {
                rmSync(folder, { recursive: true });
            }
        });
    }
});
