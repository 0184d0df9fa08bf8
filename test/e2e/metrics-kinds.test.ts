import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Stack } from "@pulumi/pulumi/automation";
import { CONTROL_PLANE, missing, stagesFile, startControlPlane, type ControlPlane } from "./control-plane";
import { Kubectl } from "./kubectl";
import { changes, deploy, openStack } from "./project";
import { lost, standing } from "./upgrade/standing";

/** The way through all metrics stores, each beside the one before, then in its place, then alone. */
const WAY = ["cortex", "thanos", "victoriametrics", "cortex"] as const;
type Kind = (typeof WAY)[number];

const WRITTEN_ANEW = /^(ConfigMap|Secret) \S+ (replace|create-replacement|delete-replaced)$/;

/**
 * Both stacks with every metrics store, by the real CLI on a control plane without containers, as
 * docs/how-to/change-the-metrics-store.md has it: nothing of a store goes before it is taken away, and each step has
 * nothing to do a second time. It takes minutes: it runs with KINDS=1, of one stack with KINDS=dev or KINDS=prod.
 */
for (const name of ["dev", "prod"] as const) {
    describe(`stack ${name}, from metrics store to metrics store`, function () {
        // A step stands on the one before.
        this.bail(true);
        let folder: string | undefined;
        let plane: ControlPlane | undefined;
        let kubectl: Kubectl;
        let stack: Stack;

        before(async function () {
            const absent = missing(["pulumi", "kubectl", "helm", ...CONTROL_PLANE]).map((each) => `${each} on PATH`);
            if (![name, "1"].includes(process.env.KINDS ?? "")) absent.push("KINDS=1");
            if ((process.env.CHART_MIRROR ?? "") === "") absent.push("CHART_MIRROR");
            if (absent.length > 0) {
                console.log(`    not run: it needs ${absent.join(", ")}`);
                this.skip();
            }
            folder = mkdtempSync(join(tmpdir(), `kinds-${name}-`));
            plane = await startControlPlane(join(folder, "cluster"), 6, 3, stagesFile());
            kubectl = new Kubectl(plane.kubeconfig);
            const env = { KUBECONFIG: plane.kubeconfig, CHART_MIRROR: process.env.CHART_MIRROR ?? "" };
            stack = await openStack(folder, name, env);
        });

        after(() => {
            plane?.stop();
            if (process.env.KEEP === undefined && folder !== undefined)
                rmSync(folder, { recursive: true, force: true });
        });

        /** With these two stores, deployed; what that touched. */
        async function deployed(first: Kind, second: Kind | "none"): Promise<string[]> {
            const retention = name === "prod" ? "90d" : "7d";
            const own = (kind: string) => ({ value: JSON.stringify(kind === "none" ? { kind } : { kind, retention }) });
            await stack.setConfig("observability:metrics", own(first));
            await stack.setConfig("observability:secondMetrics", own(second));
            const touched = await deploy(stack);
            assert.deepEqual(await changes(stack), [], "a second preview has something to do");
            const waiting = (await kubectl.list("pods")).filter(({ status }) => status?.phase === "Pending");
            assert.deepEqual(
                waiting.map(({ metadata }) => metadata.name),
                [],
            );
            return touched;
        }

        /** What holds a store's data. */
        const held = async (kind: Kind) =>
            new Map([...(await standing(kubectl))].filter(([each]) => each.includes(`${kind}/`)));
        /** What went. The provider writes what a ConfigMap or a Secret holds by one in place of another. */
        const gone = (touched: readonly string[]) =>
            touched.filter((each) => /(delete|replace)\S*$/.test(each) && !WRITTEN_ANEW.test(each));
        const unprotect = () => {
            execFileSync("pulumi", ["state", "unprotect", "--all", "--yes", "--stack", name], {
                cwd: stack.workspace.workDir,
                env: { ...process.env, ...stack.workspace.envVars, PULUMI_HOME: join(folder ?? "", "home") },
            });
        };

        it(`comes up with ${WAY[0]}`, async () => {
            await deployed(WAY[0], "none");
        });

        for (const [i, next] of WAY.slice(1).entries()) {
            const old = WAY[i] ?? WAY[0];
            it(`has ${next} beside ${old}, and loses nothing of ${old} until that is taken away`, async () => {
                const before = await held(old);
                assert.ok([...before.keys()].some((each) => each.startsWith("PersistentVolumeClaim")));
                assert.deepEqual(gone(await deployed(old, next)), []);
                assert.deepEqual(lost(before, await held(old)), []);
                const both = new Map([...before, ...(await held(next))]);
                const swapped = await deployed(next, old);
                assert.deepEqual(gone(swapped), []);
                assert.deepEqual(
                    swapped.filter((each) =>
                        new RegExp(`^(Release|StatefulSet|Deployment) (${old}|${next})`).test(each),
                    ),
                    [],
                    "no store is touched",
                );
                assert.deepEqual(lost(both, new Map([...(await held(old)), ...(await held(next))])), []);
                if (name === "prod") {
                    await assert.rejects(deployed(next, "none"), /protect/);
                    unprotect();
                }
                await deployed(next, "none");
                assert.deepEqual([...(await held(old)).keys()], []);
            });
        }

        it("goes away", async () => {
            if (name === "prod") unprotect();
            await stack.destroy();
            const left = (await kubectl.list("secrets")).filter(({ type }) => type === "helm.sh/release.v1");
            assert.deepEqual(
                left.map(({ metadata }) => metadata.name),
                [],
            );
        });
    });
}
