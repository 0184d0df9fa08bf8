import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Stack } from "@pulumi/pulumi/automation";
import { readStackFile } from "../../tools/plan/stack-file";
import { missing } from "./control-plane";
import { openStack } from "./project";

const ROOT = resolve(__dirname, "../..");
const PACK = join(ROOT, "policies");
const PROD = join(PACK, "prod.json");
const INGESTERS = "observability:metrics.values.ingester.replicas";
const absent = missing(["pulumi", "pulumi-language-nodejs"]);

/** The policy pack as CI runs it: the real CLI, no cluster. Charts come from CHART_MIRROR, or from their repositories. */
describe("pulumi preview with the policy pack", () => {
    let folder: string;
    const stacks: Record<string, Stack> = {};

    before(async function () {
        if (absent.length > 0) {
            console.log(`    not run: ${absent.join(", ")} not on PATH`);
            this.skip();
        }
        folder = mkdtempSync(join(tmpdir(), "policies-"));
        for (const name of ["prod", "dev", "copy"]) {
            stacks[name] = await openStack(join(folder, name), name, {
                KUBECONFIG: join(folder, "no-cluster"),
                ...(process.env.CHART_MIRROR !== undefined && { CHART_MIRROR: process.env.CHART_MIRROR }),
            });
        }
        const { config } = readStackFile(ROOT, "prod");
        const lines = { ...config, "observability:survives": "node" };
        for (const [key, value] of Object.entries(lines)) await stacks.copy?.setConfig(key, { value });
    });

    after(() => {
        if (folder) rmSync(folder, { recursive: true, force: true });
    });

    /** What the CLI prints, and whether it refused. */
    async function preview(name: string, ...configs: string[]): Promise<{ text: string; ok: boolean }> {
        const stack = stacks[name];
        assert.ok(stack, name);
        try {
            const { stdout } = await stack.preview({ policyPacks: [PACK], policyPackConfigs: configs });
            return { text: stdout, ok: true };
        } catch (error) {
            return { text: String(error), ok: false };
        }
    }

    const passes: Record<string, [stack: string, ...configs: string[]]> = {
        dev: ["dev"],
        "prod with its file": ["prod", PROD],
        "a copy of prod in one zone, without a file": ["copy"],
    };
    for (const [name, args] of Object.entries(passes)) {
        it(`passes ${name}`, async () => {
            const { text, ok } = await preview(...args);
            assert.ok(ok, text);
            assert.match(text, /✅ +observability@/u);
        });
    }

    it("refuses prod's file to a stack that says that nothing survives", async () => {
        const { text, ok } = await preview("dev", PROD);
        assert.ok(!ok, "the preview passed");
        assert.match(text, /\[mandatory\].* replica-counts/);
    });

    // The settings refuse `metrics.replicas.ingester: 1` themselves; the user's own chart values pass them by.
    it("refuses prod with one ingester, and says what to change", async () => {
        await stacks.prod?.setConfig(INGESTERS, { value: "1" }, true);
        const { text, ok } = await preview("prod", PROD);
        assert.ok(!ok, "the preview passed");
        assert.match(text, /\[mandatory\].* replica-counts/);
        assert.match(
            text,
            /cortex: ingester\.replicas is 1, wanted at least 3: .*observability:metrics\.replicas\.ingester/,
        );
    });

    it("prints what is excepted, with the reason, and lets it pass", async () => {
        const exceptions = [{ release: "cortex", reason: "a rehearsal of the loss of two ingesters" }];
        const file = join(folder, "excepted.json");
        const policies = ["replica-counts", "replication-and-quorum", "spread"];
        writeFileSync(file, JSON.stringify(Object.fromEntries(policies.map((policy) => [policy, { exceptions }]))));
        const { text, ok } = await preview("prod", file);
        assert.ok(ok, text);
        assert.match(text, /excepted, since a rehearsal of the loss of two ingesters: cortex: ingester\.replicas is 1/);
    });

    it("takes no exception without a reason", async () => {
        const file = join(folder, "unreasoned.json");
        writeFileSync(file, JSON.stringify({ "replica-counts": { exceptions: [{ release: "cortex" }] } }));
        const { text, ok } = await preview("prod", file);
        assert.ok(!ok, "the preview passed");
        assert.match(text, /reason/);
    });
});
