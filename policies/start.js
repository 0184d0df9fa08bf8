// Pulumi's host type-checks a pack, and the declarations of all that it imports, at each preview: most of the time that a
// policy pack takes. The types of this one are checked where it is worked on (`npx tsc`); here they are only taken away, once
// for each content of a file.
const { createRequire, Module } = require("node:module");
const { dirname, join } = require("node:path");
const { transpiler } = require("./transpiler.js");

const options = {
    jsc: { parser: { syntax: "typescript" }, target: "es2022" },
    module: { type: "commonjs" },
    sourceMaps: "inline",
    swcrc: false,
};

// Beside the compiler, wherever the pack's packages are.
const packages = join(dirname(require.resolve("@swc/core/package.json")), "..", "..");
const transpiled = transpiler(options, join(packages, ".cache", "observability-policies"));

require.extensions[".ts"] = (module, filename) => {
    module._compile(transpiled(filename), filename);
};

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
