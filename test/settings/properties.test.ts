import assert from "node:assert/strict";
import fc from "fast-check";
import { loadSettings } from "../../components/settings/load";
import {
    amount,
    bytesPerSecond,
    byteCount,
    cpuCores,
    goDuration,
    hours,
    mebibytes,
} from "../../components/settings/units";
import { bytes, duration } from "../../components/settings/types";
import { holds } from "../fixtures/property";

/** Powers of what a suffix stands for, written down a second time. */
const DECIMAL = { "": 1, k: 1e3, M: 1e6, G: 1e9 } as const;
const BYTES = { ...DECIMAL, T: 1e12, P: 1e15, Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40 } as const;
const SECONDS = { s: 1, h: 3600, day: 86_400, d: 86_400 } as const;
const SPANS = { s: 1, m: 60, h: 3600, d: 86_400 } as const;
const QUANTITIES = { Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40 } as const;

const keyOf = <Key extends string>(of: Readonly<Record<Key, number>>) => fc.constantFrom(...(Object.keys(of) as Key[]));

/** Decimal digits as people write them, with the number that they are. */
const digits = fc
    .tuple(fc.nat(99_999), fc.option(fc.stringMatching(/^\d{1,4}$/), { nil: undefined }))
    .map(([whole, part]) => (part === undefined ? `${whole}` : `${whole}.${part}`));
const whole = fc.integer({ min: 1, max: 99_999 });

/** Texts near to what is right, as a slip of the fingers makes them, and any others. */
const anything = fc.oneof(
    fc.string(),
    fc.string({ unit: fc.constantFrom(...Array.from("0123456789.kMGTPiBdhmsay/-+eE xN")) }),
    // Beyond what a number can hold.
    fc
        .tuple(fc.integer({ min: 300, max: 320 }), fc.constantFrom("", "M", "MB/s", "TiB/s", "d", "Gi", "m"))
        .map(([length, unit]) => "9".repeat(length) + unit),
    fc.constantFrom("constructor", "1constructor", "1toStringB/s", "1valueOf", "1.2.3M", "1.2.3MB/s"),
    fc.constantFrom(
        "",
        "NaN",
        "Infinity",
        "-1",
        "1e3",
        "0x10",
        "1 M",
        "1,5M",
        " 1M",
        "1M\n",
        "1.",
        ".5",
        "1KB/s",
        "1MB",
    ),
);

function near(actual: number | undefined, expected: number, what: string): void {
    assert.ok(actual !== undefined, what);
    assert.ok(Math.abs(actual - expected) <= expected * 1e-12, `${what} is ${actual}, not ${expected}`);
}

describe("settings: amounts and rates, whatever is written", () => {
    it("are what their digits and suffix say, and nothing where that is nothing", () => {
        holds(
            fc.property(digits, keyOf(DECIMAL), (number, suffix) => {
                const expected = Number(number) * DECIMAL[suffix];
                if (expected === 0) assert.equal(amount(number + suffix), undefined);
                else near(amount(number + suffix), expected, number + suffix);
            }),
        );
        holds(
            fc.property(digits, keyOf(BYTES), keyOf(SECONDS), (number, prefix, per) => {
                const text = `${number}${prefix}B/${per}`;
                const expected = (Number(number) * BYTES[prefix]) / SECONDS[per];
                if (expected === 0) assert.equal(bytesPerSecond(text), undefined);
                else near(bytesPerSecond(text), expected, text);
            }),
        );
    });

    it("are never NaN, never infinite and never below what they count", () => {
        holds(
            fc.property(anything, (text) => {
                for (const value of [amount(text), bytesPerSecond(text)]) {
                    assert.ok(value === undefined || (Number.isFinite(value) && value > 0), `${text}: ${value}`);
                }
            }),
            1000,
        );
    });

    it("grow with their digits, and with their suffixes in the order of size", () => {
        holds(
            fc.property(whole, whole, keyOf(DECIMAL), (one, other, suffix) => {
                const [less, more] = [Math.min(one, other), Math.max(one, other)];
                assert.ok((amount(`${less}${suffix}`) ?? NaN) <= (amount(`${more}${suffix}`) ?? NaN));
            }),
        );
        holds(
            fc.property(whole, (number) => {
                const amounts = Object.keys(DECIMAL).map((suffix) => amount(`${number}${suffix}`) ?? NaN);
                const orders = ["", "k", "Ki", "M", "Mi", "G", "Gi", "T", "Ti", "P"];
                const rates = orders.map((prefix) => bytesPerSecond(`${number}${prefix}B/s`) ?? NaN);
                const perTime = ["day", "h", "s"].map((per) => bytesPerSecond(`${number}MB/${per}`) ?? NaN);
                for (const rising of [amounts, rates, perTime]) {
                    assert.deepEqual(
                        rising,
                        [...rising].sort((a, b) => a - b),
                    );
                    assert.equal(new Set(rising).size, rising.length);
                }
            }),
        );
    });

    it("are accepted as settings exactly where they can be read", () => {
        holds(
            fc.property(anything, (text) => {
                assert.equal(loadSettings.safeParse({ series: text }).success, amount(text) !== undefined);
                assert.equal(loadSettings.safeParse({ logs: text }).success, bytesPerSecond(text) !== undefined);
            }),
            500,
        );
        holds(
            fc.property(fc.double(), (number) => {
                const { success } = loadSettings.safeParse({ series: number });
                assert.equal(success, amount(String(number)) !== undefined, String(number));
                if (success) assert.ok(number > 0);
            }),
        );
    });
});

describe("settings: sizes and durations, whatever is written", () => {
    it("are what their digits and unit say, wherever the schema takes them", () => {
        holds(
            fc.property(whole, keyOf(SPANS), (number, unit) => {
                const text = `${number}${unit}`;
                assert.equal(duration.safeParse(text).success, number * SPANS[unit] <= 36_500 * SPANS.d);
                near(hours(text) * 3600, number * SPANS[unit], text);
            }),
        );
        holds(
            fc.property(whole, keyOf(QUANTITIES), (number, unit) => {
                const text = `${number}${unit}`;
                assert.equal(bytes.safeParse(text).success, number * QUANTITIES[unit] <= QUANTITIES.Ti);
                assert.equal(byteCount(text), number * QUANTITIES[unit]);
            }),
        );
    });

    it("are never NaN, zero or infinite once the schema has taken them", () => {
        holds(
            fc.property(anything, (text) => {
                if (duration.safeParse(text).success) assert.ok(Number.isFinite(hours(text)) && hours(text) > 0, text);
                if (bytes.safeParse(text).success) {
                    assert.ok(Number.isFinite(byteCount(text)) && byteCount(text) > 0, text);
                }
            }),
            1000,
        );
    });

    it("are the same to Go, which knows no days", () => {
        holds(
            fc.property(whole, keyOf(SPANS), (number, unit) => {
                const text = goDuration(`${number}${unit}`);
                assert.match(text, /^\d+[smh]$/);
                near(hours(text) * 3600, number * SPANS[unit], text);
            }),
        );
    });

    it("of several units are their sum", () => {
        holds(
            fc.property(whole, whole, whole, (days, minutes, millis) => {
                const expected = days * 24 + minutes / 60 + millis / 3_600_000;
                near(hours(`${days}d${minutes}m${millis}ms`), expected, "hours");
            }),
        );
    });

    it("of charts are positive numbers, or NaN where they are none, for texts that no schema has looked at", () => {
        holds(
            fc.property(anything, (text) => {
                for (const value of [byteCount(text), hours(text), cpuCores(text), mebibytes(text)]) {
                    assert.ok(Number.isNaN(value) || value >= 0, `${text}: ${value}`);
                }
                if (!/^\d/.test(text)) {
                    for (const read of [byteCount, hours, cpuCores]) assert.ok(Number.isNaN(read(text)), text);
                }
            }),
            1000,
        );
        holds(
            fc.property(whole, (number) => {
                assert.equal(cpuCores(`${number}m`), number / 1000);
                assert.equal(cpuCores(String(number)), number);
                assert.equal(mebibytes(`${number}Gi`, 2), number * 512);
            }),
        );
    });

    it("keep their order in every unit", () => {
        const order = (of: (text: string) => number, units: Readonly<Record<string, number>>) =>
            fc.property(whole, keyOf(units), whole, keyOf(units), (one, unit, other, otherUnit) => {
                const difference = one * (units[unit] ?? NaN) - other * (units[otherUnit] ?? NaN);
                const found = of(`${one}${unit}`) - of(`${other}${otherUnit}`);
                // Hours of seconds are no whole numbers.
                if (difference !== 0) assert.equal(Math.sign(found), Math.sign(difference));
                else assert.ok(Math.abs(found) < 1e-9);
            });
        holds(order(hours, SPANS));
        holds(order(byteCount, QUANTITIES));
    });
});
