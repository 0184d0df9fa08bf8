import { readFileSync } from "node:fs";
import { join, relative } from "node:path";
import ts from "typescript";

/**
 * Declarations of a file and of all that they name, by their paths in the compiler's folder. Nobody can import the others, and
 * all of them take most of a compiler's time. Types are checked by `npm run typecheck`.
 */
export function declarations(root: string, entry: string): ReadonlyMap<string, string> {
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
                made.set(relative(join(root, "dist"), file), text);
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
