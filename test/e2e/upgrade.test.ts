import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Stack } from "@pulumi/pulumi/automation";
import { barmanCloudChart } from "../../components/database/postgres/chart";
import { tempoSingleChart } from "../../components/traces/tempo/chart";
import { gather } from "../../tools/bump/bump";
import { ROLES } from "../../components/platform/roles";
import type { RoleKind } from "../../components/settings/slice";
import { PINS } from "../../tools/charts";
import { CONTROL_PLANE, missing, stagesFile, startControlPlane, type ControlPlane } from "./control-plane";
import { Kubectl } from "./kubectl";
import { changes, deploy, openStack } from "./project";
import { missingArchives, pin, PREVIOUS } from "./upgrade/previous-charts";
import { lost, standing } from "./upgrade/standing";

/** Charts of the kinds that stand in no role unless somebody writes them. */
const OTHERS = Object.values(ROLES)
    .flatMap(([, ...others]): readonly RoleKind[] => others)
    .flatMap(({ workloads }) => workloads.map(({ place }) => place?.chart));

/** Every chart but those that this stack has not: Tempo in one process, and the plugin, which wants cert-manager. */
const ABSENT: readonly unknown[] = [tempoSingleChart.name, barmanCloudChart.name, ...OTHERS];
const CHARTS = PINS.map(({ name }) => name).filter((name) => !ABSENT.includes(name));
const PINNED = Object.fromEntries(PINS.map(({ name, version }) => [name, version]));

/**
 * Prod by the real CLI with earlier charts, then in place with the pinned ones, on a control plane without containers. It
 * proves what the API server, Helm and Pulumi make of the change, not that a newer process reads what an older one wrote.
 * The earlier archives lie in a folder beside CHART_MIRROR, of its name and `-previous`. It takes minutes and is for
 * whoever moves a pin: it runs with UPGRADE=1.
 */
describe("prod from earlier charts to the pinned ones", () => {
    let folder: string | undefined;
    let plane: ControlPlane | undefined;
    let kubectl: Kubectl;
    let stack: Stack;
    let stood: Awaited<ReturnType<typeof standing>>;

    before(async function () {
        const charts = (process.env.CHART_MIRROR ?? "").replace(/\/$/, "");
        const previous = `${charts}-previous`;
        const absent = missing(["pulumi", "helm", ...CONTROL_PLANE]).map((program) => `${program} on PATH`);
        if (process.env.UPGRADE === undefined) absent.push("UPGRADE=1");
        if (charts === "") absent.push("CHART_MIRROR");
        else absent.push(...missingArchives(previous).map((archive) => join(previous, archive)));
        if (absent.length > 0) {
            console.log(`    not run: it needs ${absent.join(", ")}`);
            this.skip();
        }
        folder = mkdtempSync(join(tmpdir(), "upgrade-"));
        const mirror = join(folder, "charts");
        // One mirror of all versions, as people have it.
        gather([previous, charts], mirror);
        plane = await startControlPlane(join(folder, "cluster"), 6, 3, stagesFile());
        kubectl = new Kubectl(plane.kubeconfig);
        stack = await openStack(folder, "prod", { KUBECONFIG: plane.kubeconfig, CHART_MIRROR: mirror });
        await stack.setConfig("observability:pushgateway.enabled", { value: "true" }, true);
    });

    after(() => {
        plane?.stop();
        if (process.env.KEEP === undefined && folder !== undefined) rmSync(folder, { recursive: true, force: true });
    });

    /** Every release as `chart-version status revision`. */
    const releases = () => {
        const env = { ...process.env, KUBECONFIG: plane?.kubeconfig };
        const list = execFileSync("helm", ["list", "--all-namespaces", "--all", "--output", "json"], {
            encoding: "utf8",
            env,
        });
        const all = JSON.parse(list) as { chart: string; status: string; revision: string }[];
        return all.map(({ chart, status, revision }) => `${chart} ${status} ${revision}`).sort();
    };
    /** A chart whose pin never moved stays at its first revision. */
    const moved = CHARTS.filter((name) => name in PREVIOUS);
    const deployed = (versions: Readonly<Record<string, string>>, revision: number) =>
        CHARTS.map((name) => {
            const version = versions[name] ?? PINNED[name] ?? "";
            return `${name}-${version} deployed ${moved.includes(name) ? revision : 1}`;
        }).sort();

    it("comes up with the earlier ones", async () => {
        pin(stack.workspace.workDir, PREVIOUS);
        await deploy(stack);
        assert.deepEqual(releases(), deployed(PREVIOUS, 1));
        stood = await standing(kubectl);
        const kinds = [...stood.keys()].map((name) => name.split(" ")[0]);
        for (const [kind, fewest] of Object.entries({
            StatefulSet: 10,
            PersistentVolumeClaim: 30,
            Secret: 10,
            Cluster: 1,
        }))
            assert.ok(kinds.filter((each) => each === kind).length >= fewest, `hardly any ${kind}: this proves little`);
    });

    it("updates every release, and touches nothing else", async () => {
        pin(stack.workspace.workDir, PINNED);
        const touched = await deploy(stack);
        assert.deepEqual(releases(), deployed(PINNED, 2));
        assert.equal(touched.length, moved.length);
        assert.deepEqual(
            touched.filter((each) => !/^Release \S+ update$/.test(each)),
            [],
        );
    });

    it("keeps what holds data, as the same objects with the same contents", async () => {
        assert.deepEqual(lost(stood, await standing(kubectl)), []);
    });

    it("has every pod placed, and nothing to do in a second preview", async () => {
        const pods = await kubectl.list("pods");
        assert.ok(pods.length > 50, `only ${pods.length} pods`);
        assert.deepEqual(
            pods.filter(({ status }) => status?.phase === "Pending").map(({ metadata }) => metadata.name),
            [],
        );
        assert.deepEqual(await changes(stack), []);
    });

    it("is refused where a StatefulSet would have to be made anew, loses nothing, and is whole again without that", async () => {
        const size = "observability:metrics.volumes.ingester";
        await stack.setConfig(size, { value: "60Gi" }, true);
        await assert.rejects(deploy(stack), /cortex-ingester.*updates to statefulset spec .* are forbidden/);
        assert.ok(releases().includes(`cortex-${PINNED.cortex ?? ""} failed 3`));
        await stack.removeConfig(size, true);
        assert.deepEqual(await deploy(stack), ["Release cortex update"]);
        assert.ok(releases().includes(`cortex-${PINNED.cortex ?? ""} deployed 4`));
        assert.deepEqual(lost(stood, await standing(kubectl)), []);
    });
});
