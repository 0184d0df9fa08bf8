import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { resolve } from "node:path";
import { promisify } from "node:util";
import * as fc from "fast-check";
import { Struct, type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";
import { planned } from "../fixtures/planned";

const root = resolve(__dirname, "../..");

/** Prints JSON, in a process that has what the program is started by. */
async function printed(script: string, env: Record<string, string> = {}, before: string[] = []): Promise<unknown> {
    const args = [...before, "./transpile.js"].flatMap((module) => ["--require", module]).concat("--eval", script);
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
        const untraced = { noted: "noted", frames: false, trace: true };
        assert.deepEqual(await printed(script), untraced);
        // Pulumi's host loads the SDK before the program.
        assert.deepEqual(await printed(script, {}, ["@pulumi/pulumi/runtime/settings"]), untraced);
        const looking = await printed(script, { PULUMI_DEBUG_PROMISE_LEAKS: "1" });
        assert.deepEqual(looking, { noted: "noted", frames: true, trace: true });
    });
});

describe("a message of values, made in one pass", () => {
    it("has the bytes that google-protobuf's own has, of what prod registers and of anything else", async () => {
        const { resources } = await planned("prod");
        const any = fc.sample(fc.dictionary(fc.string(), fc.jsonValue()), { numRuns: 300, seed: 1 });
        // By way of JSON, which has no zero below zero.
        const text = JSON.stringify([...resources.map(({ inputs }) => inputs), ...any]);
        const maps = JSON.parse(text) as Record<string, JavaScriptValue>[];
        const script = `
            const { Struct } = require("google-protobuf/google/protobuf/struct_pb");
            let text = "";
            process.stdin.on("data", (part) => (text += part)).on("end", () => {
                for (const map of JSON.parse(text)) console.log(Buffer.from(Struct.fromJavaScript(map).serializeBinary()).toString("base64"));
            });
        `;
        const running = promisify(execFile)(process.execPath, ["--eval", script], { cwd: root, maxBuffer: 2 ** 26 });
        running.child.stdin?.end(text);
        const theirs = (await running).stdout.split("\n").slice(0, -1);
        assert.equal(theirs.length, maps.length);
        for (const [index, map] of maps.entries()) {
            const made = Struct.fromJavaScript(map);
            const bytes = made.serializeBinary();
            assert.equal(Buffer.from(bytes).toString("base64"), theirs[index], JSON.stringify(map));
            // Read where it was made it is as from its bytes, whose order of keys is no map's own.
            const read = Struct.deserializeBinary(bytes).toJavaScript();
            assert.equal(JSON.stringify(made.toJavaScript()), JSON.stringify(read));
        }
    });

    it("is read again as it was given, and refuses what no message can hold", () => {
        const map = { none: null, is: false, many: [1, "two", [], {}], deep: { deeper: { deepest: -0 } } };
        const made = Struct.fromJavaScript(map);
        assert.deepEqual(made.toJavaScript(), map);
        // Whoever reads may change what was read.
        Object.assign(made.toJavaScript().deep as object, { deeper: 1 });
        assert.deepEqual(made.toJavaScript(), map);
        for (const value of [undefined, () => 1, 1n, new Array(1)])
            assert.throws(() => Struct.fromJavaScript({ deep: { value } }), /Unexpected struct type/);
    });
});
