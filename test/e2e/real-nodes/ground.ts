import { execFile, execFileSync, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

/** Exit code of a program that cannot make nodes on this machine; its last line says why. */
const UNAVAILABLE = 69;

/** Exit code of a program that has not learned a verb. */
const UNKNOWN_VERB = 2;

/**
 * A Kubernetes whose nodes run containers, enforce NetworkPolicies and Pod Security and can be killed, by the program that
 * the environment variable REAL_NODES names. How it makes them is its own affair; it takes
 *
 * - `up FOLDER NODES ZONES`, which leaves FOLDER/kubeconfig when nodes and DNS are ready. What it made goes with `down`, and
 *   with the process that called `up`;
 * - `images FOLDER`, which gives the nodes the images whose names it reads, one a line, and prints those it has not;
 * - `kill FOLDER N`, which ends node N, counted from 0, and all that runs on it at once; `start FOLDER N` brings it back with
 *   its disks;
 * - `pause FOLDER SECONDS`, which ends the API server, and starts it again after so long; a program that cannot ends with 2;
 * - `reach FOLDER PORT AS`, which lets pods reach a port of this machine's loopback, prints the address at which they do, and
 *   takes the port AS there; a program that cannot ends with 2;
 * - `down FOLDER`.
 */
export class RealNodes {
    readonly kubeconfig: string;

    private constructor(
        private readonly program: string,
        private readonly folder: string,
    ) {
        this.kubeconfig = join(folder, "kubeconfig");
    }

    /** Why there are none, where that is so before one tries. */
    static absent(): string | undefined {
        const { REAL_NODES: program } = process.env;
        if (program === undefined || program === "")
            return "REAL_NODES names no program that makes nodes (test/e2e/real-nodes/ground.ts)";
        return existsSync(program) ? undefined : `REAL_NODES names ${program}, which is not there`;
    }

    /** Makes them; tells why not, where this machine cannot have them. */
    static async up(folder: string, nodes: number, zones: number): Promise<RealNodes | string> {
        const ground = new RealNodes(process.env.REAL_NODES ?? "", folder);
        try {
            await ground.run("up", String(nodes), String(zones));
            return ground;
        } catch (error) {
            const { code, stderr = "" } = error as { code?: unknown; stderr?: string };
            if (code === UNAVAILABLE) return stderr.trim().split("\n").at(-1) ?? "no reason was given";
            throw new Error(`no nodes: ${stderr}`, { cause: error });
        }
    }

    /** Gives the nodes images by their names; the names of those that are not to be had. */
    async images(names: readonly string[]): Promise<string[]> {
        const child = spawn(this.program, ["images", this.folder], { stdio: ["pipe", "pipe", "inherit"] });
        child.stdin.end(names.map((name) => `${name}\n`).join(""));
        let printed = "";
        child.stdout.on("data", (chunk) => (printed += String(chunk)));
        const code = await new Promise((resolve) => child.once("close", resolve));
        if (code !== 0) throw new Error(`images ended with ${String(code)}`);
        return printed.split("\n").filter((line) => line !== "");
    }

    async kill(node: number): Promise<void> {
        await this.run("kill", String(node));
    }

    async start(node: number): Promise<void> {
        await this.run("start", String(node));
    }

    /** Takes the API server away for so many seconds; whether the program can. */
    async pause(seconds: number): Promise<boolean> {
        return (await this.asked("pause", String(seconds))) !== undefined;
    }

    /** Lets pods reach a port of this machine as another; the address, where the program can. */
    async reach(port: number, as: number): Promise<string | undefined> {
        return (await this.asked("reach", String(port), String(as)))?.trim();
    }

    down(): void {
        execFileSync(this.program, ["down", this.folder], { stdio: "ignore" });
    }

    /** What it prints; undefined where it has not learned the verb. */
    private async asked(verb: string, ...args: readonly string[]): Promise<string | undefined> {
        try {
            return await this.run(verb, ...args);
        } catch (error) {
            if ((error as { code?: unknown }).code === UNKNOWN_VERB) return undefined;
            throw error;
        }
    }

    private async run(verb: string, ...args: readonly string[]): Promise<string> {
        return (await promisify(execFile)(this.program, [verb, this.folder, ...args])).stdout;
    }
}
