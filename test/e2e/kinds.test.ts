import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ConfigMap, Stack } from "@pulumi/pulumi/automation";
import { record, strings } from "../../tools/records";
import { leastOf } from "../fixtures/kinds";
import { CONTROL_PLANE, missing, stagesFile, startControlPlane, type ControlPlane } from "./control-plane";
import { Kubectl } from "./kubectl";
import { changes, deploy, openStack } from "./project";
import { generatedSecrets, readableTexts } from "./secrets";

/*
 * The other log stores in the places of dev's and prod's Loki, one of them with GlitchTip beside it, by the real CLI on a real API server: `KINDS=1 npm run e2e --
 * --grep "log store"`. What a loss of nodes leaves of each is loss.test.ts with LOGS=opensearch.
 */

/** Certificates of somebody's own: cert-manager and its definitions are not a part of the stack. */
const CERTIFICATES = { from: "secrets", node: "opensearch-node-tls", admin: "opensearch-admin-tls" };

interface Kind {
    readonly kind: string;
    readonly settings: object;
    /** What else is chosen in the same stack. */
    readonly beside?: Readonly<Record<string, object>>;
    /** Releases that it brings. */
    readonly releases: readonly string[];
    /** Secrets of it that the program makes. */
    readonly secrets: readonly string[];
    /** Credentials that it is given. */
    readonly given?: readonly string[];
}

/** The program makes no credential of an Elasticsearch outside: these are its user's. */
const KEYS = strings(Object.values(record(leastOf("elasticsearch").keys)));

const KINDS: readonly Kind[] = [
    {
        kind: "opensearch",
        settings: { certificates: CERTIFICATES, dashboards: { enabled: true } },
        beside: { errors: { kind: "glitchtip" } },
        releases: ["cnpg", "opensearch", "opensearch-dashboards", "opensearch-exporter", "opensearch-otlp"],
        secrets: ["opensearch-writer", "opensearch-viewer", "opensearch-dashboards", "glitchtip", "glitchtip-admin"],
    },
    { kind: "elasticsearch", settings: {}, releases: [], secrets: [], given: KEYS },
];

for (const name of ["dev", "prod"]) {
    for (const { kind, settings, beside = {}, releases, secrets, given = [] } of KINDS) {
        describe(`stack ${name} with the log store ${kind}`, () => {
            let folder: string | undefined;
            let plane: ControlPlane | undefined;
            let kubectl: Kubectl;
            let stack: Stack;
            const logs = { ...leastOf(kind), ...settings };

            before(async function () {
                const absent = missing(["pulumi", "helm", ...CONTROL_PLANE]);
                if (process.env.KINDS === undefined || absent.length > 0) {
                    console.log(
                        `    not run: ${absent.join(", ") || "KINDS=1 puts other log stores into dev and prod"}`,
                    );
                    this.skip();
                }
                folder = mkdtempSync(join(tmpdir(), `kinds-${name}-`));
                plane = await startControlPlane(join(folder, "cluster"), 6, 3, stagesFile());
                kubectl = new Kubectl(plane.kubeconfig);
                stack = await openStack(folder, name, {
                    KUBECONFIG: plane.kubeconfig,
                    ...(process.env.CHART_MIRROR !== undefined && { CHART_MIRROR: process.env.CHART_MIRROR }),
                });
                const others = Object.entries(beside).map(([key, value]) => [
                    `observability:${key}`,
                    { value: JSON.stringify(value) },
                ]);
                await stack.setAllConfig({
                    ...(Object.fromEntries(others) as ConfigMap),
                    "observability:logs": { value: JSON.stringify(logs), secret: kind === "elasticsearch" },
                });
            });

            after(() => {
                plane?.stop();
                if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
            });

            it("comes up from nothing, and has nothing to do after", async () => {
                const started = Date.now();
                const made = await deploy(stack);
                console.log(`      up: ${Math.round((Date.now() - started) / 1000)} s, ${made.length} resources`);
                assert.deepEqual(await changes(stack), []);
            });

            it("has its releases deployed, and none of Loki", () => {
                const list = execFileSync("helm", ["list", "-A", "-o", "json"], {
                    encoding: "utf8",
                    env: { ...process.env, KUBECONFIG: plane?.kubeconfig },
                });
                const found = (JSON.parse(list) as { name: string; status: string }[]).filter(
                    ({ status }) => status === "deployed",
                );
                const names = found.map((release) => release.name);
                for (const release of releases) assert.ok(names.includes(release), `${release} is not deployed`);
                assert.equal(names.includes("loki"), false);
            });

            it("has every pod placed", async () => {
                const pods = await kubectl.list("pods");
                const waiting = pods.filter((pod) => pod.status?.phase === "Pending");
                console.log(`      ${pods.length} pods`);
                assert.deepEqual(
                    waiting.map((pod) => `${pod.metadata.namespace ?? ""}/${pod.metadata.name}`),
                    [],
                );
            });

            it("has no secret in state, Helm's records, ConfigMaps or pods", async () => {
                const generated = [...(await generatedSecrets(kubectl, secrets)), ...given];
                assert.ok(generated.length > 0, "no generated secret was found");
                const texts = await readableTexts(kubectl);
                const state = join(folder ?? "", "state/.pulumi/stacks/observability", `${name}.json`);
                assert.ok(existsSync(state));
                texts.set("state", readFileSync(state, "utf8"));
                for (const [place, text] of texts) {
                    for (const secret of generated) assert.ok(!text.includes(secret), `a secret stands in ${place}`);
                }
            });

            it("goes away", async () => {
                execFileSync("pulumi", ["state", "unprotect", "--all", "--yes", "--stack", name], {
                    cwd: stack.workspace.workDir,
                    env: { ...process.env, ...stack.workspace.envVars, PULUMI_HOME: join(folder ?? "", "home") },
                });
                await stack.destroy();
                const left = (await kubectl.list("secrets")).filter(({ type }) => type === "helm.sh/release.v1");
                assert.deepEqual(
                    left.map(({ metadata }) => metadata.name),
                    [],
                );
            });
        });
    }
}
