import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Stack } from "@pulumi/pulumi/automation";
import { records } from "../../tools/records";
import { CONTROL_PLANE, missing, stagesFile, startControlPlane, type ControlPlane } from "./control-plane";
import { changes, openStack } from "./project";

/** A deployment that is ended by SIGKILL in the middle of a release, and the cure of docs/how-to/recover.md, with FAILURES=1. */
describe("a deployment that was killed", () => {
    let folder = "";
    let plane: ControlPlane | undefined;
    let stack: Stack;
    let env: NodeJS.ProcessEnv;

    before(async function () {
        const absent = missing(["pulumi", "helm", ...CONTROL_PLANE]);
        const none = process.env.FAILURES === undefined ? "FAILURES is not set" : `${absent.join(", ")} not on PATH`;
        if (process.env.FAILURES === undefined || absent.length > 0) {
            console.log(`    not run: ${none}`);
            this.skip();
        }
        folder = mkdtempSync(join(tmpdir(), "killed-"));
        plane = await startControlPlane(join(folder, "cluster"), 3, 1, stagesFile());
        stack = await openStack(folder, "dev", {
            KUBECONFIG: plane.kubeconfig,
            ...(process.env.CHART_MIRROR !== undefined && { CHART_MIRROR: process.env.CHART_MIRROR }),
        });
        env = { ...process.env, ...stack.workspace.envVars, PULUMI_HOME: join(folder, "home") };
    });

    after(() => {
        plane?.stop();
        if (existsSync(folder)) rmSync(folder, { recursive: true, force: true });
    });

    // Not the synchronous calls: what gives claims their volumes runs in this process.
    const run = async (program: string, args: readonly string[], more: NodeJS.ProcessEnv = {}) => {
        const options = { cwd: stack.workspace.workDir, env: { ...env, ...more }, maxBuffer: 2 ** 28 };
        return (await promisify(execFile)(program, args, options)).stdout;
    };
    const pulumi = (args: readonly string[], more: NodeJS.ProcessEnv = {}) =>
        run("pulumi", [...args, "--stack", "dev", "--yes"], more);
    const helm = (...args: string[]) => run("helm", args);
    const pending = async () =>
        records(JSON.parse(await helm("list", "--all-namespaces", "--pending", "--output", "json"))).map(
            ({ name, namespace, status }) => [String(name), String(namespace), String(status)] as const,
        );
    const failureOf = (told: Promise<unknown>): Promise<string> =>
        told.then(
            () => "",
            (error: unknown) => {
                const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
                return `${stdout}${stderr}`;
            },
        );

    /** Starts an `up` and ends it, and all that it started, once a release is in the middle of something. */
    async function killedUp(): Promise<void> {
        const child = spawn("pulumi", ["up", "--stack", "dev", "--yes", "--skip-preview", "--non-interactive"], {
            cwd: stack.workspace.workDir,
            env,
            detached: true,
            stdio: "ignore",
        });
        const ended = new Promise((resolve) => child.once("exit", resolve));
        // As it is told, and not asked for now and then: an upgrade may be over in seconds.
        const told = spawn(
            "kubectl",
            [
                ...["get", "secrets", "--all-namespaces", "--watch", "--output=name"],
                ...["--selector", "owner=helm,status in (pending-install,pending-upgrade)"],
            ],
            { env, stdio: ["ignore", "pipe", "ignore"] },
        );
        await Promise.race([ended, new Promise((resolve) => told.stdout.once("data", resolve))]);
        told.kill();
        assert.ok(child.pid !== undefined && child.exitCode === null, "it ended before a release was under way");
        // Its program and its providers lead groups of their own.
        for (const pid of [child.pid, ...(await descendantsOf(child.pid))]) {
            try {
                process.kill(pid, "SIGKILL");
            } catch (error) {
                if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
            }
        }
        await ended;
    }

    /** The page's steps, in its words. */
    async function cured(): Promise<void> {
        await pulumi(["cancel"]);
        for (const [name, namespace, status] of await pending()) {
            if (status === "pending-install") await helm("uninstall", name, "--namespace", namespace);
            else await helm("rollback", name, "--namespace", namespace);
        }
        await pulumi(["refresh", "--clear-pending-creates", "--skip-preview"]);
        await pulumi(["up", "--skip-preview"], { PULUMI_K8S_UPSERT_EXISTING_OBJECTS: "true" });
    }

    it("while it installs goes on after the page's steps, and not before", async () => {
        await killedUp();
        assert.equal((await pending())[0]?.[2], "pending-install");
        assert.match(await failureOf(pulumi(["up", "--skip-preview"])), /locked/);
        await cured();
        assert.deepEqual(await pending(), []);
        assert.deepEqual(await changes(stack), []);
    });

    it("while it upgrades goes on after the page's steps, and not before", async () => {
        await stack.setConfig("observability:logs.retention", { value: "96h" }, true);
        await killedUp();
        assert.deepEqual(await pending(), [["loki", "loki", "pending-upgrade"]]);
        await pulumi(["cancel"]);
        assert.match(await failureOf(pulumi(["up", "--skip-preview"])), /another operation/);
        await cured();
        assert.deepEqual(await pending(), []);
        assert.deepEqual(await changes(stack), []);
    });
});

/** Processes that a process started, and those that these did. */
async function descendantsOf(pid: number): Promise<number[]> {
    const { stdout } = await promisify(execFile)("ps", ["-A", "-o", "pid=,ppid="]);
    const pairs = stdout
        .trim()
        .split("\n")
        .map((line) => line.trim().split(/\s+/).map(Number));
    const below = (parent: number): number[] =>
        pairs.flatMap(([child = 0, of]) => (of === parent ? [child, ...below(child)] : []));
    return below(pid);
}
