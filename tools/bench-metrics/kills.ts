import { setTimeout as sleep } from "node:timers/promises";
import { push, type Door } from "../load/door";
import { sample, series, seriesLabels, snappy } from "../load/wire";
import type { Store } from "./stores";

/** What it costs that a part is ended without a warning, and started again at once, as kubelet does. */
export interface Cost {
    /** Writes that were acknowledged, and of those what is not there. */
    readonly taken: number;
    readonly lost: number;
    /** Writes that were not taken, each of which was repeated until it was. */
    readonly failed: number;
    /** From the first write that was not taken until all are; 0 where all were. */
    readonly seconds: number;
}

/** Milliseconds between two writes, those before and after a kill, and until all has to be there. */
const [EVERY, BEFORE, AFTER, PATIENCE] = [20, 3000, 3000, 90_000];

/**
 * Writes one series after another while a part goes, repeating what is refused, and counts those that are there.
 * @param count answers how many series a query finds.
 */
export async function costOf(
    part: Store["parts"][string],
    name: string,
    door: Door,
    count: (expr: string) => Promise<number>,
): Promise<Cost> {
    const state = { on: true, taken: 0, failed: 0, first: 0, last: 0 };
    const writer = (async () => {
        while (state.on) {
            const labels = seriesLabels([
                ["__name__", "bench_killed"],
                ["part", name],
                ["write", String(state.taken)],
            ]);
            const body = snappy(series(labels, sample(1, Date.now())));
            const { status } = await push(door, body, 10_000);
            if (status >= 200 && status < 300) {
                state.taken++;
                if (state.failed > 0 && state.last === 0) state.last = Date.now();
            } else {
                if (state.first === 0) state.first = Date.now();
                state.failed++;
                state.last = 0;
            }
            await sleep(EVERY);
        }
    })();
    await sleep(BEFORE);
    await part.kill();
    await part.startAgain();
    await sleep(AFTER);
    while (state.failed > 0 && state.last === 0) await sleep(100);
    state.on = false;
    await writer;
    const query = `count(last_over_time(bench_killed{part="${name}"}[15m]))`;
    let found = 0;
    for (const end = Date.now() + PATIENCE; found < state.taken && Date.now() < end;) {
        found = await count(query).catch(() => found);
        await sleep(1000);
    }
    const { taken, failed, first, last } = state;
    return { taken, lost: taken - found, failed, seconds: failed === 0 ? 0 : (last - first) / 1000 };
}
