import { deepEqual, equal, ok } from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import table from "../../../components/metrics/victoriametrics/flags.gen.json";
import { flagsOf } from "../../../tools/config-keys/flags";
import { FLAGGED } from "../../../tools/programs";
import { programFlags } from "../../../tools/verify/checks/program-flags";
import { assertClean, assertFound, given } from "../../fixtures/verify/given";
import { workload } from "../../fixtures/verify/manifests";

describe("flags of VictoriaMetrics' programs", () => {
    it("are those that its sources declare with the standard library and its own", () => {
        const source = mkdtempSync(join(tmpdir(), "flags-"));
        mkdirSync(join(source, "app"));
        writeFileSync(
            join(source, "app", "main.go"),
            'a = flag.String("storage.node", "")\nb = flagutil.NewArrayString(\n"http.listen", "")\nc = flag.Bool(`dry-run`, false, "")',
        );
        deepEqual(flagsOf(source, ["app"]), ["dry-run", "http.listen", "storage.node"]);
        rmSync(source, { recursive: true });
    });

    it("stand in a table of the pinned version: npm run config-keys makes it", () => {
        equal(table.version, FLAGGED.get("victoriametrics")?.version);
        for (const flag of ["dedup.minScrapeInterval", "replicationFactor", "httpAuthHeader", "snapshot.createURL"]) {
            ok(table.flags.includes(flag), flag);
        }
    });

    it("are the only ones that verify lets pass, in each of the images", () => {
        const told = (image: string, arg: string) =>
            given(workload({ container: { image: `docker.io/victoriametrics/${image}:v1`, args: [arg] } }));
        assertClean(programFlags, told("vmselect", "--search.denyPartialResponse"));
        assertFound(programFlags, told("vmstorage", "--dedup.minScrapeIntervall=30s"), /dedup\.minScrapeInterval\?/);
        assertFound(programFlags, told("vmauth", "--httpAuthHeaders=X"), /httpAuthHeader\?/);
        assertClean(programFlags, told("victoria-logs", "--of.another"));
    });
});
