// Takes types away, once for each content of a file. It is the program's too, and stands here as the pack stands alone.
const { createHash } = require("node:crypto");
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require("node:fs");
const { basename, dirname, join } = require("node:path");

/**
 * @param options swc's, with maps in the code.
 * @param cache folder of results by what they are made from, so that nothing there is ever stale; it may be deleted at any time.
 * @returns what gives a file's code by its path.
 */
function transpiler(options, cache) {
    const maker = JSON.stringify([options, require("@swc/core/package.json").version]);
    return (filename) => {
        const source = readFileSync(filename, "utf8");
        const hash = createHash("sha256").update(maker).update(basename(filename)).update(source).digest("hex");
        const path = join(cache, hash.slice(0, 2), hash);
        const before = kept(path);
        if (before !== undefined) return before;
        const { code } = require("@swc/core").transformSync(source, {
            ...options,
            filename,
            sourceFileName: basename(filename),
        });
        keep(path, code);
        return code;
    };
}

/** A file that the disk has lost a part of is none: each ends with its map. */
function kept(path) {
    try {
        const code = readFileSync(path, "utf8");
        return code.includes("\n//# sourceMappingURL=") ? code : undefined;
    } catch {
        return undefined;
    }
}

/** Whole or not at all, as others read it meanwhile. Where it cannot be written, all goes on without it. */
function keep(path, code) {
    try {
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(`${path}.${process.pid}`, code);
        renameSync(`${path}.${process.pid}`, path);
    } catch {
        // A folder that may only be read.
    }
}

module.exports = { transpiler };
