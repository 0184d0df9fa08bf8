import assert from "node:assert/strict";
import { footprintOf } from "../../tools/verify/footprint";
import { setTimeout as sleep } from "node:timers/promises";
import { databaseFailover } from "./real-nodes/database-failover";
import { configOf, Deployment, FRIEND } from "./real-nodes/deployment";
import { allArrived, doors } from "./real-nodes/doors";
import { RealNodes } from "./real-nodes/ground";
import { prodFailures } from "./real-nodes/prod-failures";
import { restarted, usage, usageTable } from "./real-nodes/pods";
import { prodRefusals, tryAll } from "./real-nodes/refusals";
import { FITS, NODES, shrunk } from "./real-nodes/shrunk";
import { Trial } from "./real-nodes/trial";
import { needsCharts, renderedWith } from "./rendered";
import { until } from "./until";

/** Series each 15 s, lines and spans a second: a fourth of what two cores did not carry beside all that runs on them. */
const LOAD = { series: 1500, lines: 20, spans: 10 };

/** Where the search for the knee begins, half as much again each minute. */
const KNEE = { series: 1500, lines: 30, spans: 15 };

/*
 * prod with all its replicas and small sizes on four nodes that run its containers: up, data by every door, calls that must be
 * refused, the database's failover, then one failure after another under writes and a load: `PROD=1 npm run e2e -- --grep
 * "prod, made small"`. It wants a machine with nothing else to do, for about an hour; each row of the table that
 * docs/explanation/surviving-loss.md is to have is printed as it is measured.
 */

describe("prod, made small", function () {
    this.timeout(14_400_000);

    before(function () {
        needsCharts(this);
    });

    it("has every pod that prod has, and fits on four nodes that share a machine of 16 GiB", async () => {
        const model = await renderedWith("prod", configOf(shrunk()));
        // Each node is the whole machine, as all of them share it: what is asked is whether hosts that are to be apart are there.
        const { total, nodes } = footprintOf(model, FITS);
        console.log(
            `      ${total.pods} pods: ${total.cpu.toFixed(2)} cores, ${(total.memory / 2 ** 30).toFixed(2)} GiB`,
        );
        assert.ok(total.cpu <= FITS.cpu && total.memory <= FITS.memory, JSON.stringify(total));
        assert.ok((nodes ?? Infinity) <= NODES, `it takes ${nodes} nodes`);
    });

    describe("on real nodes, while it is written to", () => {
        let prod: Deployment | undefined;
        let trial: Trial | undefined;
        const deployed = () => prod ?? assert.fail("it is not up");

        before(async function () {
            const none = process.env.PROD === undefined ? "PROD is not set" : RealNodes.absent();
            if (none !== undefined) {
                console.log(`    not run: ${none}`);
                this.skip();
            }
            needsCharts(this, ["pulumi", "kubectl"]);
            const made = await Deployment.prepared({ stack: "prod", nodes: NODES, zones: 1, settings: shrunk() });
            if (typeof made === "string") {
                console.log(`    not run: ${made}`);
                this.skip();
            }
            prod = made;
        });

        after(() => {
            trial?.end();
            prod?.down();
        });

        it("comes up, with every ring whole", async () => {
            await deployed().up();
            assert.deepEqual(await restarted(deployed().kubectl), []);
            console.log(usageTable(await usage(deployed().kubectl, 20)));
        });

        it("takes data by every door, and has it where Grafana reads", async () => {
            const waiting = doors(deployed().client(FRIEND), deployed().kubectl, deployed().outputs);
            for (const { name, send } of waiting) {
                const reply = await send?.();
                if (reply !== undefined)
                    assert.ok([200, 202, 204].includes(reply.status), `${name}: ${reply.status} ${reply.body}`);
            }
            await allArrived(waiting);
        });

        it("is asked from where it must not be, and does not answer", async () => {
            assert.deepEqual(await tryAll(prodRefusals(deployed().kubectl), deployed().clients), {
                reached: [],
                unknown: [],
            });
        });

        // What all of it cost while it came up is within the longest of the rules' ranges for a quarter of an hour.
        it("has no alert of its own", async () => {
            await until("alerts are silent", async () => (await deployed().alerts()).join(", "), 2000);
        });

        it("fails its database over, and has every commit", async () => {
            const failover = await databaseFailover(deployed());
            console.log(`      ${JSON.stringify(failover)}`);
            assert.equal(failover.lost, 0);
        });

        it("uses what it asks for under a load", async () => {
            trial = new Trial(deployed());
            await trial.start(LOAD);
            await sleep(180_000);
            console.log(usageTable(await usage(deployed().kubectl, 60)));
        });

        // Before anything has failed: what has just been rolled carries less.
        it("is driven to its knee, and tells what gave first", async () => {
            const { load } = trial ?? assert.fail("nobody pushes");
            await load.halt();
            const told = await load.run(KNEE, 60, ["--knee"]);
            console.log(told);
            load.start(LOAD);
            assert.match(told, /gave, first to last/);
        });

        describe("loses nothing that it took", () => {
            before(async () => {
                if (trial !== undefined) return;
                trial = new Trial(deployed());
                await trial.start(LOAD);
            });

            for (const { name, fail, healed } of prodFailures(deployed)) {
                it(name, () => (trial ?? assert.fail("nobody writes")).measure(name, fail, healed));
            }
        });
    });
});
