import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Stack } from "@pulumi/pulumi/automation";
import { imagesOf } from "../../tools/images/images";
import { Kubectl } from "./kubectl";
import { openStack } from "./project";
import { platformAlerts, silentButFor } from "./real-nodes/alerts";
import { Client, clientObjects } from "./real-nodes/client";
import { doors, type Outputs } from "./real-nodes/doors";
import { RealNodes } from "./real-nodes/ground";
import { restarted, unready, usage, usageTable } from "./real-nodes/pods";
import { FRIEND, refusals, STRANGER, tryAll } from "./real-nodes/refusals";
import { needsCharts, renderedWith } from "./rendered";

/*
 * The stack dev by the real CLI on a node that runs its containers, with NetworkPolicies and Pod Security enforced: every
 * pod ready, data by every door and back, alerts silent, what nobody may do refused, the node killed and back.
 */

/** Beside what dev's file says: settings that a user has too. */
const SETTINGS = {
    "observability:pushgateway": JSON.stringify({ enabled: true }),
    "observability:queryFrom": "labelled",
    // What is asked below need not wait for a minute each time.
    "observability:kubePrometheusStack": JSON.stringify({ prometheus: { scrapeInterval: "15s" } }),
};

/** Where Grafana's image is not to be had: the release would wait for it without end. */
const WITHOUT_GRAFANA = {
    "observability:kubePrometheusStack": JSON.stringify({
        prometheus: { scrapeInterval: "15s" },
        values: { grafana: { replicas: 0, persistence: { enabled: false } } },
    }),
};

/** What a pod to call from has beside curl: a shell. The gateway's image does. */
const CLIENT_IMAGE = /\/nginx:/;

const STORES = ["minio", "cortex", "loki", "tempo", "monitoring", "collectors"];

describe("dev on a real node", function () {
    this.timeout(3_600_000);
    const clients = new Map<string, Client>();
    let folder: string | undefined;
    let ground: RealNodes | undefined;
    let kubeconfig: string;
    let kubectl: Kubectl;
    let stack: Stack;
    let image: string;
    let absent: readonly string[];
    let outputs: Outputs;
    const clientOf = (namespace: string) => clients.get(namespace) ?? assert.fail(`no client in ${namespace}`);

    before(async function () {
        const none = RealNodes.absent();
        if (none !== undefined) {
            console.log(`    not run: ${none}`);
            this.skip();
        }
        needsCharts(this, ["pulumi", "kubectl"]);
        folder = mkdtempSync(join(tmpdir(), "real-nodes-"));
        const started = Date.now();
        const [made, model] = await Promise.all([RealNodes.up(folder, 1, 1), renderedWith("dev", SETTINGS)]);
        if (typeof made === "string") {
            console.log(`    not run: ${made}`);
            this.skip();
        }
        ground = made;
        const images = imagesOf(model).map((each) => each.image);
        image = images.find((each) => CLIENT_IMAGE.test(each)) ?? assert.fail("no image to call from");
        absent = await ground.images(images);
        console.log(`      node and images: ${seconds(started)} s; not to be had: ${absent.join(", ") || "none"}`);
        ({ kubeconfig } = ground);
        kubectl = new Kubectl(kubeconfig);
        stack = await openStack(folder, "dev", {
            KUBECONFIG: kubeconfig,
            CHART_MIRROR: process.env.CHART_MIRROR ?? "",
        });
        const settings = { ...SETTINGS, ...(absent.some((each) => each.includes("/grafana:")) && WITHOUT_GRAFANA) };
        await stack.setAllConfig(Object.fromEntries(Object.entries(settings).map(([key, value]) => [key, { value }])));
    });

    after(() => {
        ground?.down();
        if (folder !== undefined && process.env.KEEP === undefined) rmSync(folder, { recursive: true, force: true });
    });

    it("comes up, every pod ready and none started twice", async () => {
        const started = Date.now();
        const { outputs: told } = await stack.up();
        outputs = Object.fromEntries(Object.entries(told).map(([key, { value }]) => [key, value as unknown])) as never;
        const up = seconds(started);
        const labels = { "observability-platform/ingest": "allowed", "observability-platform/query": "allowed" };
        for (const namespace of [FRIEND, STRANGER, ...STORES]) {
            const made = { [FRIEND]: labels, [STRANGER]: {} }[namespace];
            for (const object of clientObjects(namespace, image, made)) kubectl.apply(object);
            clients.set(namespace, new Client(kubeconfig, namespace));
        }
        await until("pods are ready", async () => (await unready(kubectl)).join(", "));
        console.log(`      up: ${up} s; all ready: ${seconds(started)} s`);
        assert.deepEqual(await restarted(kubectl), []);
    });

    it("takes data by every door, and has it where Grafana reads", async () => {
        const started = Date.now();
        let waiting = doors(clientOf(FRIEND), kubectl, outputs);
        for (const { name, send } of waiting) {
            const reply = await send?.();
            if (reply !== undefined)
                assert.ok([200, 202, 204].includes(reply.status), `${name}: ${JSON.stringify(reply)}`);
        }
        await until("all has arrived", async () => {
            const arrived = await Promise.all(waiting.map((door) => door.arrived()));
            waiting = waiting.filter((_, i) => !arrived[i]);
            return waiting.map(({ name }) => name).join(", ");
        });
        console.log(`      all has arrived: ${seconds(started)} s`);
    });

    it("is asked from where it must not be, and does not answer", async () => {
        const table = refusals(kubectl);
        assert.ok(table.length > 20);
        assert.deepEqual(await tryAll(table, clients), { reached: [], unknown: [] });
    });

    it("has no alert of its own", async () => {
        const silent = silentButFor({ grafana: absent.length > 0 });
        await until("alerts are silent", async () =>
            (await platformAlerts(clientOf("monitoring"))).filter(silent).join(", "),
        );
    });

    it("uses what it asks for", async () => {
        const pods = (await usage(kubectl, 20)).filter(
            ({ pod }) => !pod.endsWith("/client") && !pod.startsWith("kube-system/"),
        );
        console.log(usageTable(pods));
        const memory = pods.reduce((all, { used }) => all + used.memory, 0);
        assert.ok(memory < 4096, `dev is to fit into 4 GiB and uses ${memory.toFixed(0)} MiB`);
        assert.deepEqual(await restarted(kubectl), []);
    });
});

const seconds = (since: number) => Math.round((Date.now() - since) / 1000);

/** Waits until nothing is left of what is asked for; ends after half an hour, which is no measure of anything. */
async function until(what: string, left: () => Promise<string>): Promise<void> {
    const end = Date.now() + 1_800_000;
    for (;;) {
        const rest = await left();
        if (rest === "") return;
        if (Date.now() > end) assert.fail(`not so after half an hour: ${what}. Left: ${rest}`);
        await sleep(2000);
    }
}
