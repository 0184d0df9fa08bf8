import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { resolve } from "node:path";
import { promisify } from "node:util";

const root = resolve(__dirname, "../..");

/** Prints JSON, in a process that has what the program is started by. */
async function printed(script: string, env: Record<string, string> = {}): Promise<unknown> {
    const args = ["--require", "./transpile.js", "--eval", script];
    const { stdout } = await promisify(execFile)(process.execPath, args, {
        cwd: root,
        env: { ...process.env, ...env },
    });
    return JSON.parse(stdout);
}

/** How many modules of each are loaded; npm's resolver has a placeholder of one. */
const LOADED = `
    const modules = (name) => Object.keys(require.cache).filter((path) => path.includes("/node_modules/" + name + "/")).length;
    const compiler = () => modules("typescript") > 0;
    const resolver = () => modules("@npmcli/arborist") > 1;
`;

describe("what packages load and nothing reads", () => {
    it("is put off: neither a compiler nor npm's resolver comes with the SDK", async () => {
        assert.deepEqual(
            await printed(
                `${LOADED} require("@pulumi/pulumi"); console.log(JSON.stringify([compiler(), resolver()]));`,
            ),
            [false, false],
        );
    });

    it("is there when it is asked for: a function is written down as ever", async () => {
        const script = `
            ${LOADED}
            const { runtime, automation } = require("@pulumi/pulumi");
            const seven = 7;
            runtime.serializeFunction(() => seven * 6).then(({ text }) => {
                console.log(JSON.stringify({ seven: text.includes("seven"), compiler: compiler(), stack: typeof automation.LocalWorkspace.createOrSelectStack }));
            });
        `;
        assert.deepEqual(await printed(script), { seven: true, compiler: true, stack: "function" });
    });

    it("is left out: a promise of the SDK has a trace for who looks for one that never ends, and for nobody else", async () => {
        const script = `
            const { debuggablePromise } = require("@pulumi/pulumi/runtime/debuggable");
            const promise = Promise.resolve();
            debuggablePromise(promise, "noted").then(() => {
                const trace = new Error("told").stack.includes("at ");
                console.log(JSON.stringify({ noted: promise._debugCtx, frames: promise._debugStackTrace.includes("at "), trace }));
            });
        `;
        assert.deepEqual(await printed(script), { noted: "noted", frames: false, trace: true });
        const looking = await printed(script, { PULUMI_DEBUG_PROMISE_LEAKS: "1" });
        assert.deepEqual(looking, { noted: "noted", frames: true, trace: true });
    });
});
