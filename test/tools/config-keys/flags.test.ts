import { deepEqual } from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { flagsOf } from "../../../tools/config-keys/flags";
import { FLAGGED, sourceOf } from "../../../tools/programs";
import table from "../../../components/metrics/thanos/flags.gen.json";

describe("flags of a program", () => {
    const source = mkdtempSync(join(tmpdir(), "flags-"));
    after(() => {
        rmSync(source, { recursive: true });
    });

    it("are those that its sources declare, tests left out, and a file beside each text", () => {
        mkdirSync(join(source, "cmd"));
        writeFileSync(
            join(source, "cmd", "a.go"),
            `cmd.Flag("http-address", "Listen.").String()
             cmd.Flag(
                 "wait.interval", "Wait.").Hidden()
             extflag.RegisterPathOrContent(hidden.HiddenCmdClause(cmd), "cache.config", "YAML")
             extflag.RegisterPathOrContent(cmd, fmt.Sprintf("store%s.config", suffix), "YAML")`,
        );
        writeFileSync(join(source, "cmd", "a_test.go"), `cmd.Flag("of-a-test", "")`);
        deepEqual(flagsOf(source, ["cmd"]), [
            ...["cache.config", "cache.config-file", "http-address"],
            ...["store.config", "store.config-file", "wait.interval"],
        ]);
    });

    it("stand in a table of the pinned version: npm run config-keys makes it", () => {
        const thanos = FLAGGED.get("thanos");
        deepEqual(thanos && sourceOf(thanos).split("@")[1], `v${table.version}`);
    });
});
