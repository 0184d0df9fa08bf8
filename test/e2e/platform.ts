import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Stack, UpdateSummary } from "@pulumi/pulumi/automation";
import { EVERY_SOURCE, SECRET_SETTINGS } from "../fixtures/every-source";
import { CONTROL_PLANE, missing, stagesFile, startControlPlane, type ControlPlane } from "./control-plane";
import { driftTests } from "./drift";
import { Kubectl } from "./kubectl";
import { changes, openStack } from "./project";
import { rotations } from "./rotation/credentials";
import { rotationTests } from "./rotation/on-cluster";
import { generatedSecrets, readableTexts } from "./secrets";

/**
 * Both stacks by the real CLI with the real charts: on the cluster of KUBECONFIG, or on a control plane of its own where
 * its programs are on PATH. Without containers this proves that the API server takes and the scheduler places all of it,
 * not that a process starts.
 */
const absent = missing(["pulumi", "kubectl", "helm"]).concat(
    process.env.KUBECONFIG === undefined ? missing(CONTROL_PLANE) : [],
);

/** cert-manager's definitions, which whoever archives the database has in the cluster; its controller has no part in this. */
const CERT_MANAGER = join(process.env.CHART_MIRROR ?? "", "deps/cert-manager-crds");

/** Stacks have files of their own, which run side by side. */
export function platformTests(name: "dev" | "prod"): void {
    // A laptop has no database.
    const archived = name === "prod" && existsSync(CERT_MANAGER);

    describe(`stack ${name} by the real CLI`, () => {
        let folder: string;
        let plane: ControlPlane | undefined;
        let kubectl: Kubectl;
        let stack: Stack;
        let kubeconfig: string;

        before(async function () {
            if (absent.length > 0) {
                console.log(`    not run: ${absent.join(", ")} not on PATH`);
                this.skip();
            }
            folder = mkdtempSync(join(tmpdir(), `platform-${name}-`));
            if (process.env.KUBECONFIG === undefined) {
                plane = await startControlPlane(join(folder, "cluster"), 6, 3, stagesFile());
            }
            kubeconfig = plane?.kubeconfig ?? process.env.KUBECONFIG ?? "";
            kubectl = new Kubectl(kubeconfig);
            stack = await openStack(folder, name, {
                KUBECONFIG: kubeconfig,
                ...(process.env.CHART_MIRROR !== undefined && { CHART_MIRROR: process.env.CHART_MIRROR }),
            });
        });

        after(() => {
            plane?.stop();
            if (process.env.KEEP === undefined && folder) rmSync(folder, { recursive: true, force: true });
        });

        it("comes up from nothing", async () => {
            assert.equal((await up(stack)).result, "succeeded");
        });

        it("has every release deployed", () => {
            const list = execFileSync("helm", ["list", "-A", "-o", "json"], {
                encoding: "utf8",
                env: { ...process.env, KUBECONFIG: kubeconfig },
            });
            const releases = JSON.parse(list) as { name: string; status: string }[];
            assert.deepEqual(
                releases.filter((r) => r.status !== "deployed"),
                [],
            );
            const expected = [
                "blackbox-exporter",
                "cortex",
                "k8s-monitoring",
                "kps",
                "loki",
                "minio",
                "prometheus-operator-crds",
                "tempo",
            ];
            for (const release of expected)
                assert.ok(
                    releases.some((r) => r.name === release),
                    `${release} is not deployed`,
                );
        });

        // Once is enough, and before settings change that only the program's own copy of the stack file knows.
        if (name === "dev") {
            const refreshed = async () => {
                await stack.refresh();
                await stack.up();
            };
            driftTests(() => ({ kubectl, kubeconfig, folder: stack.workspace.workDir, stack: name, refreshed }));
        }

        it("has every pod placed", async () => {
            const pods = await kubectl.list("pods");
            const waiting = pods.filter((pod) => pod.status?.phase === "Pending");
            console.log(`      ${pods.length} pods`);
            assert.deepEqual(
                waiting.map((pod) => `${pod.metadata.namespace ?? ""}/${pod.metadata.name}`),
                [],
            );
            assert.ok(pods.length > 10);
        });

        it("touches what a change of the settings is for, and nothing else", async () => {
            // A stack that survives nothing has one of everything.
            if (name === "prod") await stack.setConfig("observability:metrics.replicas.querier", { value: "4" }, true);
            await stack.setConfig("observability:logs.retention", { value: "96h" }, true);
            const cortex = name === "prod" ? ["Release cortex update"] : [];
            // All else would show here too, had it changed since it was made.
            assert.deepEqual(await changes(stack), [...cortex, "Release loki update"]);
        });

        it("takes every source that is off by itself, and has nothing to do after", async function () {
            if (name === "dev" && process.env.SOURCES === undefined) {
                console.log("      dev with every source: not run, SOURCES is not set");
                this.skip();
            }
            const secrets = Object.values(SECRET_SETTINGS);
            const settings = Object.entries(EVERY_SOURCE).map(([key, value]) => {
                return [key, { value, secret: secrets.some((each) => value.includes(each)) }] as const;
            });
            await stack.setAllConfig(Object.fromEntries(settings));
            if (archived) {
                kubectl.run(["apply", "--server-side", "--filename", CERT_MANAGER]);
                await stack.setConfig("observability:database.backup.everyHours", { value: "12" }, true);
            } else if (name === "prod") {
                console.log("      the database is not archived: CHART_MIRROR has no deps/cert-manager-crds");
            }
            await up(stack);
            // Of prod the next update tells all that it changes.
            if (name === "dev") assert.deepEqual(await changes(stack), []);
        });

        // For this and what follows once is enough: prod has all that dev has.
        if (name === "prod") rotationTests(rotations({ archived }), () => ({ stack, kubectl }));

        it("takes what runs for its own where its state was lost", async function () {
            if (name === "dev") this.skip();
            const before = urnsOf(stateFile(folder, name));
            rmSync(stateFile(folder, name));
            await stack.workspace.createStack(name);
            const adopt = "pulumi stack export | npm run --silent adopt -- prod | pulumi stack import";
            execFileSync("bash", ["-o", "pipefail", "-c", adopt], {
                cwd: stack.workspace.workDir,
                env: { ...process.env, ...stack.workspace.envVars, PULUMI_HOME: join(folder, "home") },
                stdio: ["ignore", "ignore", "inherit"],
            });
            // That the new state is right, to the last value, is what the next test finds.
            assert.deepEqual(urnsOf(stateFile(folder, name)), before);
        });

        it("is clean after a refresh", async function () {
            if (name === "dev") this.skip();
            await stack.refresh();
            assert.deepEqual(await changes(stack), []);
        });

        it("has no secret in state, Helm's records, ConfigMaps or pods", async () => {
            const ours = [
                "loki-s3",
                "tempo-s3",
                "cortex-s3",
                "minio-root",
                "grafana-admin",
                "grafana-secret-key",
                "grafana-db",
                "push-passwords",
            ];
            const generated = await generatedSecrets(kubectl, ours);
            assert.ok(generated.length >= 5, `only ${generated.length} generated secrets were found`);
            const secrets = [...generated, ...Object.values(SECRET_SETTINGS)];
            const texts = await readableTexts(kubectl);
            texts.set("state", readFileSync(stateFile(folder, name), "utf8"));
            for (const [place, text] of texts) {
                for (const secret of secrets) assert.ok(!text.includes(secret), `a secret stands in ${place}`);
            }
        });

        it("goes away, but for what is protected on purpose", async () => {
            if (name === "prod") {
                await assert.rejects(stack.destroy(), /protect/);
                execFileSync("pulumi", ["state", "unprotect", "--all", "--yes", "--stack", name], {
                    cwd: stack.workspace.workDir,
                    env: { ...process.env, ...stack.workspace.envVars, PULUMI_HOME: join(folder, "home") },
                });
            }
            await stack.destroy();
            const releases = (await kubectl.list("secrets")).filter((s) => s.type === "helm.sh/release.v1");
            assert.deepEqual(
                releases.map((s) => s.metadata.name),
                [],
            );
        });
    });
}

async function up(stack: Stack): Promise<UpdateSummary> {
    const started = Date.now();
    const { summary } = await stack.up();
    const seconds = Math.round((Date.now() - started) / 1000);
    console.log(`      up: ${seconds} s, ${JSON.stringify(summary.resourceChanges)}`);
    return summary;
}

function stateFile(folder: string, stack: string): string {
    const path = join(folder, "state", ".pulumi", "stacks", "observability", `${stack}.json`);
    assert.ok(existsSync(path), `no state at ${path}`);
    return path;
}

function urnsOf(state: string): string[] {
    const { checkpoint } = JSON.parse(readFileSync(state, "utf8")) as {
        checkpoint: { latest: { resources: { urn: string }[] } };
    };
    return checkpoint.latest.resources.map(({ urn }) => urn).sort();
}
