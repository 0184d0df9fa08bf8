// Puts off what packages load at their start and nothing here reads: with TypeScript and npm's resolver of packages, by which
// Pulumi's SDK writes functions down, it was a fifth of what a plan takes. Each is loaded when something of it is read. And
// leaves out what the SDK notes and nobody reads.
const { createRequire, Module } = require("node:module");

/** By the package that requires them: modules that it takes as a namespace, and reads nothing of while it loads. */
const LATE = {
    "@pulumi/pulumi": ["./runtime/closure/createClosure", "@npmcli/arborist", "./automation"],
    "@grafana/grafana-foundation-sdk/dashboard": ["../dashboardv2", "../dashboardv2beta1"],
    zod: ["./v4/locales/index.cjs"],
};

for (const [name, modules] of Object.entries(LATE)) for (const each of modules) late(name, each);
// What it notes is told to who looks for a promise that never ends.
if (process.env.PULUMI_DEBUG_PROMISE_LEAKS === undefined) late("@pulumi/pulumi", "./runtime/debuggable", untraced);

function late(name, module, change = (real) => real) {
    try {
        const load = createRequire(require.resolve(name));
        putOff(load, load.resolve(module), change);
    } catch {
        // Another version of the package has no such module: what it has instead is loaded as ever.
    }
}

/** Without the trace of each promise, several to a resource, which is made of frames and of text: a fourth of a plan. */
function untraced(real) {
    const debuggablePromise = (...given) => {
        const { stackTraceLimit } = Error;
        Error.stackTraceLimit = 0;
        try {
            return real.debuggablePromise(...given);
        } finally {
            Error.stackTraceLimit = stackTraceLimit;
        }
    };
    return { ...real, debuggablePromise };
}

function putOff(load, path, change) {
    if (path in require.cache) return;
    let real;
    const read = (_, key) => {
        // What compilers make of `import * as` takes a module that says so as it is, and copies any other.
        if (key === "__esModule") return true;
        if (real === undefined) {
            delete require.cache[path];
            real = change(load(path));
        }
        return real[key];
    };
    require.cache[path] = Object.assign(new Module(path), { loaded: true, exports: new Proxy({}, { get: read }) });
}
