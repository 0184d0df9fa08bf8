import { execFile, execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { extract } from "tar";
import { preview, type Plan } from "../../tools/plan/engine";
import type { StackFile } from "../../tools/plan/stack-file";
import { root } from "../fixtures/planned";

export const PACKAGE = "observability-platform";

const COMPILER_OPTIONS = {
    target: "es2022",
    module: "nodenext",
    moduleResolution: "nodenext",
    strict: true,
    skipLibCheck: true,
    types: [],
};

interface Manifest {
    readonly dependencies: Record<string, string>;
    readonly peerDependencies: Record<string, string>;
}

/** A folder with nothing but the packed package and what its package.json asks for, as `npm install` leaves it. */
export class Consumer {
    readonly folder = mkdtempSync(join(tmpdir(), "library-"));

    /** Files of the package. */
    readonly files: readonly string[];

    constructor() {
        // It takes the files of a build: `prepack` makes one.
        execFileSync("npm", ["pack", "--silent", "--pack-destination", this.folder], { cwd: root, stdio: "pipe" });
        const [archive = ""] = readdirSync(this.folder);
        const installed = this.installed(PACKAGE);
        mkdirSync(installed, { recursive: true });
        extract({ file: join(this.folder, archive), cwd: installed, strip: 1, sync: true });
        this.files = readdirSync(installed, { recursive: true, encoding: "utf8" });
        const { dependencies, peerDependencies } = this.manifest();
        for (const name of Object.keys({ ...dependencies, ...peerDependencies })) {
            mkdirSync(dirname(this.installed(name)), { recursive: true });
            symlinkSync(join(root, "node_modules", name), this.installed(name));
        }
    }

    manifest(): Manifest {
        return JSON.parse(this.text("package.json")) as Manifest;
    }

    /** One of its files. */
    text(file: string): string {
        return readFileSync(join(this.installed(PACKAGE), file), "utf8");
    }

    /** Type-checks programs in the package's folder and leaves JavaScript beside them: what is wrong, as the compiler says it. */
    async compile(programs: Readonly<Record<string, string>>): Promise<string> {
        for (const [name, text] of Object.entries(programs)) writeFileSync(join(this.folder, `${name}.ts`), text);
        const files = Object.keys(programs).map((name) => `${name}.ts`);
        writeFileSync(join(this.folder, "tsconfig.json"), JSON.stringify({ compilerOptions: COMPILER_OPTIONS, files }));
        const tsc = require.resolve("typescript/bin/tsc");
        try {
            const { stdout } = await promisify(execFile)(process.execPath, [tsc, "--project", "."], {
                cwd: this.folder,
            });
            return stdout;
        } catch (error) {
            return (error as { stdout: string }).stdout;
        }
    }

    /** Plans a program that was compiled here, in a stack of its own. */
    async plan(program: string, config: Record<string, string> = {}, secretKeys: string[] = []): Promise<Plan> {
        const file: StackFile = { project: "cluster", config, secretKeys, secretPaths: secretKeys };
        writeFileSync(join(this.folder, "Pulumi.yaml"), `name: cluster\nruntime: nodejs\nmain: ${program}.js\n`);
        return preview(this.folder, "test", file);
    }

    /** Runs a script of Node in the folder, without an engine. */
    async run(...args: string[]): Promise<string> {
        const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: this.folder });
        return stdout.trim();
    }

    remove(): void {
        rmSync(this.folder, { recursive: true, force: true });
    }

    private installed(name: string): string {
        return join(this.folder, "node_modules", name);
    }
}
