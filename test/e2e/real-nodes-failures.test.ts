import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { Deployment } from "./real-nodes/deployment";
import { RealNodes } from "./real-nodes/ground";
import { Trial } from "./real-nodes/trial";
import { needsCharts } from "./rendered";

/*
 * What failures cost while one sample, one line and one span are written each second: `FAILURES=1 npm run e2e -- --grep
 * "while it is written to"`. It takes half an hour; the table that it prints is the one of docs/explanation/surviving-loss.md.
 */

/** Of each store what keeps data, by its label's selector; one pod of each is killed. */
const KILLED: Readonly<Record<string, readonly [namespace: string, selector: string]>> = {
    "MinIO's pod killed": ["minio", "app=minio"],
    "Cortex' ingester killed": ["cortex", "app.kubernetes.io/component=ingester"],
    "Cortex' distributor killed": ["cortex", "app.kubernetes.io/component=distributor"],
    "Cortex' gateway killed": ["cortex", "app.kubernetes.io/component=nginx"],
    "Loki killed": ["loki", "app.kubernetes.io/component=single-binary"],
    "Loki's gateway killed": ["loki", "app.kubernetes.io/component=gateway"],
    "Tempo killed": ["tempo", "app.kubernetes.io/name=tempo"],
    "the receiver killed": ["collectors", "app.kubernetes.io/name=alloy-receiver"],
};

/** What dev's file promises nothing for: without a volume, the receivers' queue is gone with them. */
const MAY_LOSE = new Set(["the node killed, and back traces", "the receiver killed traces"]);

describe("dev while it is written to", function () {
    this.timeout(7_200_000);
    let dev: Deployment | undefined;
    let started: Trial | undefined;
    const trial = () => started ?? assert.fail("it is not up");

    before(async function () {
        const none = process.env.FAILURES === undefined ? "FAILURES is not set" : RealNodes.absent();
        if (none !== undefined) {
            console.log(`    not run: ${none}`);
            this.skip();
        }
        needsCharts(this, ["pulumi", "kubectl"]);
        const shape = { stack: "dev", nodes: 1, zones: 1, settings: { queryFrom: "labelled" } };
        const made = await Deployment.prepared(shape);
        if (typeof made === "string") {
            console.log(`    not run: ${made}`);
            this.skip();
        }
        dev = made;
        await dev.up();
        started = new Trial(dev, MAY_LOSE);
        await started.start();
    });

    after(() => {
        started?.end();
        dev?.down();
    });

    for (const [failure, [namespace, selector]] of Object.entries(KILLED)) {
        it(`loses nothing that it took: ${failure}`, async () => {
            const { deployed } = trial();
            const kill = ["delete", "pod", "-n", namespace, "-l", selector, "--grace-period=0", "--force"];
            await trial().measure(
                failure,
                async () => {
                    await deployed.kubectl.start(kill);
                    return undefined;
                },
                async () => {
                    await sleep(2000);
                    await deployed.ready();
                },
            );
        });
    }

    it("loses nothing that it took: the node killed, and back", async () => {
        const { deployed, writer } = trial();
        await trial().measure(
            "the node killed, and back",
            async () => {
                await deployed.ground.kill(0);
                await deployed.ground.start(0);
                return undefined;
            },
            async (since) => {
                await deployed.ready({ since });
                await writer.start();
            },
        );
    });
});
