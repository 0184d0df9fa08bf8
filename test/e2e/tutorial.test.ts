import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { podLabels } from "../../components/grafana/names";
import { MONITORING } from "../../components/kubernetes/namespaces";
import { RELEASE } from "../../components/monitoring/kube-prometheus-stack/names";
import { at, record, records } from "../../tools/records";
import { pageOf } from "../fixtures/markdown";
import { Kubectl } from "./kubectl";
import { Client, clientObjects } from "./real-nodes/client";
import { furnishedNodes, lacksGrafana, NO_GRAFANA, seconds } from "./real-nodes/deployment";
import type { Outputs } from "./real-nodes/doors";
import { RealNodes } from "./real-nodes/ground";
import { unready } from "./real-nodes/pods";
import { needsCharts, ROOT } from "./rendered";
import { until } from "./until";

/*
 * The tutorial's own commands in a copy of the repository, on a node that runs its containers, as far as there are
 * programs: what kind does is done by the ground, and instead of clicks in Grafana its stores are asked what it would ask.
 */

const TUTORIAL = "docs/tutorial.md";
const APPLICATION_IMAGE = /image: (\S+)/;
/** Asks as Grafana does: where policies let Grafana through, and nobody else of the namespace. */
const ASKER = { name: "asker", podLabels: podLabels(RELEASE) };

/** The steps of the page by their numbers: text, and the commands. */
function steps(): Map<number, { readonly prose: string; readonly commands: string }> {
    const [, ...parts] = readFileSync(join(ROOT, TUTORIAL), "utf8").split(/^## (?=\d+\. )/m);
    return new Map(
        parts.map((part) => {
            const { prose, blocks } = pageOf(TUTORIAL, part);
            const commands = blocks.filter(({ language }) => language === "sh").map(({ text }) => text);
            return [Number.parseInt(part, 10), { prose, commands: commands.join("\n") }];
        }),
    );
}

/** A user's shell: each step sees what the ones before have exported. */
class Shell {
    private exported = "";

    constructor(
        private readonly folder: string,
        private readonly env: NodeJS.ProcessEnv,
    ) {}

    /** @param tells false where what it prints is a secret. */
    async run(commands: string, tells = true): Promise<string> {
        const started = Date.now();
        const script = `set -eo pipefail\n${this.exported}${commands}`;
        const child = spawn("bash", ["-c", script], {
            cwd: this.folder,
            env: this.env,
            stdio: ["ignore", "pipe", "pipe"],
        });
        let printed = "";
        for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (printed += String(chunk)));
        const code = await new Promise((resolve) => child.once("close", resolve));
        const told = tells ? printed.replace(/^/gm, "      ") : "      (not shown)\n      ";
        console.log(`${commands.replace(/^/gm, "      $ ")}\n${told}(${seconds(started)} s)`);
        assert.equal(code, 0, printed);
        this.exported +=
            commands
                .split("\n")
                .filter((line) => line.startsWith("export "))
                .join("\n") + "\n";
        return printed;
    }
}

describe("the tutorial on a real node", function () {
    this.timeout(3_600_000);
    const page = steps();
    const step = (number: number) => page.get(number) ?? assert.fail(`the page has no step ${number}`);
    let folder: string | undefined;
    let ground: RealNodes | undefined;
    let shell: Shell;
    let kubectl: Kubectl;
    let outputs: Outputs;
    let client: Client;
    let withoutGrafana = "";
    let image = "";

    before(async function () {
        const none = process.env.TUTORIAL === undefined ? "it needs TUTORIAL=1" : RealNodes.absent();
        if (none !== undefined) {
            console.log(`    not run: ${none}`);
            this.skip();
        }
        needsCharts(this, ["pulumi", "kubectl", "jq", "git", "npm"]);
        folder = mkdtempSync(join(tmpdir(), "tutorial-"));
        const furnished = await furnishedNodes(folder, { stack: "dev", nodes: 1, zones: 1, settings: {} });
        if (typeof furnished === "string") {
            console.log(`    not run: ${furnished}`);
            this.skip();
        }
        ground = furnished.ground;
        const shop = readFileSync(join(ROOT, "examples/application/manifests/shop.yaml"), "utf8");
        const [, node = ""] = APPLICATION_IMAGE.exec(shop) ?? [];
        assert.deepEqual(await ground.images([node]), [], "the application's image");
        if (lacksGrafana(furnished.absent)) withoutGrafana = WITHOUT_GRAFANA;
        const clone = join(folder, "clone");
        const files = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
            cwd: ROOT,
        });
        for (const file of files
            .toString()
            .split("\0")
            .filter((each) => each !== ""))
            cpSync(join(ROOT, file), join(clone, file));
        const home = join(folder, "home");
        mkdirSync(home);
        kubectl = new Kubectl(ground.kubeconfig);
        shell = new Shell(clone, {
            ...process.env,
            HOME: home,
            KUBECONFIG: ground.kubeconfig,
            NPM_CONFIG_USERCONFIG: join(homedir(), ".npmrc"),
            NPM_CONFIG_CACHE: join(homedir(), ".npm"),
            PULUMI_BACKEND_URL: undefined,
            PULUMI_CONFIG_PASSPHRASE: undefined,
        });
        client = new Client(ground.kubeconfig, MONITORING, ASKER.name);
        image = furnished.image;
    });

    after(() => {
        ground?.down();
        if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
    });

    it("1: shows what dev would make", async () => {
        const printed = await shell.run(step(1).commands);
        assert.match(printed, /, 8 Release, /);
    });

    it("2: has a node", async () => {
        await shell.run(step(2).commands.replace(/^kind .*\n/m, ""));
    });

    it("3: installs it", async () => {
        const commands = step(3).commands.replace(/^pulumi up$/m, "pulumi up --yes");
        assert.match(commands, /--yes/);
        await shell.run(commands.replace(/^pulumi stack init .*$/m, `$&\n${withoutGrafana}`));
        outputs = JSON.parse(await shell.run("pulumi stack output --json")) as Outputs;
    });

    it("4: runs", async () => {
        // The ground's operator of the collectors writes no status, which the page's `wait` asks for.
        await shell.run(step(4).commands.replace(/^kubectl .* wait alloys .*$/m, ""));
        await until("pods are ready", async () => (await unready(kubectl)).join(", "), 2000);
        await shell.run("kubectl get pods --all-namespaces");
        for (const object of clientObjects(MONITORING, image, undefined, ASKER)) kubectl.apply(object);
    });

    it("5: has an application", async () => {
        await shell.run(step(5).commands);
        await until("pods are ready", async () => (await unready(kubectl)).join(", "), 2000);
        await shell.run("kubectl --namespace shop get pods");
    });

    it("6: has a password for Grafana", async () => {
        const [password = ""] = step(6).commands.split("\n");
        assert.match(await shell.run(password, false), /\S{12}/);
    });

    it("7: leads from a graph to a trace to a line, as Grafana asks for them", async () => {
        const headers = { "X-Scope-OrgID": outputs.tenant };
        const ask = async (url: string): Promise<Record<string, unknown>> => {
            const { status, body } = await client.call(url, { headers });
            return status === 200 ? record(JSON.parse(body)) : {};
        };
        const encoded = (query: Record<string, string>) => new URLSearchParams(query).toString();
        const [, graph = ""] = /`(histogram_quantile\(.+?)`/s.exec(step(7).prose) ?? [];
        const asked = Date.now();
        await until(
            "the graph has values",
            async () => {
                const [found] = records(
                    at(await ask(`${outputs.query.metrics}/api/v1/query?${encoded({ query: graph })}`), "data.result"),
                );
                const value = Array.isArray(found?.value) ? Number(found.value[1]) : NaN;
                return value > 0 || JSON.stringify(found ?? "nothing");
            },
            2000,
        );
        console.log(`      the graph has values after ${seconds(asked)} s`);
        let lead = "";
        await until(
            "an exemplar leads to a trace of both services, and that to its line",
            async () => {
                const range = { start: String(asked / 1000 - 300), end: String(Date.now() / 1000) };
                const query = { query: graph, ...range };
                const { data } = await ask(`${outputs.query.metrics}/api/v1/query_exemplars?${encoded(query)}`);
                const ids = records(data).flatMap(({ exemplars }) =>
                    records(exemplars).map((each) => at(each, "labels.trace_id")),
                );
                for (const id of ids.map(String)) {
                    const trace = JSON.stringify(await ask(`${outputs.query.traces}/api/traces/${id}`));
                    if (!trace.includes('"visitor"') || !trace.includes('"shop"')) continue;
                    const line = { query: `{service_name="shop"} | trace_id="${id}"`, since: "1h" };
                    const lines = await ask(`${outputs.query.logs}/loki/api/v1/query_range?${encoded(line)}`);
                    const streams = records(at(lines, "data.result"));
                    if (streams.length === 0) continue;
                    lead = `${id}: ${JSON.stringify(streams[0]?.values)}`;
                    return true;
                }
                return `${ids.length} exemplars, none of them does`;
            },
            5000,
        );
        console.log(`      ${lead}`);
    });
});

/** Where its image is not to be had. */
const WITHOUT_GRAFANA = `pulumi config set observability:kubePrometheusStack '${JSON.stringify(NO_GRAFANA)}'`;
