import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { until } from "../until";
import { type Deployment, FRIEND, seconds } from "./deployment";
import { costs, lost, outcomeRow, outcomesTable, readsWholeAfter, type Outcome } from "./failures";
import { type Load, SteadyLoad } from "./load";
import { SIGNALS, Writer } from "./writer";

/** Milliseconds before a failure of which every write is looked for after it. */
const BEFORE = 120_000;

/** Milliseconds for which what was taken last is on its way. */
const ON_ITS_WAY = 20_000;

/** Looks in a row in which nothing more has come of what was taken: what is not there then is lost. */
const SAME_LOOKS = 60;

/** Milliseconds between two looks at the alerts. */
const LOOKED_AT = 10_000;

/** A deployment that is written to while one thing after another fails in it. */
export class Trial {
    readonly writer: Writer;
    readonly load: SteadyLoad;
    private readonly outcomes: Outcome[] = [];

    /** @param mayLose failures and signals, `FAILURE SIGNAL`, of which a write that was taken may be lost. */
    constructor(
        readonly deployed: Deployment,
        private readonly mayLose: ReadonlySet<string> = new Set(),
    ) {
        const { ground, outputs } = deployed;
        this.load = new SteadyLoad(deployed);
        this.writer = new Writer(ground.kubeconfig, deployed.client(FRIEND), outputs, randomBytes(8).toString("hex"));
    }

    /** @param load what is pushed beside the writes; nothing where it is absent. */
    async start(load?: Load): Promise<void> {
        if (load !== undefined) {
            await this.load.open();
            this.load.start(load);
        }
        await this.writer.start();
        await sleep(60_000);
    }

    /** Ends the writes; prints what each failure cost. */
    end(): void {
        if (this.outcomes.length > 0) console.log(outcomesTable(this.outcomes));
        this.writer.stop();
        this.load.stop();
    }

    /**
     * Lets something fail, and counts until all is well again and all that was taken before is there.
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
        const alerts = new Set<string>();
        const watch = setInterval(() => {
            void this.alerts().then((all) => {
                all.forEach((each) => alerts.add(each));
            });
        }, LOOKED_AT);
        try {
            const not = await fail();
            if (not !== undefined) {
                console.log(`      not run: ${failure}: ${not}`);
                return;
            }
            await healed(started);
            const allReady = seconds(started);
            await this.settled(failure, started);
            await sleep(ON_ITS_WAY);
            const end = Date.now() - ON_ITS_WAY / 2;
            const cost = await costs(this.writer, started, end, BEFORE);
            const readsWhole = readsWholeAfter(this.writer, started, end);
            const outcome = { failure, readsWhole, allReady, costs: cost };
            this.outcomes.push(outcome);
            console.log(`      ${outcomeRow(outcome)}`);
            console.log(`      alerts: ${[...alerts].sort().join(", ") || "none"}`);
            const gone = cost.filter((each) => each.lost.length > 0 && !this.mayLose.has(`${failure} ${each.signal}`));
            assert.deepEqual(gone, []);
        } finally {
            clearInterval(watch);
        }
    }

    /** Waits until all that was taken before a failure is there, or for long nothing more has come of it. */
    private async settled(failure: string, started: number): Promise<void> {
        let before = "";
        let same = 0;
        await until(
            "all that was taken is there",
            async () => {
                const rest = await this.missing(failure, started);
                same = rest === before ? same + 1 : 0;
                before = rest;
                return same < SAME_LOOKS ? rest : true;
            },
            2000,
        );
    }

    /** What was taken before a failure and is not there. */
    private async missing(failure: string, started: number): Promise<string> {
        const rest: string[] = [];
        for (const signal of SIGNALS) {
            const gone = await lost(this.writer, signal, started - BEFORE, started);
            if (gone.length > 0 && !this.mayLose.has(`${failure} ${signal}`)) rest.push(`${signal} ${gone.join(" ")}`);
        }
        return rest.join(", ");
    }

    /** Alerts of the platform that fire or are about to; none where Prometheus does not answer. */
    private alerts(): Promise<string[]> {
        return this.deployed.alerts().catch(() => []);
    }
}
