import { execFileSync } from "node:child_process";
import { cpSync, readdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";

/** `npm run build`: the package's files in dist/, compiled, with what components read beside themselves. */
const root = resolve(__dirname, "../..");
const from = join(root, "components");
const to = join(root, "dist");

rmSync(to, { recursive: true, force: true });
execFileSync(process.execPath, [require.resolve("typescript/bin/tsc"), "--project", "tsconfig.build.json"], {
    cwd: root,
    stdio: "inherit",
});
for (const file of readdirSync(from, { recursive: true, encoding: "utf8" })) {
    if (/\.(sh|json)$/.test(file)) cpSync(join(from, file), join(to, file));
}
