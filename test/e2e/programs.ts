import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { until } from "./until";
import { isRecord } from "../../tools/records";

/** A program of the platform, run on loopback with data in a folder of its own. */
export class Programs {
    private readonly running: { readonly name: string; readonly child: ChildProcess }[] = [];

    constructor(private readonly folder: string) {}

    /** Writes a file into the folder; its path. A map is written as JSON, which is YAML too. */
    file(name: string, content: string | Record<string, unknown>): string {
        mkdirSync(this.folder, { recursive: true });
        const path = join(this.folder, name);
        writeFileSync(path, isRecord(content) ? JSON.stringify(content) : content);
        return path;
    }

    /** Path of a folder for data. */
    data(name: string): string {
        const path = join(this.folder, name);
        mkdirSync(path, { recursive: true });
        return path;
    }

    /** Starts a program and waits until an address answers with 200, or accepts connections where it begins with `tcp:`. Gives what ends it, without a warning to it. */
    async start(
        program: string,
        args: readonly string[],
        ready: string,
        env: Record<string, string> = {},
    ): Promise<() => Promise<void>> {
        return this.startAs(program, program, args, ready, env);
    }

    /** The same of a program that runs several times: its log has a name of its own. Gives what ends it, by a signal. */
    async startAs(
        name: string,
        program: string,
        args: readonly string[],
        ready: string,
        env: Record<string, string> = {},
    ): Promise<(signal?: NodeJS.Signals) => Promise<void>> {
        const path = this.file(`${name}.log`, "");
        const log = openSync(path, "a");
        const child = spawn(program, args, {
            cwd: this.folder,
            stdio: ["ignore", log, log],
            env: { ...process.env, ...env },
        });
        closeSync(log);
        this.running.push({ name, child });
        const said = () => readFileSync(path, "utf8").slice(-2000);
        await until(
            `${name} answers at ${ready}`,
            async () => {
                assert.equal(child.exitCode, null, `${name} has ended:\n${said()}`);
                return (await answers(ready)) || `it said: ${said()}`;
            },
            500,
        );
        return (signal) => end(child, signal);
    }

    /** Ends a program by its name, without a warning to it. */
    async kill(name: string): Promise<void> {
        for (const each of this.running) if (each.name === name) await end(each.child);
    }

    /** Those that run, by the names of their logs. */
    get processes(): readonly { readonly name: string; readonly pid: number }[] {
        return this.running.flatMap(({ name, child: { pid, exitCode, signalCode } }) =>
            pid === undefined || exitCode !== null || signalCode !== null ? [] : [{ name, pid }],
        );
    }

    async stop(): Promise<void> {
        for (const { child } of this.running) await end(child);
    }
}

async function end(child: ChildProcess, signal: NodeJS.Signals = "SIGKILL"): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill(signal);
    await ended;
}

/** Whether an address answers with 200, or takes connections where it says no more than `tcp://HOST:PORT`. */
async function answers(url: string): Promise<boolean> {
    const { protocol, hostname, port } = new URL(url);
    try {
        if (protocol === "tcp:") return await takesConnections(hostname, Number(port));
        return (await fetch(url)).ok;
    } catch {
        return false;
    }
}

async function takesConnections(host: string, port: number): Promise<boolean> {
    const socket = connect({ host, port });
    try {
        await once(socket, "connect");
        return true;
    } finally {
        socket.destroy();
    }
}
