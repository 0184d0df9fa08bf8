// Takes types away where Node requires a file of TypeScript: of the program by start.js, of tools and tests by `--require`.
// Types are checked by `npm run typecheck`; a compiler loaded for that at each start, Pulumi's too, was most of its time.
const { join } = require("node:path");
const { transpiler } = require("./policies/transpiler.js");
require("./late.js");

const options = {
    // `import()` of what is no CommonJS stays one.
    module: { type: "commonjs", ignoreDynamic: true },
    jsc: { parser: { syntax: "typescript" }, target: "es2022", keepClassNames: true },
    sourceMaps: "inline",
    swcrc: false,
};

const transpiled = transpiler(options, join(__dirname, "node_modules", ".cache", "transpile"));

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
