import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { TYPED_CHARTS } from "../charts";
import { command } from "../command";
import { typesFor } from "./types";

async function write(check: boolean): Promise<void> {
    const root = join(__dirname, "..", "..");
    for (const { pin, output } of TYPED_CHARTS) {
        const text = await typesFor(pin, process.env["CHART_MIRROR"] || undefined);
        const file = join(root, output);
        const before = await readFile(file, "utf8").catch(() => undefined);
        if (before === text) {
            continue;
        }
        if (check) {
            console.error(`${output} is not what ${pin.name} ${pin.version} gives: run npm run chart-types`);
            process.exitCode = 1;
            continue;
        }
        await mkdir(dirname(file), { recursive: true });
        await writeFile(file, text);
        console.log(`${output}: ${pin.name} ${pin.version}`);
    }
}

export default command(module, {
    name: "chart-types",
    about: "Writes the types of every pinned chart's values.",
    options: { check: { about: "Writes nothing, says which are stale, and fails where one is." } },
    run: ({ check }) => write(check),
});
