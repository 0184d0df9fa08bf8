import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { TYPED_CHARTS } from "../charts";
import { command } from "../command";
import { keysFile, keysName } from "./keys";
import { typesFor } from "./types";

async function write(check: boolean): Promise<void> {
    const root = join(__dirname, "..", "..");
    for (const { pin, output } of TYPED_CHARTS) {
        const types = await typesFor(pin, process.env["CHART_MIRROR"] || undefined);
        await made(join(root, output), types, `${pin.name} ${pin.version}`, check);
        const settings = relative(dirname(output), "components/settings");
        await made(join(root, keysName(output)), keysFile(types, settings), `${pin.name} ${pin.version}`, check);
    }
}

async function made(file: string, text: string, chart: string, check: boolean): Promise<void> {
    const before = await readFile(file, "utf8").catch(() => undefined);
    const name = relative(process.cwd(), file);
    if (before === text) return;
    if (check) {
        console.error(`${name} is not what ${chart} gives: run npm run chart-types`);
        process.exitCode = 1;
        return;
    }
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
    console.log(`${name}: ${chart}`);
}

export default command(module, {
    name: "chart-types",
    about: "Writes the types of every pinned chart's values.",
    options: { check: { about: "Writes nothing, says which are stale, and fails where one is." } },
    run: ({ check }) => write(check),
});
