import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onPath } from "../../tools/on-path";
import { isRecord } from "../../tools/records";
import { comparable, ODD_FILES } from "../fixtures/odd-stack-files";

/** Values that the stack's secrets provider would have to decrypt are of no use here. */
const READABLE = ODD_FILES.filter(({ text }) => !text.includes("secure:"));

describe("Pulumi's CLI reads a stack file as the plan does", function () {
    let folder: string;
    const pulumi = (...args: string[]) =>
        spawnSync("pulumi", [...args, "--cwd", join(folder, "program"), "--non-interactive"], {
            encoding: "utf8",
            env: {
                ...process.env,
                PULUMI_HOME: join(folder, "home"),
                PULUMI_BACKEND_URL: `file://${join(folder, "state")}`,
                PULUMI_CONFIG_PASSPHRASE: "end-to-end",
                PULUMI_SKIP_UPDATE_CHECK: "true",
            },
        });

    before(function () {
        if (!onPath("pulumi")) {
            console.log("    did not run: pulumi is not on PATH");
            this.skip();
        }
        folder = mkdtempSync(join(tmpdir(), "stack-file-"));
        for (const name of ["program", "state", "home"]) mkdirSync(join(folder, name));
        writeFileSync(join(folder, "program", "Pulumi.yaml"), "name: observability\nruntime: nodejs\n");
        const { status, stderr } = pulumi("stack", "init", "x");
        assert.equal(status, 0, stderr);
    });

    after(() => {
        if (existsSync(folder)) rmSync(folder, { recursive: true, force: true });
    });

    for (const { what, text, config } of READABLE) {
        it(what, () => {
            writeFileSync(join(folder, "program", "Pulumi.x.yaml"), text);
            const { status, stdout, stderr } = pulumi("config", "--json", "--stack", "x");
            if (config === undefined) {
                assert.notEqual(status, 0, stdout);
                return;
            }
            assert.equal(status, 0, stderr);
            const told = Object.entries(JSON.parse(stdout) as Record<string, unknown>).map(
                ([key, entry]) => [key, isRecord(entry) && typeof entry.value === "string" ? entry.value : ""] as const,
            );
            assert.deepEqual(comparable(Object.fromEntries(told)), comparable(config));
        });
    }
});
