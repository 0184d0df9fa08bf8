// Pulumi's host type-checks a pack, and the declarations of all that it imports, at each preview: most of the time that a
// policy pack takes. The types of this one are checked where it is worked on (`npx tsc`); here they are only taken away, once
// for each content of a file.
const { createHash } = require("node:crypto");
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require("node:fs");
const { createRequire, Module } = require("node:module");
const { dirname, join } = require("node:path");

const options = {
    jsc: { parser: { syntax: "typescript" }, target: "es2022" },
    module: { type: "commonjs" },
    sourceMaps: "inline",
    swcrc: false,
};

const compiler = require.resolve("@swc/core/package.json");
/** Results by what they are made from, beside the compiler: a folder that may be deleted at any time. */
const cache = join(dirname(compiler), "..", "..", ".cache", "observability-policies");
const maker = JSON.stringify([options, require(compiler).version]);

require.extensions[".ts"] = (module, filename) => {
    module._compile(transpiled(filename), filename);
};

function transpiled(filename) {
    const source = readFileSync(filename, "utf8");
    const path = join(cache, createHash("sha256").update(maker).update(filename).update(source).digest("hex"));
    const before = kept(path);
    if (before !== undefined) return before;
    const { code } = require("@swc/core").transformSync(source, { ...options, filename });
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
        // Packages that may only be read.
    }
}

// The framework takes the whole SDK, with npm's resolver of packages, for the classes of assets: a third of the pack's start.
// It is loaded when one of them is met.
const sdk = require.resolve("@pulumi/pulumi");
if (!(sdk in require.cache)) {
    let real;
    const read = (_, key) => {
        if (key === "__esModule") return true;
        if (real === undefined) {
            delete require.cache[sdk];
            real = require(sdk);
        }
        return real[key];
    };
    require.cache[sdk] = Object.assign(new Module(sdk), { loaded: true, exports: new Proxy({}, { get: read }) });
}

// No policy changes a resource. Where a pack does not know the call for it, the engine sends each resource once, to be judged,
// and not twice.
const framework = createRequire(require.resolve("@pulumi/policy"));
delete framework("@pulumi/pulumi/proto/analyzer_grpc_pb").AnalyzerService.remediate;

require("./index.ts");
