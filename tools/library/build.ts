import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative, resolve } from "node:path";
import { transformFileSync, type Options } from "@swc/core";
import ts from "typescript";
import { command } from "../command";

const root = resolve(__dirname, "../..");
const from = join(root, "components");
const to = join(root, "dist");
const { options: asRun } = createRequire(__filename)("../../transpile.js") as {
    options: Options & { module: Extract<Options["module"], { type: "commonjs" }> };
};

export default command(module, {
    name: "build",
    about: "Compiles the package's files into dist/, with what components read beside themselves.",
    run: () => {
        rmSync(to, { recursive: true, force: true });
        for (const file of readdirSync(from, { recursive: true, encoding: "utf8" })) {
            if (file.endsWith(".ts")) write(file.replace(/\.ts$/, ".js"), javaScriptOf(join(from, file)));
            if (/\.(sh|json)$/.test(file)) cpSync(join(from, file), join(to, file));
        }
        for (const [file, text] of declarations(join(from, "index.ts"))) write(file, text);
    },
});

function write(file: string, text: string): void {
    const path = join(to, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
}

/** By the options with which the tests have run it; by the annotation Node finds the names that a module of ECMAScript may import. */
function javaScriptOf(path: string): string {
    const { module, ...others } = asRun;
    return transformFileSync(path, {
        ...others,
        module: { ...module, exportInteropAnnotation: true },
        sourceMaps: false,
    }).code;
}

/**
 * Declarations of a file and of all that they name, by their paths below components/. Nobody can import the others, and all of
 * them take most of a compiler's time. Types are checked by `npm run typecheck`.
 */
function declarations(entry: string): ReadonlyMap<string, string> {
    const { options } = ts.parseJsonConfigFileContent(
        ts.readConfigFile(join(root, "tsconfig.build.json"), (path) => readFileSync(path, "utf8")).config,
        ts.sys,
        root,
    );
    const host = ts.createCompilerHost(options);
    const program = ts.createProgram([entry], options, host);
    const made = new Map<string, string>();
    const named = new Set([entry]);
    for (const path of named) {
        const source = program.getSourceFile(path);
        if (source === undefined) throw new Error(`${relative(root, path)} is not of the package`);
        program.emit(
            source,
            (file, text) => {
                made.set(relative(to, file), text);
                for (const { fileName } of ts.preProcessFile(text).importedFiles) {
                    if (!fileName.startsWith(".")) continue;
                    const { resolvedModule } = ts.resolveModuleName(fileName, path, options, host);
                    if (resolvedModule?.extension === ts.Extension.Ts) named.add(resolvedModule.resolvedFileName);
                }
            },
            undefined,
            true,
        );
    }
    return made;
}
