import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { onPath } from "../on-path";
import { run } from "../command";
import { bump } from "./bump";
import { readRequest } from "./moves";
import { moduleFolders, programsOf } from "./program-sources";

const ROOT = resolve(__dirname, "../..");
const USAGE = "npm run bump -- CHART [VERSION] [--sources FOLDER]";

/** `npm run bump`: moves a chart's pin, makes anew what follows from it and says what is left to do. */
async function main(): Promise<void> {
    const { values, positionals } = parseArgs({
        options: { sources: { type: "string", multiple: true, default: [] } },
        allowPositionals: true,
    });
    const request = readRequest(positionals);
    if (request.size === 0) throw new Error(`usage: ${USAGE}`);
    const mirror = process.env.CHART_MIRROR;
    const isDone = await bump(request, {
        root: ROOT,
        mirror: mirror === undefined || mirror === "" ? undefined : mirror,
        sources: [...values.sources.map((folder) => resolve(folder)), ...moduleFolders()],
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

run(main);
