import assert from "node:assert/strict";
import { Deployment, FRIEND, seconds } from "./real-nodes/deployment";
import { allArrived, doors } from "./real-nodes/doors";
import { RealNodes } from "./real-nodes/ground";
import { restarted, usage, usageTable } from "./real-nodes/pods";
import { refusals, tryAll } from "./real-nodes/refusals";
import { needsCharts } from "./rendered";
import { until } from "./until";

/*
 * The stack dev by the real CLI on a node that runs its containers, with NetworkPolicies and Pod Security enforced: every
 * pod ready, data by every door and back, what nobody may do refused, alerts silent.
 */

/** Beside what dev's file says: settings that a user has too. */
const SETTINGS = {
    pushgateway: { enabled: true },
    queryFrom: "labelled",
    // What is asked below need not wait for a minute each time.
    kubePrometheusStack: { prometheus: { scrapeInterval: "15s" } },
};

/** Memory of all pods at rest, in MiB: what a laptop is asked for. */
const DEV_FITS = 4096;

describe("dev on a real node", function () {
    this.timeout(3_600_000);
    let dev: Deployment | undefined;
    const deployed = () => dev ?? assert.fail("it is not up");

    before(async function () {
        const none = RealNodes.absent();
        if (none !== undefined) {
            console.log(`    not run: ${none}`);
            this.skip();
        }
        needsCharts(this, ["pulumi", "kubectl"]);
        const started = Date.now();
        const made = await Deployment.prepared({ stack: "dev", nodes: 1, zones: 1, settings: SETTINGS });
        if (typeof made === "string") {
            console.log(`    not run: ${made}`);
            this.skip();
        }
        dev = made;
        console.log(`      node and images: ${seconds(started)} s; not to be had: ${dev.absent.join(", ") || "none"}`);
    });

    after(() => dev?.down());

    it("comes up, every pod ready and none started twice", async () => {
        const started = Date.now();
        await deployed().up();
        console.log(`      all ready: ${seconds(started)} s`);
        assert.deepEqual(await restarted(deployed().kubectl), []);
    });

    it("takes data by every door, and has it where Grafana reads", async () => {
        const started = Date.now();
        const waiting = doors(deployed().client(FRIEND), deployed().kubectl, deployed().outputs);
        for (const { name, send } of waiting) {
            await until(
                `${name} is taken`,
                async () => {
                    const reply = await send?.();
                    if (reply === undefined || [200, 202, 204].includes(reply.status)) return "";
                    assert.ok(reply.status === 0 || reply.status >= 500, `${name}: ${JSON.stringify(reply)}`);
                    return JSON.stringify(reply);
                },
                2000,
            );
        }
        await allArrived(waiting);
        console.log(`      all has arrived: ${seconds(started)} s`);
    });

    it("is asked from where it must not be, and does not answer", async () => {
        const table = refusals(deployed().kubectl);
        assert.ok(table.length > 20);
        assert.deepEqual(await tryAll(table, deployed().clients), { reached: [], unknown: [] });
    });

    it("has no alert of its own", async () => {
        await until("alerts are silent", async () => (await deployed().alerts()).join(", "), 2000);
    });

    it("uses what it asks for, and has not been started again", async () => {
        const pods = (await usage(deployed().kubectl, 20)).filter(
            ({ pod }) => !pod.endsWith("/client") && !pod.startsWith("kube-system/"),
        );
        console.log(usageTable(pods));
        const memory = pods.reduce((all, { used }) => all + used.memory, 0);
        assert.ok(memory < DEV_FITS, `dev is to fit into ${DEV_FITS} MiB and uses ${memory.toFixed(0)} MiB`);
        assert.deepEqual(await restarted(deployed().kubectl), []);
    });
});
