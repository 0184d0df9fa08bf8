// Pulumi's host type-checks a pack, and the declarations of all that it imports, at each preview: most of the time that a
// policy pack takes. The types of this one are checked where it is worked on (`npx tsc`); here they are only taken away.
const { readFileSync } = require("node:fs");
const ts = require("typescript");

const compilerOptions = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, inlineSourceMap: true };

require.extensions[".ts"] = (module, fileName) => {
    const { outputText } = ts.transpileModule(readFileSync(fileName, "utf8"), { compilerOptions, fileName });
    module._compile(outputText, fileName);
};

require("./index.ts");
