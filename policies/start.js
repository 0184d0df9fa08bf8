// Pulumi's host type-checks a pack, and the declarations of all that it imports, at each preview: most of the time that a
// policy pack takes. The types of this one are checked where it is worked on (`npx tsc`); here they are only taken away.
const { readFileSync } = require("node:fs");
const { transformSync } = require("@swc/core");

const options = {
    jsc: { parser: { syntax: "typescript" }, target: "es2022" },
    module: { type: "commonjs" },
    sourceMaps: "inline",
    swcrc: false,
};

require.extensions[".ts"] = (module, filename) => {
    module._compile(transformSync(readFileSync(filename, "utf8"), { ...options, filename }).code, filename);
};

require("./index.ts");
