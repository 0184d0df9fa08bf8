import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { dirname, relative, resolve } from "node:path";
import { root } from "../fixtures/planned";

const pack = resolve(root, "policies");

interface Manifest {
    readonly dependencies?: Record<string, string>;
    readonly devDependencies?: Record<string, string>;
}

function manifest(folder: string): Manifest {
    return JSON.parse(readFileSync(resolve(folder, "package.json"), "utf8")) as Manifest;
}

/** Modules that the pack's files name, by file. */
function imports(): [file: string, module: string][] {
    const files = readdirSync(pack, { recursive: true, encoding: "utf8" })
        .filter((file) => /\.[jt]s$/.test(file) && !file.startsWith("node_modules"))
        .map((file) => resolve(pack, file));
    return files.flatMap((file) => {
        const text = readFileSync(file, "utf8");
        const named = [...text.matchAll(/(?:\bfrom|\brequire\(|\bimport\()\s*"([^"]+)"/g)];
        return named.map(([, module = ""]): [string, string] => [file, module]);
    });
}

describe("the policy pack by itself", () => {
    const needs = manifest(pack).dependencies ?? {};

    it("imports its own files, Node and what its package.json names, and nothing else", () => {
        const found = imports();
        assert.ok(found.length > 20, "no imports were read");
        const foreign = found.filter(([file, module]) => {
            if (module.startsWith(".")) return relative(pack, resolve(dirname(file), module)).startsWith("..");
            const name = module
                .split("/")
                .slice(0, module.startsWith("@") ? 2 : 1)
                .join("/");
            return !(name in needs) && !builtinModules.includes(module.replace(/^node:/, ""));
        });
        assert.deepEqual(foreign, []);
    });

    it("names exactly the versions that it is tested with here", () => {
        const { dependencies, devDependencies } = manifest(root);
        const here: Record<string, string> = { ...dependencies, ...devDependencies };
        for (const [name, version] of Object.entries(needs)) {
            assert.match(version, /^\d+\.\d+\.\d+$/, name);
            assert.equal(version, here[name], name);
        }
    });
});
