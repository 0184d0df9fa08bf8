import { spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { BenchError } from "./cpu";

/** What one command of the CLI took. */
export interface Taken {
    /** From its start to its end. */
    readonly seconds: number;
    /** The most that the program's own process held, MiB; NaN where the system does not tell it (only Linux does). */
    readonly programMiB: number;
}

/** A project in a folder of its own, with a stack whose state stands beside it, by the real CLI. */
export class CliStack {
    private readonly env: NodeJS.ProcessEnv;

    /**
     * @param folder holds `program`, the project.
     * @param env of the CLI and of the program, beside this process' own.
     */
    constructor(
        private readonly folder: string,
        readonly stack: string,
        env: NodeJS.ProcessEnv,
    ) {
        for (const name of ["state", "home"]) mkdirSync(join(folder, name), { recursive: true });
        this.env = {
            ...process.env,
            PULUMI_HOME: join(folder, "home"),
            PULUMI_BACKEND_URL: `file://${join(folder, "state")}`,
            PULUMI_CONFIG_PASSPHRASE: "bench",
            PULUMI_SKIP_UPDATE_CHECK: "true",
            PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
            ...env,
        };
    }

    /** Runs the CLI on the stack, and waits for it. @throws BenchError where it fails, with what it printed. */
    run(...words: readonly string[]): Promise<Taken> {
        const started = process.hrtime.bigint();
        const child = spawn("pulumi", [...words, "--stack", this.stack, "--non-interactive"], {
            cwd: join(this.folder, "program"),
            env: this.env,
            stdio: ["ignore", "pipe", "pipe"],
        });
        const printed: string[] = [];
        for (const stream of [child.stdout, child.stderr]) {
            stream.setEncoding("utf8").on("data", (text: string) => printed.push(text));
        }
        let programMiB = NaN;
        // A process' highest mark only rises: the last look at it is what counts.
        const watch = setInterval(() => {
            const seen = programPeak(child.pid ?? 0);
            if (seen !== undefined) programMiB = seen;
        }, 100);
        return new Promise((resolve, reject) => {
            child.on("error", reject);
            child.on("close", (code) => {
                clearInterval(watch);
                const seconds = Number(process.hrtime.bigint() - started) / 1e9;
                if (code === 0) resolve({ seconds, programMiB });
                else reject(new BenchError(`pulumi ${words.join(" ")} failed:\n${printed.join("").slice(-4000)}`));
            });
        });
    }
}

/** The highest mark of the process by which Pulumi's host runs a program, among what a process started, MiB. */
function programPeak(ancestor: number): number | undefined {
    if (!existsSync("/proc/self/status")) return undefined;
    const parents = new Map<number, number>();
    const programs: number[] = [];
    for (const name of readdirSync("/proc")) {
        const pid = Number(name);
        if (!Number.isInteger(pid)) continue;
        const parent = /^PPid:\s+(\d+)/m.exec(read(pid, "status"))?.[1];
        if (parent === undefined) continue;
        parents.set(pid, Number(parent));
        if (/@pulumi\/pulumi\/cmd\/run(\0|\/)/.test(read(pid, "cmdline"))) programs.push(pid);
    }
    const descends = (pid: number | undefined): boolean =>
        pid !== undefined && (pid === ancestor || descends(parents.get(pid)));
    const marks = programs
        .filter(descends)
        .map((pid) => Number(/^VmHWM:\s+(\d+) kB/m.exec(read(pid, "status"))?.[1] ?? NaN) / 1024);
    return marks.length === 0 ? undefined : Math.max(...marks);
}

/** A file of a process; nothing where it has ended. */
function read(pid: number, name: string): string {
    try {
        return readFileSync(`/proc/${pid}/${name}`, "utf8");
    } catch {
        return "";
    }
}

/** What Pulumi and our commands run of a checkout: the CLI writes into stack files, which must not change the ones under version control. */
const PROGRAM = [
    ...["start.js", "transpile.js", "late.js", "index.ts", "components", "tools", "policies"],
    ...["package.json", "tsconfig.json", "Pulumi.yaml"],
];

/** The program of a checkout in `folder/program`, with its stack files and its packages. */
export function copyProgram(checkout: string, folder: string): void {
    const program = join(folder, "program");
    mkdirSync(program, { recursive: true });
    const stackFiles = readdirSync(checkout).filter((name) => /^Pulumi\..+\.yaml$/.test(name));
    for (const name of [...PROGRAM, ...stackFiles]) {
        cpSync(join(checkout, name), join(program, name), { recursive: true });
    }
    const modules = join(program, "node_modules");
    // Of another stack in the same folder.
    if (!existsSync(modules)) symlinkSync(join(checkout, "node_modules"), modules);
}
