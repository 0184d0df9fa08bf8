import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { Stack } from "@pulumi/pulumi/automation";
import { CONTROL_PLANE, missing, stagesFile, startControlPlane, type ControlPlane } from "./control-plane";
import { Kubectl } from "./kubectl";
import { changes, deploy, openOutputs, openStack } from "./project";
import { readableTexts, secretStates } from "./secrets";

const absent = missing(["pulumi", "kubectl", "helm"]).concat(
    process.env.KUBECONFIG === undefined ? missing(CONTROL_PLANE) : [],
);

const HOST = "push.hub-of-the-test.example.com";

/** The sending stack by the real CLI, joined by the output of another stack: three nodes are enough. */
describe("stack edge by the real CLI", () => {
    let folder: string;
    let plane: ControlPlane | undefined;
    let kubectl: Kubectl;
    let kubeconfig: string;
    let hub: Stack;
    let edge: Stack;
    let password = "first-password-of-the-test";

    before(async function () {
        if (absent.length > 0) {
            console.log(`    not run: ${absent.join(", ")} not on PATH`);
            this.skip();
        }
        folder = mkdtempSync(join(tmpdir(), "platform-edge-"));
        if (process.env.KUBECONFIG === undefined) {
            plane = await startControlPlane(join(folder, "cluster"), 3, 1, stagesFile());
        }
        kubeconfig = plane?.kubeconfig ?? process.env.KUBECONFIG ?? "";
        kubectl = new Kubectl(kubeconfig);
        hub = await openOutputs(folder, "hub", "prod", () => {
            const login = { url: `https://${HOST}`, tenant: "edge", username: "edge", password, ca: "authorities" };
            return Promise.resolve({ clusters: pulumi.secret({ edge: login }) });
        });
        await hub.up();
        edge = await openStack(folder, "edge", {
            KUBECONFIG: kubeconfig,
            ...(process.env.CHART_MIRROR !== undefined && { CHART_MIRROR: process.env.CHART_MIRROR }),
        });
        const reference = JSON.stringify({ stack: "organization/hub/prod" });
        await edge.setConfig("observability:hub", { value: reference });
    });

    after(() => {
        plane?.stop();
        if (process.env.KEEP === undefined && folder) rmSync(folder, { recursive: true, force: true });
    });

    it("comes up from nothing, every pod placed, and has nothing to do after", async () => {
        await edge.up();
        const list = execFileSync("helm", ["list", "-A", "-o", "json"], {
            encoding: "utf8",
            env: { ...process.env, KUBECONFIG: kubeconfig },
        });
        const releases = JSON.parse(list) as { name: string; status: string }[];
        const deployed = releases.filter(({ status }) => status === "deployed").map(({ name }) => name);
        assert.deepEqual(deployed.sort(), ["blackbox-exporter", "k8s-monitoring", "kps", "prometheus-operator-crds"]);
        const pods = await kubectl.list("pods");
        const waiting = pods.filter(({ status }) => status?.phase === "Pending").map(({ metadata }) => metadata.name);
        assert.deepEqual(waiting, []);
        assert.equal(pods.filter(({ metadata }) => metadata.namespace === "egress-gateway").length, 2);
        assert.deepEqual(await changes(edge), []);
    });

    it("has address and password of its hub in one Secret, and in the clear nowhere", async () => {
        const { data } = (await secretStates(kubectl)).get("egress-gateway/hub") ?? { data: {} };
        assert.deepEqual(data, { url: `https://${HOST}`, username: "edge", password, "ca.crt": "authorities" });
        const texts = await readableTexts(kubectl);
        texts.set("state", readFileSync(join(folder, "state/.pulumi/stacks/observability/edge.json"), "utf8"));
        for (const [place, text] of texts) {
            for (const secret of [password, HOST]) assert.ok(!text.includes(secret), `${secret} stands in ${place}`);
        }
    });

    it("takes a new password from its hub, and starts the gateway's pods anew with it", async () => {
        password = "second-password-of-the-test";
        await hub.up();
        const touched = (await deploy(edge)).map((each) => each.replace(/ \S+$/, ""));
        assert.deepEqual([...new Set(touched)], ["Deployment hub-gateway", "Secret hub"]);
        const { data } = (await secretStates(kubectl)).get("egress-gateway/hub") ?? { data: {} };
        assert.ok("password" in data);
        assert.equal(data.password, password);
    });
});
