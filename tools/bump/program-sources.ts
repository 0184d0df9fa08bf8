import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { onPath } from "../on-path";
import { CONFIGURED, FLAGGED, sourceOf, type Program } from "../programs";

/** This checkout's, whatever the tree has. */
const TRANSPILE = resolve(__dirname, "../../transpile.js");

/** Programs by name. */
export type Programs = ReadonlyMap<string, Program>;

/** Programs of a tree. They are read in a process of their own, since the tree's pins change while this one runs. */
export function programsOf(root: string): Programs {
    const print = 'JSON.stringify(require("./tools/programs").PROGRAMS)';
    const text = execFileSync(process.execPath, ["-r", TRANSPILE, "-p", print], {
        cwd: root,
        encoding: "utf8",
    });
    return new Map(Object.entries(JSON.parse(text) as Record<string, Program>));
}

/** A program of another version than before. */
export interface ChangedProgram {
    readonly name: string;
    readonly program: Program;
    /** Folder of its source, where that is at hand. */
    readonly source: string | undefined;
}

export function changedPrograms(before: Programs, after: Programs, folders: readonly string[]): ChangedProgram[] {
    return [...after]
        .filter(([name, { version }]) => before.get(name)?.version !== version)
        .map(([name, program]) => ({
            name,
            program,
            source: folders.map((folder) => join(folder, sourceOf(program))).find((folder) => existsSync(folder)),
        }));
}

/** Folders in which the sources of modules lie as `MODULE@VERSION`: Go's own, where it is installed. */
export function moduleFolders(): string[] {
    return onPath("go") ? [execFileSync("go", ["env", "GOMODCACHE"], { encoding: "utf8" }).trim()] : [];
}

export function hasKeys(name: string): boolean {
    return CONFIGURED.has(name) || FLAGGED.has(name);
}

/** Commands that bring a program's source below a folder and read it. The proxy of Go's modules does not have all of them. */
export function commandsFor({ name, program }: ChangedProgram, root: string, folder: string): string[] {
    const [module = "", version = ""] = sourceOf(program).split("@");
    const target = join(relative(root, folder), `${module}@${version}`);
    return [
        `git clone --depth 1 --branch ${version} https://${module.replace(/\/v\d+$/, "")} ${target}`,
        `(cd ${target} && go mod download)`,
        ...(hasKeys(name) ? [`npm run config-keys -- ${name} ${target}`] : []),
        `npm run metric-names -- "$(go env GOMODCACHE)" ${relative(root, folder)}`,
    ];
}
