import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { Options } from "@swc/core";
import { command, UsageError } from "../command";
import { BUILT, kept } from "../kept";

const root = resolve(__dirname, "../..");
const from = join(root, "components");
const to = join(root, "dist");
const load = createRequire(__filename);
const { options: asRun } = load("../../transpile.js") as {
    options: Options & { module: Extract<Options["module"], { type: "commonjs" }> };
};

/** What makes the files, beside the components: the compilers and others' declarations are the lock's. */
const MAKERS = [
    ...["package.json", "package-lock.json", "tsconfig.json", "tsconfig.build.json", "transpile.js"],
    ...["tools/library/build.ts", "tools/library/declarations.ts"],
];

export default command(module, {
    name: "build",
    about: "Compiles the package's files into dist/, with what components read beside themselves.",
    run: async () => {
        rmSync(to, { recursive: true, force: true });
        const files = readdirSync(from, { recursive: true, encoding: "utf8" }).sort();
        const sources = files.filter((file) => file.endsWith(".ts"));
        for (const file of files) if (/\.(sh|json)$/.test(file)) cpSync(join(from, file), join(to, file));
        const makers = [...MAKERS, ...sources.map((file) => join("components", file))];
        const texts = textsOf(makers);
        const built = await kept(BUILT, [makers, ...texts], () => {
            // Loaded with a compiler, where there is something to compile.
            const { declarations } = load("./declarations") as typeof import("./declarations");
            const scripts = sources.map(
                (file) => [file.replace(/\.ts$/, ".js"), javaScriptOf(join(from, file))] as const,
            );
            const built = [...scripts, ...declarations(root, join(from, "index.ts"))];
            // Else it would be kept, for good, as made of what is no more.
            if (!isDeepStrictEqual(textsOf(makers), texts))
                throw new UsageError("the sources have changed meanwhile: build again");
            return Promise.resolve(built);
        });
        for (const [file, text] of built) write(file, text);
    },
});

function textsOf(files: readonly string[]): Buffer[] {
    return files.map((file) => readFileSync(join(root, file)));
}

function write(file: string, text: string): void {
    const path = join(to, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
}

/** By the options with which the tests have run it; by the annotation Node finds the names that a module of ECMAScript may import. */
function javaScriptOf(path: string): string {
    const { module, ...others } = asRun;
    const { transformFileSync } = load("@swc/core") as typeof import("@swc/core");
    return transformFileSync(path, {
        ...others,
        module: { ...module, exportInteropAnnotation: true },
        sourceMaps: false,
    }).code;
}
