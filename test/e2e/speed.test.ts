import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CONTROL_PLANE, missing, stagesFile, startControlPlane } from "./control-plane";
import { installInTurn } from "./in-turn";
import { Kubectl } from "./kubectl";
import { openStack } from "./project";
import { needsCharts, ROOT } from "./rendered";

/**
 * Independent systems go in parallel: prod comes up from nothing faster than the same releases by `helm install` in turn.
 * A measurement: run it with MEASURE=1 on a machine that does nothing else.
 */
describe("speed of prod from nothing", () => {
    it("is better than helm install in turn", async function () {
        const absent = missing(["pulumi", "helm", ...CONTROL_PLANE]);
        if (process.env.MEASURE === undefined || process.env.CHART_MIRROR === undefined || absent.length > 0) {
            console.log(`    not run: it needs MEASURE=1, CHART_MIRROR and ${absent.join(", ") || "nothing more"}`);
            this.skip();
        }
        const folder = mkdtempSync(join(tmpdir(), "speed-"));
        const inTurn = await onNewCluster(join(folder, "in-turn"), (kubeconfig) =>
            installInTurn("prod", kubeconfig, new Kubectl(kubeconfig)),
        );
        const up = await onNewCluster(join(folder, "up"), async (kubeconfig) => {
            const env = { KUBECONFIG: kubeconfig, CHART_MIRROR: process.env.CHART_MIRROR ?? "" };
            const stack = await openStack(join(folder, "stack"), "prod", env);
            const started = Date.now();
            await stack.up();
            return (Date.now() - started) / 1000;
        });
        rmSync(folder, { recursive: true, force: true });
        console.log(`      up ${Math.round(up)} s, helm install in turn ${Math.round(inTurn)} s`);
        assert.ok(up < inTurn, `up took ${up} s, helm install in turn ${inTurn} s`);
    });
});

/** What people wait for at every change. A measurement too: MEASURE=1, local charts, an idle machine with two cores. */
describe("speed of verify", () => {
    it("is under 20 s for prod", function () {
        needsCharts(this);
        if (process.env.MEASURE === undefined) {
            console.log("    not run: it needs MEASURE=1");
            this.skip();
        }
        const started = Date.now();
        const command = ["-r", "./transpile.js", "tools/verify/main.ts", "prod"];
        const { status, stderr } = spawnSync(process.execPath, command, { cwd: ROOT, encoding: "utf8" });
        const seconds = (Date.now() - started) / 1000;
        assert.equal(status, 0, stderr);
        console.log(`      verify prod ${seconds.toFixed(1)} s`);
        assert.ok(seconds < 20, `verify took ${seconds} s`);
    });
});

async function onNewCluster<T>(folder: string, work: (kubeconfig: string) => Promise<T>): Promise<T> {
    const plane = await startControlPlane(folder, 6, 3, stagesFile());
    try {
        return await work(plane.kubeconfig);
    } finally {
        plane.stop();
    }
}
