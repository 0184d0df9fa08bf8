// Pulumi's host type-checks a component's files, and the declarations of all that they import, at each start. The types are
// checked where they are worked on (`npm run typecheck`); here they are only taken away.
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
