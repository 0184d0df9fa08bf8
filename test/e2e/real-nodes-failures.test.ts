import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { Deployment, FRIEND, seconds, until } from "./real-nodes/deployment";
import { costs, lost, outcomesTable, type Outcome } from "./real-nodes/failures";
import { RealNodes } from "./real-nodes/ground";
import { SIGNALS, Writer } from "./real-nodes/writer";
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

/** Milliseconds before a failure of which every write is looked for after it. */
const BEFORE = 120_000;

/** What dev's file promises nothing for: without a volume, the receivers' queue is gone with them. */
const MAY_LOSE = new Set(["the node killed, and back traces", "the receiver killed traces"]);

describe("dev while it is written to", function () {
    this.timeout(7_200_000);
    const outcomes: Outcome[] = [];
    let dev: Deployment | undefined;
    let writing: Writer | undefined;
    const deployed = () => dev ?? assert.fail("it is not up");

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
        const { ground, outputs } = dev;
        writing = new Writer(ground.kubeconfig, dev.client(FRIEND), outputs, randomBytes(8).toString("hex"));
        writing.start();
        await sleep(60_000);
    });

    after(() => {
        if (outcomes.length > 0) console.log(outcomesTable(outcomes));
        writing?.stop();
        dev?.down();
    });

    async function measure(
        failure: string,
        fail: () => Promise<void>,
        healed: (since: number) => Promise<void>,
    ): Promise<void> {
        const writer = writing ?? assert.fail("nobody writes");
        const started = Date.now();
        await fail();
        const ready = healed(started).then(() => seconds(started));
        let readsWhole = 0;
        await until("reads are whole", async () => {
            const rest: string[] = [];
            for (const signal of SIGNALS) {
                const gone = await lost(writer, signal, started - BEFORE, started).catch((error: unknown) => [
                    String(error),
                ]);
                if (gone.length > 0 && !MAY_LOSE.has(`${failure} ${signal}`)) rest.push(`${signal} ${gone.join(" ")}`);
            }
            readsWhole = seconds(started);
            return rest.join(", ");
        });
        const allReady = await ready;
        // What was taken last is on its way for some seconds.
        await sleep(30_000);
        const outcome = {
            failure,
            readsWhole,
            allReady,
            costs: await costs(writer, started, Date.now() - 20_000, BEFORE),
        };
        outcomes.push(outcome);
        const gone = outcome.costs.filter((cost) => cost.lost.length > 0 && !MAY_LOSE.has(`${failure} ${cost.signal}`));
        assert.deepEqual(gone, []);
    }

    for (const [failure, [namespace, selector]] of Object.entries(KILLED)) {
        it(`loses nothing that it took: ${failure}`, async () => {
            const { kubectl } = deployed();
            const kill = ["delete", "pod", "-n", namespace, "-l", selector, "--grace-period=0", "--force"];
            await measure(
                failure,
                async () => {
                    await kubectl.start(kill);
                },
                async () => {
                    await sleep(2000);
                    await deployed().ready();
                },
            );
        });
    }

    it("loses nothing that it took: the node killed, and back", async () => {
        const { ground } = deployed();
        await measure(
            "the node killed, and back",
            async () => {
                await ground.kill(0);
                await ground.start(0);
            },
            async (since) => {
                await deployed().ready(since);
                writing?.start();
            },
        );
    });
});
