// Puts off what packages load at their start and nothing here reads: with TypeScript and npm's resolver of packages, by which
// Pulumi's SDK writes functions down, it was a fifth of what a plan takes. Each is loaded when something of it is read.
const { createRequire, Module } = require("node:module");

/** By the package that requires them: modules that it takes as a namespace, and reads nothing of while it loads. */
const LATE = {
    "@pulumi/pulumi": ["./runtime/closure/createClosure", "@npmcli/arborist", "./automation"],
    "@grafana/grafana-foundation-sdk/dashboard": ["../dashboardv2", "../dashboardv2beta1"],
    zod: ["./v4/locales/index.cjs"],
};

for (const [name, modules] of Object.entries(LATE)) {
    for (const each of modules) {
        try {
            const load = createRequire(require.resolve(name));
            putOff(load, load.resolve(each));
        } catch {
            // Another version of the package has no such module: what it has instead is loaded as ever.
        }
    }
}

function putOff(load, path) {
    if (path in require.cache) return;
    let real;
    const read = (_, key) => {
        // What compilers make of `import * as` takes a module that says so as it is, and copies any other.
        if (key === "__esModule") return true;
        if (real === undefined) {
            delete require.cache[path];
            real = load(path);
        }
        return real[key];
    };
    require.cache[path] = Object.assign(new Module(path), { loaded: true, exports: new Proxy({}, { get: read }) });
}
