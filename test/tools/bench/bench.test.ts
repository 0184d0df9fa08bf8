import assert from "node:assert/strict";
import { BenchError, childrenOf, cpuSeconds, median } from "../../../tools/bench/cpu";
import { print } from "../../../tools/bench/print";
import { root } from "../../fixtures/planned";

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

    it("prints a ratio where there is another checkout", () => {
        const rows = [
            { name: "one", here: 1, base: 4 },
            { name: "two", here: 2, base: undefined },
        ];
        const text = print(rows, { runs: 5, node: "v20.0.0", cpus: 2 });
        assert.match(text, /^\| `one` \| 1\.00 \| 4\.00 \| 0\.25 \|$/m);
        assert.match(text, /^\| `two` \| 2\.00 \| - \| - \|$/m);
    });
});
