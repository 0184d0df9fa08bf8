import { execFileSync } from "node:child_process";
import { cpSync, readdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { command } from "../command";

const root = resolve(__dirname, "../..");
const from = join(root, "components");
const to = join(root, "dist");

export default command(module, {
    name: "build",
    about: "Compiles the package's files into dist/, with what components read beside themselves.",
    run: () => {
        rmSync(to, { recursive: true, force: true });
        const compiler = [require.resolve("typescript/bin/tsc"), "--project", "tsconfig.build.json"];
        execFileSync(process.execPath, compiler, { cwd: root, stdio: "inherit" });
        for (const file of readdirSync(from, { recursive: true, encoding: "utf8" })) {
            if (/\.(sh|json)$/.test(file)) cpSync(join(from, file), join(to, file));
        }
    },
});
