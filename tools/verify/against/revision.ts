import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readStackFile } from "../../plan/stack-file";
import { renderStack, type RenderOptions } from "../../render/render";
import type { Given } from "../cluster-model";
import { SETTINGS_MODULES, type readSettings, type Settings } from "../program";

/** A stack as another revision of the project has it. */
export interface Revision extends Given {
    /** As it was asked for: a branch, a tag, a commit. */
    readonly ref: string;
    readonly commit: string;
}

/**
 * Renders a stack as an earlier revision would: its own program, charts and settings, with the packages that are installed
 * now. Archives of its charts are not held against the pins, which are those of today.
 * @throws Error where git does not know the ref, or where that revision does not render.
 */
export async function renderedAt(ref: string, options: RenderOptions): Promise<Revision> {
    const commit = commitOf(options.root, ref);
    return inWorktree(options.root, commit, async (root) => {
        if (["package.json", "package-lock.json"].some((file) => differs(options.root, root, file))) {
            options.note?.(`${ref} has other packages: its program is run with those that are installed now`);
        }
        try {
            const { plan, kubeVersion, objects } = await renderStack({
                ...options,
                root,
                strictDigests: false,
                note: () => {},
            });
            return { ref, commit, plan, kubeVersion, objects, settings: settingsOf(root, options.stack) };
        } catch (error) {
            throw new Error(`${ref}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
        }
    });
}

/** The settings as that revision's own schema and defaults make them. */
function settingsOf(root: string, stack: string): Settings {
    const { config, project } = readStackFile(root, stack);
    const module = SETTINGS_MODULES.map((path) => join(root, path)).find((path) => existsSync(path));
    if (module === undefined) throw new Error(`it reads its settings in none of ${SETTINGS_MODULES.join(", ")}`);
    const program = createRequire(module)(module) as { readSettings: typeof readSettings };
    return program.readSettings(config, project, process.env);
}

/** Runs `work` in a folder that holds the project as it is at a commit, and takes the folder away. */
export async function inWorktree<T>(root: string, commit: string, work: (folder: string) => Promise<T>): Promise<T> {
    const parent = mkdtempSync(join(tmpdir(), "verify-against-"));
    const folder = join(parent, "project");
    try {
        git(root, "worktree", "add", "--quiet", "--detach", folder, commit);
        symlinkSync(join(root, "node_modules"), join(folder, "node_modules"), "dir");
        return await work(folder);
    } finally {
        rmSync(parent, { recursive: true, force: true });
        git(root, "worktree", "prune");
    }
}

function commitOf(root: string, ref: string): string {
    try {
        return git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", `${ref}^{commit}`).trim();
    } catch (error) {
        throw new Error(`git knows no commit ${ref}: name a branch, a tag or a commit, and fetch it first`, {
            cause: error,
        });
    }
}

function git(folder: string, ...args: string[]): string {
    return execFileSync("git", ["-C", folder, ...args], { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}

function differs(one: string, other: string, file: string): boolean {
    return readFileSync(join(one, file), "utf8") !== readFileSync(join(other, file), "utf8");
}
