import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeBare } from "../../../tools/bench/bare";
import { BenchError, childrenOf, cpuSeconds, median } from "../../../tools/bench/cpu";
import { inTurn } from "../../../tools/bench/part";
import { print } from "../../../tools/bench/print";
import { keepResult, readResults } from "../../../tools/bench/results";
import { preview, type Plan } from "../../../tools/plan/engine";
import { planned, releasesOf, root } from "../../fixtures/planned";

describe("a benchmark", () => {
    it("counts what children took, not the shell", () => {
        assert.equal(childrenOf("0m0.001s 0m0.002s\n1m1.500s 0m0.250s\n"), 61.75);
        assert.throws(() => childrenOf("0m0.001s 0m0.002s\n"), BenchError);
    });

    it("takes the middle, or what lies between the two in the middle", () => {
        assert.equal(median([9, 1, 2]), 2);
        assert.equal(median([4, 1, 2, 100]), 3);
    });

    it("measures a program that ends well, and no other", async () => {
        const busy = "const from = process.cpuUsage(); while (process.cpuUsage(from).user < 50000);";
        assert.ok((await cpuSeconds(root, ["--eval", busy])) >= 0.05);
        await assert.rejects(cpuSeconds(root, ["--eval", "process.exit(3)"]), BenchError);
    });

    it("takes turns, and the middle of each", async () => {
        const asked: string[] = [];
        const measure = (name: string, values: number[]) => () => {
            asked.push(name);
            return Promise.resolve(values.shift() ?? NaN);
        };
        const taken = await inTurn(3, { a: measure("a", [9, 1, 2]), b: measure("b", [7, 7, 8]) });
        assert.deepEqual(taken, { a: 2, b: 7 });
        assert.deepEqual(asked, ["a", "b", "a", "b", "a", "b"]);
    });

    it("keeps each part's result beside the others', and prints all in order", () => {
        const folder = mkdtempSync(join(tmpdir(), "bench-"));
        try {
            const file = join(folder, "out", "bench.json");
            const on = { commit: "abc1234", runs: 5, node: "v20.0.0", cores: 2, load: [0.5, 1] as const, ended: "" };
            const one = { name: "one", unit: "s", here: 1, beside: { name: "base", value: 4 }, atMost: 0.4 } as const;
            const two = { name: "two", unit: "MiB", here: 100, beside: undefined, note: "alone" } as const;
            keepResult(file, "later", { ...on, rows: [two], missing: ["pulumi is not on PATH"] });
            keepResult(file, "first", { ...on, rows: [{ ...one, here: 9 }], missing: [] });
            keepResult(file, "first", { ...on, runs: 1, rows: [one], missing: [] });
            const lines = print(readResults(file), ["first", "later"]).split("\n");
            assert.deepEqual(lines.slice(2), [
                "| one | s | 1.00 | 4.00 base | 0.25 | 0.40 |",
                "| two (alone) | MiB | 100 | - | - | - |",
                "",
                "- first: abc1234, one run, Node v20.0.0, 2 cores, load 0.5 to 1.0.",
                "- later: abc1234, medians of 5, Node v20.0.0, 2 cores, load 0.5 to 1.0.",
                "- later: not measured, pulumi is not on PATH.",
            ]);
        } finally {
            rmSync(folder, { recursive: true });
        }
    });

    it("holds the platform against a program with the same releases, and nothing that stands for a secret", async () => {
        const folder = mkdtempSync(join(tmpdir(), "bare-"));
        try {
            const plan = await planned("prod");
            writeBare(root, folder, "prod", plan);
            const program = join(folder, "program");
            const bare = await preview(program, "prod", {
                project: "bare",
                config: {},
                secretKeys: [],
                secretPaths: [],
            });
            const releases = (of: Plan) => {
                const made = releasesOf(of).map(({ inputs }) => {
                    const { name, namespace, chart, version, values, timeout, maxHistory } = inputs;
                    return { name: String(name), namespace, chart, version, values, timeout, maxHistory };
                });
                return made.sort((a, b) => (a.name < b.name ? -1 : 1));
            };
            assert.deepEqual(releases(bare), releases(plan));
            assert.deepEqual(
                bare.resources.filter(({ custom }) => !custom).map(({ type }) => type),
                ["pulumi:pulumi:Stack"],
            );
        } finally {
            rmSync(folder, { recursive: true });
        }
    });
});
