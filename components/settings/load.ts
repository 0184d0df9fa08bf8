import { z } from "zod";
import { describe, whole } from "./types";
import { amount, bytesPerSecond, perSecond } from "./units";

/** What is written for an amount, with an example. */
export const AMOUNT = { allowed: "a number above 0, or one with k, M or G", example: "1M" };
export const COUNT_RATE = { allowed: "a number above 0, or one with k, M or G, per s, h or day", example: "10k/day" };
export const RATE = {
    allowed: "bytes above 0, with kB, MB, GB, TB or KiB, MiB, GiB, TiB, per s, h or day",
    example: "10MB/s",
};

const amounts = (description: string, example: string) =>
    describe(
        z.union([z.number(), z.string()]).refine((given) => amount(String(given)) !== undefined),
        { ...AMOUNT, example, description },
    );
const rates = (description: string, example: string) =>
    describe(
        z.string().refine((text) => bytesPerSecond(text) !== undefined),
        { ...RATE, example, description },
    );

/**
 * What the stack is to carry, as `npm run size` takes it. It changes nothing that is deployed: `npm run plan` warns where
 * the other settings are below it. How long data is kept and how often it is scraped stand in them already.
 */
export const loadSettings = z.strictObject({
    series: amounts(
        "Active series that the stack is to carry. `npm run plan` warns of what is too small.",
        "1M",
    ).optional(),
    logs: rates("Log lines that it is to carry, uncompressed.", "100GB/day").optional(),
    spans: rates("Spans that it is to carry, as they are received.", "1MB/s").optional(),
    queries: amounts("Range queries a second on its metrics; 10 if absent.", "10").optional(),
    errors: describe(
        z.string().refine((text) => perSecond(text) !== undefined),
        { ...COUNT_RATE, description: "Applications' errors that it is to carry, where errors.kind is glitchtip." },
    ).optional(),
    zones: describe(whole(3, 9, "4"), {
        description: "Zones that its nodes stand in, with survives: zone; 3 if absent.",
    }).optional(),
});

export type LoadSettings = z.infer<typeof loadSettings>;
