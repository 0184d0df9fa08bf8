import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { type Deployment, FRIEND, seconds, until } from "./deployment";
import { costs, lost, outcomesTable, type Outcome } from "./failures";
import { SIGNALS, Writer } from "./writer";

/** Milliseconds before a failure of which every write is looked for after it. */
const BEFORE = 120_000;

/** A deployment that is written to while one thing after another fails in it. */
export class Trial {
    readonly writer: Writer;
    private readonly outcomes: Outcome[] = [];

    /** @param mayLose failures and signals, `FAILURE SIGNAL`, of which a write that was taken may be lost. */
    constructor(
        readonly deployed: Deployment,
        private readonly mayLose: ReadonlySet<string> = new Set(),
    ) {
        const { ground, outputs } = deployed;
        this.writer = new Writer(ground.kubeconfig, deployed.client(FRIEND), outputs, randomBytes(8).toString("hex"));
    }

    async start(): Promise<void> {
        this.writer.start();
        await sleep(60_000);
    }

    /** Ends the writes; prints what each failure cost. */
    end(): void {
        if (this.outcomes.length > 0) console.log(outcomesTable(this.outcomes));
        this.writer.stop();
    }

    /**
     * Lets something fail, and counts until all that was taken before can be read and all is well again.
     * @param fail tells why it could not, where that is so.
     * @param healed ends when it is, of a failure at this time.
     * @throws where something that was taken is lost.
     */
    async measure(
        failure: string,
        fail: () => Promise<string | undefined>,
        healed: (since: number) => Promise<void>,
    ): Promise<void> {
        const started = Date.now();
        const not = await fail();
        if (not !== undefined) {
            console.log(`      not run: ${failure}: ${not}`);
            return;
        }
        const ready = healed(started).then(() => seconds(started));
        let readsWhole = 0;
        await until("reads are whole", async () => {
            const rest: string[] = [];
            for (const signal of SIGNALS) {
                const gone = await lost(this.writer, signal, started - BEFORE, started).catch((error: unknown) => [
                    String(error),
                ]);
                if (gone.length > 0 && !this.mayLose.has(`${failure} ${signal}`))
                    rest.push(`${signal} ${gone.join(" ")}`);
            }
            readsWhole = seconds(started);
            return rest.join(", ");
        });
        const allReady = await ready;
        // What was taken last is on its way for some seconds.
        await sleep(30_000);
        const cost = await costs(this.writer, started, Date.now() - 20_000, BEFORE);
        this.outcomes.push({ failure, readsWhole, allReady, costs: cost });
        const gone = cost.filter((each) => each.lost.length > 0 && !this.mayLose.has(`${failure} ${each.signal}`));
        assert.deepEqual(gone, []);
    }
}
