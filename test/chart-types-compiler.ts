import ts from "typescript";

/** A literal to be held against the `ChartValues` of a module. */
export interface Candidate {
    readonly from: string;
    readonly literal: string;
}

const OPTIONS: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    noLib: false,
    types: [],
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.CommonJS,
};

/** What the compiler has to say against each literal; `files` stand beside those on disk. */
export function problemsOf(files: ReadonlyMap<string, string>, candidates: readonly Candidate[]): string[][] {
    const sources = new Map(files);
    const names = candidates.map(({ from, literal }, index) => {
        const name = `/candidate-${index}.ts`;
        sources.set(
            name,
            `import type { ChartValues } from "${from}";\nexport const values: ChartValues = ${literal};\n`,
        );
        return name;
    });
    const host = ts.createCompilerHost(OPTIONS);
    const disk = { ...host };
    host.fileExists = (path) => sources.has(path) || disk.fileExists(path);
    host.readFile = (path) => sources.get(path) ?? disk.readFile(path);
    host.getSourceFile = (path, language, ...others) => {
        const text = sources.get(path);
        return text === undefined
            ? library(disk, path, language, ...others)
            : ts.createSourceFile(path, text, language);
    };
    const program = ts.createProgram(names, OPTIONS, host);
    return names.map((name) => {
        const source = program.getSourceFile(name);
        const found = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
        return found.map((each) => ts.flattenDiagnosticMessageText(each.messageText, "\n"));
    });
}

const libraries = new Map<string, ts.SourceFile | undefined>();

/** Files on disk are parsed once, since most are TypeScript's own library. */
function library(
    disk: ts.CompilerHost,
    path: string,
    ...others: Parameters<ts.CompilerHost["getSourceFile"]> extends [string, ...infer Others] ? Others : never
): ts.SourceFile | undefined {
    if (!libraries.has(path)) {
        libraries.set(path, disk.getSourceFile(path, ...others));
    }
    return libraries.get(path);
}
