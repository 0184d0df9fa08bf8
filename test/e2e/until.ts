import { AssertionError } from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";

/** No measure of anything: what is waited for takes as long as the machine is slow. */
const LONGEST = 900_000;
/** Once something was waited for in vain: the next tests of a file wait for what follows from it. */
const LATER = 60_000;
const TOLD_EACH = 60_000;

let longest = LONGEST;

/** Mocha's own, before each file of a worker: another file's tests do not follow from what was waited for. */
export const mochaHooks = {
    beforeAll(): void {
        longest = LONGEST;
    },
};

/**
 * Waits until it is so.
 * @param asked whether it is, or what is left of it: nothing once it is so. An error is an answer that did not come, and asked
 * again; an assertion that fails in it ends the wait.
 * @throws Error after a quarter of an hour, with what was seen last; each minute that is told too, since a test may end before.
 * What is waited for after that in the same file has a minute.
 */
export async function until(
    what: string,
    asked: () => boolean | string | Promise<boolean | string>,
    pauseMs = 250,
): Promise<void> {
    const end = Date.now() + longest;
    for (let told = Date.now(); ;) {
        const seen = await answerOf(asked);
        if (seen === true || seen === "") return;
        const last = seen === false ? "" : `: ${seen}`;
        if (Date.now() > end) {
            longest = LATER;
            throw new Error(`it was waited in vain until ${what}${last}`);
        }
        if (Date.now() - told > TOLD_EACH) {
            told = Date.now();
            console.log(`      still waiting until ${what}${last}`);
        }
        await sleep(pauseMs);
    }
}

async function answerOf(asked: Parameters<typeof until>[1]): Promise<boolean | string> {
    try {
        return await asked();
    } catch (error) {
        if (error instanceof AssertionError) throw error;
        return String(error);
    }
}
