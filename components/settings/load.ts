import { z } from "zod";
import { describe } from "./types";

const DECIMAL: Record<string, number> = { "": 1, k: 1e3, M: 1e6, G: 1e9, T: 1e12, P: 1e15 };
const BINARY: Record<string, number> = { Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40 };
const PER: Record<string, number> = { s: 1, h: 3600, d: 86_400 };

/** What is written for an amount, with an example. */
export const AMOUNT = { allowed: "a number, or one with k, M or G", example: "1M" };
export const RATE = { allowed: "bytes with kB, MB, GB, TB or KiB, MiB, GiB, TiB, per s, h or day", example: "10MB/s" };

/** A number with a decimal suffix, `2.5M`; undefined where the text is none above 0. */
export function amount(text: string): number | undefined {
    const [, digits, suffix = ""] = /^(\d+(?:\.\d+)?)([kMG]?)$/.exec(text) ?? [];
    return positive(Number(digits) * (DECIMAL[suffix] ?? 1));
}

/** Bytes a second of a rate, `1TB/day`; undefined where the text is none above 0. */
export function bytesPerSecond(text: string): number | undefined {
    const [, digits, prefix = "", per = ""] =
        /^(\d+(?:\.\d+)?)(k|M|G|T|P|Ki|Mi|Gi|Ti)?B\/(s|h|day|d)$/.exec(text) ?? [];
    const unit = DECIMAL[prefix] ?? BINARY[prefix] ?? 1;
    return positive((Number(digits) * unit) / (PER[per.charAt(0)] ?? 1));
}

function positive(value: number): number | undefined {
    return value > 0 ? value : undefined;
}

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
 * the other settings are below it. How long data is kept, how often it is scraped and the zones stand in them already.
 */
export const loadSettings = z.strictObject({
    series: amounts(
        "Active series that the stack is to carry. `npm run plan` warns of what is too small.",
        "1M",
    ).optional(),
    logs: rates("Log lines that it is to carry, uncompressed.", "100GB/day").optional(),
    spans: rates("Spans that it is to carry, as they are received.", "1MB/s").optional(),
    queries: amounts("Range queries a second on its metrics; 10 if absent.", "10").optional(),
});

export type LoadSettings = z.infer<typeof loadSettings>;
