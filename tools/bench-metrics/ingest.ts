import { push, type Door } from "../load/door";
import { metricsSource } from "../load/signals";

/** Pushes without an answer at once, each of other series than the rest: a few of Prometheus' shards. */
const IN_FLIGHT = 4;
/** Milliseconds. */
const PATIENCE = 120_000;

export interface Load {
    /** A name that nothing had before: the label `run` of its series. */
    readonly run: string;
    readonly series: number;
    /** Seconds between two samples of a series, in the samples' own time. */
    readonly interval: number;
    /** The time of the first sample, in Unix milliseconds. */
    readonly start: number;
    /** Labels of every series beside those that a load has. */
    readonly more?: Readonly<Record<string, string>>;
}

/** Pushes samples as fast as they are taken. Their time is their own: a day of them takes as long as the store needs. */
export class Ingest {
    private readonly source;
    private readonly lanes: number;
    private pass = 0;

    constructor(
        private readonly door: Door,
        private readonly load: Load,
    ) {
        // Of so short an interval the source makes as many pushes as Prometheus would of a scrape: full ones.
        const each = 0.001;
        this.source = metricsSource(load.run, load.series, each, load.more);
        this.lanes = Math.max(1, Math.round(each / this.source.period));
    }

    /** Time of the next samples, in Unix milliseconds. */
    get now(): number {
        return this.load.start + this.pass * this.load.interval * 1000;
    }

    /**
     * Gives every series so many samples more.
     * @returns how many samples were taken, in how many seconds.
     * @throws where a push is refused.
     */
    async passes(count: number): Promise<{ samples: number; seconds: number }> {
        const started = performance.now();
        const lanes = Array.from({ length: this.lanes }, () => Promise.resolve());
        const running = new Set<Promise<void>>();
        let samples = 0;
        for (let i = 0; i < count * this.lanes; i++) {
            const lane = i % this.lanes;
            while (running.size >= IN_FLIGHT) await Promise.race(running);
            const { body, records } = this.source.next(this.now);
            const before = lanes[lane];
            const one = (async () => {
                await before;
                const { status, said } = await push(this.door, body, PATIENCE);
                if (status < 200 || status > 299) throw new Error(`${this.door.url}: ${status} ${said}`);
                samples += records;
            })();
            lanes[lane] = one;
            running.add(one);
            void one.finally(() => running.delete(one)).catch(() => undefined);
            if (lane === this.lanes - 1) this.pass++;
        }
        await Promise.all(running);
        return { samples, seconds: (performance.now() - started) / 1000 };
    }
}
