import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { LocalWorkspace, type Stack } from "@pulumi/pulumi/automation";
import { parse, stringify } from "yaml";
import { record } from "../../tools/records";
import { pageOf } from "../fixtures/markdown";
import { CONTROL_PLANE, missing, stagesFile, startControlPlane, type ControlPlane } from "./control-plane";
import { Kubectl } from "./kubectl";
import { changes } from "./project";

const ROOT = resolve(__dirname, "../..");
const PAGE = "docs/how-to/use-as-a-library.md";
const SLACK = "https://hooks.slack.example.com/services/of-this-test";
/** What a plugin from source needs of the repository. */
const PACKAGE = ["components", "provider", "package.json", "package-lock.json", "tsconfig.json", "node_modules"];

const absent = missing(["pulumi", "pulumi-language-nodejs", "pulumi-language-yaml", "kubectl"]).concat(
    process.env.KUBECONFIG === undefined ? missing(CONTROL_PLANE) : [],
);

/** The program in YAML that the page shows, with other settings. */
function programOf(settings: Record<string, unknown>): string {
    const { blocks } = pageOf(PAGE, readFileSync(join(ROOT, PAGE), "utf8"));
    const shown = record(parse(blocks.find(({ language }) => language === "yaml")?.text ?? ""));
    const platform = record(record(shown.resources).platform);
    const properties = { ...record(platform.properties), ...settings };
    // `pulumi package add` writes where the package is.
    return stringify({ ...shown, packages: undefined, resources: { platform: { ...platform, properties } } });
}

/** The component as programs that are not in TypeScript have it: by the real CLI, from a program in YAML. */
describe("the component provider with a program in YAML", () => {
    const laptop = {
        cluster: "yaml",
        survives: "nothing",
        ...(process.env.CHART_MIRROR !== undefined && { chartMirror: process.env.CHART_MIRROR }),
    };
    let folder: string;
    let workDir: string;
    let plane: ControlPlane | undefined;
    let kubectl: Kubectl;
    let stack: Stack;
    let env: Record<string, string>;

    before(async function () {
        if (absent.length > 0) {
            console.log(`    not run: ${absent.join(", ")} not on PATH`);
            this.skip();
        }
        folder = mkdtempSync(join(tmpdir(), "component-provider-"));
        // The CLI installs a plugin's dependencies in the plugin's folder.
        for (const name of PACKAGE) {
            cpSync(realpathSync(join(ROOT, name)), join(folder, "package", name), {
                recursive: true,
                verbatimSymlinks: true,
            });
        }
        workDir = join(folder, "program");
        for (const name of ["program", "state", "home"]) mkdirSync(join(folder, name));
        if (process.env.KUBECONFIG === undefined) {
            plane = await startControlPlane(join(folder, "cluster"), 3, 1, stagesFile());
        }
        const kubeconfig = plane?.kubeconfig ?? process.env.KUBECONFIG ?? "";
        kubectl = new Kubectl(kubeconfig);
        env = {
            KUBECONFIG: kubeconfig,
            PULUMI_BACKEND_URL: `file://${join(folder, "state")}`,
            PULUMI_CONFIG_PASSPHRASE: "end-to-end",
            PULUMI_SKIP_UPDATE_CHECK: "true",
            PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
            npm_config_prefer_offline: "true",
        };
        writeFileSync(join(workDir, "Pulumi.yaml"), programOf(laptop));
        stack = await LocalWorkspace.createOrSelectStack(
            { stackName: "dev", workDir },
            { pulumiHome: join(folder, "home"), secretsProvider: "passphrase", envVars: env },
        );
        await stack.setConfig("slackUrl", { value: SLACK, secret: true });
    });

    after(() => {
        plane?.stop();
        if (folder) rmSync(folder, { recursive: true, force: true });
    });

    it("is added by its folder", async () => {
        await promisify(execFile)("pulumi", ["package", "add", "../package/provider"], {
            cwd: workDir,
            env: { ...process.env, ...env, PULUMI_HOME: join(folder, "home") },
        });
        const { packages } = parse(readFileSync(join(workDir, "Pulumi.yaml"), "utf8")) as { packages?: object };
        assert.deepEqual(Object.keys(packages ?? {}), ["observability"]);
    });

    it("refuses wrong settings, all at once, and a kind of setting that is not there before that", async () => {
        const written = readFileSync(join(workDir, "Pulumi.yaml"), "utf8");
        const preview = async (settings: Record<string, unknown>) => {
            const { packages } = parse(written) as { packages: object };
            const program = parse(programOf({ ...laptop, ...settings })) as object;
            writeFileSync(join(workDir, "Pulumi.yaml"), stringify({ ...program, packages }));
            try {
                return (await stack.preview()).stdout;
            } catch (error) {
                return String(error);
            } finally {
                writeFileSync(join(workDir, "Pulumi.yaml"), written);
            }
        };
        const wrong = await preview({ domain: "nowhere", imageRegistry: "https://registry.example.com" });
        assert.match(wrong, /2 problems in the settings of this stack:\s+domain\s[^]*\simageRegistry\s/);
        assert.doesNotMatch(wrong, /\.[jt]s:\d+/);
        assert.match(await preview({ survive: "node" }), /survive/);
    });

    it("comes up, with the addresses as outputs, and has nothing to do after", async () => {
        const { outputs, summary } = await stack.up();
        assert.equal(summary.result, "succeeded");
        assert.match(String(record(outputs.grafana?.value).url), /^http:\/\/grafana\./);
        assert.equal(outputs.grafana?.secret, false);
        assert.deepEqual(await changes(stack), []);
    });

    it("makes the releases of a stack, below the component", async () => {
        const exported = await stack.exportStack();
        const { resources } = exported.deployment as { resources: { urn: string; type: string }[] };
        const releases = resources.filter(({ type }) => type === "kubernetes:helm.sh/v3:Release");
        assert.ok(releases.length >= 8, `${releases.length} releases`);
        for (const { urn } of releases) assert.match(urn, /::observability:index:ObservabilityPlatform\$/);
    });

    it("keeps a credential that the program gives in a Secret, and nowhere else", async () => {
        const state = readFileSync(join(folder, "state/.pulumi/stacks/cluster/dev.json"), "utf8");
        assert.ok(!state.includes("of-this-test"), "the state has it in the open");
        const secrets = await kubectl.list("secrets");
        const holding = secrets.filter(({ data = {} }) =>
            Object.values(data).some((value) => Buffer.from(value, "base64").toString().includes(SLACK)),
        );
        assert.deepEqual(
            holding.map(({ metadata }) => metadata.name),
            ["alertmanager-config"],
        );
    });

    it("goes away", async () => {
        await stack.destroy();
        assert.deepEqual(await kubectl.list("deployments"), []);
    });
});
