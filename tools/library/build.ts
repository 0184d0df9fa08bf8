import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { transformFileSync, type Options } from "@swc/core";
import { command } from "../command";
import { DECLARED, kept } from "../kept";

const root = resolve(__dirname, "../..");
const from = join(root, "components");
const to = join(root, "dist");
const load = createRequire(__filename);
const { options: asRun } = load("../../transpile.js") as {
    options: Options & { module: Extract<Options["module"], { type: "commonjs" }> };
};

/** What declarations are made by, beside the components: the compiler and others' declarations are the lock's. */
const MAKERS = [
    ...["package.json", "package-lock.json", "tsconfig.json", "tsconfig.build.json"],
    ...["tools/library/build.ts", "tools/library/declarations.ts"],
];

export default command(module, {
    name: "build",
    about: "Compiles the package's files into dist/, with what components read beside themselves.",
    run: async () => {
        rmSync(to, { recursive: true, force: true });
        const files = readdirSync(from, { recursive: true, encoding: "utf8" }).sort();
        const sources = files.filter((file) => file.endsWith(".ts"));
        for (const file of sources) write(file.replace(/\.ts$/, ".js"), javaScriptOf(join(from, file)));
        for (const file of files) if (/\.(sh|json)$/.test(file)) cpSync(join(from, file), join(to, file));
        const texts = [...MAKERS, ...sources.map((file) => join("components", file))].flatMap((file) => [
            file,
            readFileSync(join(root, file)),
        ]);
        const declared = await kept(DECLARED, texts, () => {
            // Loaded with a compiler, where there is something to compile.
            const { declarations } = load("./declarations") as typeof import("./declarations");
            return Promise.resolve([...declarations(root, join(from, "index.ts"))]);
        });
        for (const [file, text] of declared) write(file, text);
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
