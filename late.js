// Puts off what packages load at their start and nothing here reads: with TypeScript and npm's resolver of packages, by which
// Pulumi's SDK writes functions down, it was a fifth of what a plan takes. Each is loaded when something of it is read. And
// leaves out what the SDK notes and nobody reads, and makes its messages of values in one pass.
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

messagesInOnePass();

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
    const { debuggablePromise: traced } = real;
    const debuggablePromise = (...given) => {
        const { stackTraceLimit } = Error;
        Error.stackTraceLimit = 0;
        try {
            return traced(...given);
        } finally {
            Error.stackTraceLimit = stackTraceLimit;
        }
    };
    // Whoever has the module asks it for this function at each call.
    return Object.assign(real, { debuggablePromise });
}

function putOff(load, path, change) {
    if (path in require.cache) {
        // Pulumi's host has loaded it before the program.
        change(require.cache[path].exports);
        return;
    }
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

/**
 * google-protobuf makes a message of a map by setting each value in it, and with each value that is set it goes through all
 * that lies below: as often as a value is deep, which for a chart's values was a fifth of what a resource takes. Here the
 * arrays that such a message is made of are made once. To read it goes through as many objects again, which what is still here
 * spares. Tests hold both against its own.
 */
function messagesInOnePass() {
    let Struct;
    try {
        ({ Struct } = createRequire(require.resolve("@pulumi/pulumi"))("google-protobuf/google/protobuf/struct_pb"));
    } catch {
        return;
    }
    // https://github.com/protocolbuffers/protobuf/blob/main/src/google/protobuf/struct.proto
    const NULL = 1;
    const NUMBER = 2;
    const STRING = 3;
    const BOOLEAN = 4;
    const STRUCT = 5;
    const LIST = 6;
    // A message is an array with each field at its number, less one.
    const field = (number, value) => {
        const message = new Array(number);
        message[number - 1] = value;
        return message;
    };
    const fields = (map) => {
        const entries = [];
        // As it does, what a map inherits too.
        for (const key in map) entries.push([key, message(map[key])]);
        return [entries];
    };
    const message = (value) => {
        if (value === null) return field(NULL, 0);
        // Holes are nothing that a message can hold, which `map` would pass over.
        if (Array.isArray(value)) return field(LIST, [Array.from(value, message)]);
        switch (typeof value) {
            case "number":
                return field(NUMBER, value);
            case "string":
                return field(STRING, value);
            case "boolean":
                return field(BOOLEAN, value);
            case "object":
                return field(STRUCT, fields(value));
            default:
                throw new Error("Unexpected struct type.");
        }
    };
    // Who reads what it has made itself, as a plan does, needs no message for it. Nobody changes one after it was made.
    const copyOf = (map) => {
        const keys = [];
        for (const key in map) if (key !== "__proto__") keys.push(key);
        const made = {};
        // In this order it is read from a message, whatever order it was made in.
        for (const key of keys.sort()) made[key] = copy(map[key]);
        return made;
    };
    const copy = (value) => {
        if (typeof value !== "object" || value === null) return value;
        return Array.isArray(value) ? value.map(copy) : copyOf(value);
    };
    Struct.fromJavaScript = (map) => Object.assign(new Struct(fields(map)), { toJavaScript: () => copyOf(map) });
}
