import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { preview } from "../../tools/plan/engine";
import { judge, type Finding, type Verdict } from "../../tools/plan/policies";
import { PolicyHost } from "../../tools/plan/policy-host";
import { readStackFile } from "../../tools/plan/stack-file";

const ROOT = resolve(__dirname, "../..");
const FOREIGN = resolve(__dirname, "foreign-program");

/** The pack copied out of the repository, with what its own package.json asks for, on a program that is not ours. */
describe("the policy pack alone", () => {
    let folder: string;
    let host: PolicyHost | undefined;
    let verdict: Verdict;

    before(async function () {
        folder = mkdtempSync(join(tmpdir(), "pack-alone-"));
        const pack = join(folder, "policies");
        cpSync(join(ROOT, "policies"), pack, { recursive: true, filter: (path) => !path.includes("node_modules") });
        try {
            execFileSync("npm", ["install", "--no-audit", "--no-fund"], { cwd: pack, stdio: "pipe" });
        } catch (error) {
            console.log(`    not run: npm install found no registry: ${String(error).split("\n")[0] ?? ""}`);
            this.skip();
        }
        host = await PolicyHost.start(pack);
        const { resources } = await preview(FOREIGN, "live", readStackFile(FOREIGN, "live"));
        verdict = await judge(host, { file: "", settings: {} }, resources);
    });

    after(() => {
        host?.stop();
        rmSync(folder, { recursive: true, force: true });
    });

    it("says nothing against a release that is in order", () => {
        assert.deepEqual(about(verdict.mandatory, "databases"), []);
    });

    it("refuses what is wrong in the others, by the names that they have there", () => {
        const logs = about(verdict.mandatory, "logs").join("\n");
        assert.match(logs, /replica-counts logs: deploymentMode is "distributed", wanted Distributed/);
        assert.match(logs, /secrets logs: loki\.storage\.s3\.secretAccessKey is a plain credential of 13 characters/);
        assert.match(logs, /supply logs: version is absent/);
        assert.match(logs, /safety logs: name is absent/);
        assert.ok(!logs.includes("not-so-secret"), "a finding shows the credential");
        assert.match(about(verdict.mandatory, "traces").join("\n"), /replica-counts traces: ingester\.replicas is 1/);
    });

    it("says where it read the defaults of another version", () => {
        assert.match(about(verdict.advisory, "traces").join("\n"), /tempo-distributed 1\.0\.0: .*default of 2\.\d/);
    });
});

function about(findings: readonly Finding[], release: string): string[] {
    return findings
        .filter(({ resource, message }) => resource.endsWith(` ${release}`) || message.startsWith(`${release}:`))
        .map(({ policy, message }) => `${policy} ${message}`);
}
