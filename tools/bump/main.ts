import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { onPath } from "../on-path";
import { command } from "../command";
import { bump } from "./bump";
import { readRequest } from "./moves";
import { moduleFolders, programsOf } from "./program-sources";

const ROOT = resolve(__dirname, "../..");

async function move(words: readonly string[], sources: readonly string[]): Promise<void> {
    const request = readRequest(words);
    const mirror = process.env.CHART_MIRROR;
    const isDone = await bump(request, {
        root: ROOT,
        mirror: mirror === undefined || mirror === "" ? undefined : mirror,
        sources: [...sources.map((folder) => resolve(folder)), ...moduleFolders()],
        programs: () => programsOf(ROOT),
        helm: onPath("helm"),
        today: new Date().toISOString().slice(0, 10),
        say: (text) => {
            console.log(text);
        },
        run: ([script = "", ...rest], env) => {
            const { status } = spawnSync("npm", ["run", "--silent", script, "--", ...rest], {
                cwd: ROOT,
                env: { ...process.env, ...env },
                stdio: "inherit",
            });
            return status === 0;
        },
    });
    if (!isDone) process.exitCode = 1;
}

export default command(module, {
    name: "bump",
    about: "Moves a chart's pin, makes anew what follows from it and says what is left to do.",
    words: {
        chart: {
            about: "Chart, or CHART VERSION for another than the newest; more of them move together.",
            many: true,
        },
    },
    options: { sources: { value: "FOLDER", many: true, about: "Programs' sources, beside Go's module cache." } },
    run: ({ chart, sources }) => move(chart, sources),
});
