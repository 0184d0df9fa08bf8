import assert from "node:assert/strict";
import { footprintOf } from "../../tools/verify/footprint";
import { platformAlerts, silentButFor } from "./real-nodes/alerts";
import { configOf, Deployment, until } from "./real-nodes/deployment";
import { RealNodes } from "./real-nodes/ground";
import { podFailures, wholeFailures, type Failure } from "./real-nodes/prod-failures";
import { restarted, usage, usageTable } from "./real-nodes/pods";
import { FITS, NODE, NODES, shrunk } from "./real-nodes/shrunk";
import { Trial } from "./real-nodes/trial";
import { needsCharts, renderedWith } from "./rendered";

/*
 * prod with all its replicas and small sizes on four nodes that run its containers: up, every ring whole, then one failure
 * after another under writes: `PROD=1 npm run e2e -- --grep "prod, made small"`. It takes hours; the table that it prints is
 * the one of docs/explanation/surviving-loss.md.
 */

describe("prod, made small", function () {
    this.timeout(14_400_000);

    before(function () {
        needsCharts(this);
    });

    it("has every pod that prod has, and fits on four nodes of a laptop", async () => {
        const model = await renderedWith("prod", configOf(shrunk()));
        const { total, nodes } = footprintOf(model, NODE);
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

        it("comes up, with every ring whole and no alert of its own", async () => {
            await deployed().up();
            assert.deepEqual(await restarted(deployed().kubectl), []);
            const told = silentButFor({ grafana: deployed().absent.length > 0 });
            const monitoring = deployed().client("monitoring");
            await until("alerts are silent", async () => (await platformAlerts(monitoring)).filter(told).join(", "));
            console.log(usageTable(await usage(deployed().kubectl, 20)));
            trial = new Trial(deployed());
            await trial.start();
        });

        it("loses nothing that it took, whatever pod of a store ends", async () => {
            await all(await podFailures(deployed()));
        });

        it("loses nothing that it took, whatever happens to a node, a volume, a server or the API server", async () => {
            await all(wholeFailures(deployed()));
        });

        /** One after another, to the end: what the first one costs says nothing of the next. */
        async function all(failures: readonly Failure[]): Promise<void> {
            const wrong: string[] = [];
            for (const { name, fail, healed } of failures) {
                try {
                    await (trial ?? assert.fail("nobody writes")).measure(name, fail, healed);
                } catch (error) {
                    wrong.push(`${name}: ${String(error)}`);
                }
            }
            assert.deepEqual(wrong, []);
        }
    });
});
