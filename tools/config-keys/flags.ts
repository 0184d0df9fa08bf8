import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Flags that a program declares with kingpin, and with extflag: those take a text, or a file by a flag beside it. */
const DECLARED = /\bFlag\(\s*"([\w.-]+)"/g;
const PATH_OR_CONTENT = /\bRegisterPathOrContent\(\s*[\w.()]+,\s*(?:fmt\.Sprintf\()?"([\w.%-]+)"/g;

/**
 * Names of the flags in Go sources, hidden ones too.
 * @param folders below the source, each with what is below it.
 */
export function flagsOf(source: string, folders: readonly string[]): string[] {
    const texts = folders.flatMap((folder) => {
        const base = join(source, folder);
        return readdirSync(base, { recursive: true, encoding: "utf8" })
            .filter((file) => file.endsWith(".go") && !file.endsWith("_test.go"))
            .map((file) => readFileSync(join(base, file), "utf8"));
    });
    const found = (pattern: RegExp) =>
        texts.flatMap((text) => [...text.matchAll(pattern)].map(([, name = ""]) => name));
    const either = found(PATH_OR_CONTENT)
        // A suffix tells two object stores apart, where there are two.
        .map((name) => name.replace("%s", ""))
        .flatMap((name) => [name, `${name}-file`]);
    return [...new Set([...found(DECLARED), ...either])].sort();
}
