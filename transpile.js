// Takes types away where Node requires a file of TypeScript: of the program by start.js, of tools and tests by `--require`.
// Types are checked by `npm run typecheck`; a compiler loaded for that at each start, Pulumi's too, was most of its time.
const { createHash } = require("node:crypto");
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require("node:fs");
const { basename, dirname, join } = require("node:path");
require("./late.js");

const options = {
    // `import()` of what is no CommonJS stays one.
    module: { type: "commonjs", ignoreDynamic: true },
    jsc: { parser: { syntax: "typescript" }, target: "es2022", keepClassNames: true },
    sourceMaps: "inline",
    swcrc: false,
};

/** Results by what they are made from, so that nothing here is ever stale: a folder that may be deleted at any time. */
const cache = join(__dirname, "node_modules", ".cache", "transpile");
const maker = JSON.stringify([options, require("@swc/core/package.json").version]);

function transpiled(filename) {
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
        // A checkout that may only be read.
    }
}

require.extensions[".ts"] = (module, filename) => {
    module._compile(transpiled(filename), filename);
};

const retrieveSourceMap = (filename) => {
    if (!filename.endsWith(".ts")) return null;
    const [, map] =
        /\n\/\/# sourceMappingURL=data:application\/json;[^,]*base64,(\S+)\s*$/.exec(transpiled(filename)) ?? [];
    return map === undefined ? null : { url: filename, map: Buffer.from(map, "base64").toString() };
};

const { prepareStackTrace: before } = Error;
let mapped;
function mapTrace(error, frames) {
    if (mapped === undefined) {
        // Pulumi's host has installed it already, and then it stays as it is but for the maps that it finds.
        Error.prepareStackTrace = before;
        require("source-map-support").install({ handleUncaughtExceptions: false, retrieveSourceMap });
        mapped = Error.prepareStackTrace;
        Error.prepareStackTrace = prepareStackTrace;
    }
    return mapped(error, frames);
}

// A trace names lines of the sources; it is written when it is first read. The SDK reads one for each resource, to note where
// that was made: to map those was a fifth of a plan.
function prepareStackTrace(error, frames) {
    return frames[0]?.getFunctionName() === "callsites" ? "" : mapTrace(error, frames);
}
Error.prepareStackTrace = prepareStackTrace;

// For who makes files of the same.
module.exports = { options };
