/**
 * The one reader of amounts, sizes, rates and spans of time, as settings and charts write them. What cannot be read is
 * undefined, or NaN where the schema has let nothing else through.
 */

/** Factors of prefixes: decimal ones as in SI, binary ones as Kubernetes writes them. */
const PREFIXES: Readonly<Record<string, number>> = {
    "": 1,
    ...{ k: 1e3, M: 1e6, G: 1e9, T: 1e12, P: 1e15 },
    ...{ Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40, Pi: 2 ** 50 },
};

const HOURS: Readonly<Record<string, number>> = {
    ...{ ms: 1 / 3_600_000, s: 1 / 3600, m: 1 / 60, h: 1 },
    ...{ d: 24, w: 168, y: 8760 },
};

/** A number with a prefix of `PREFIXES`, and nothing after it. */
function scaled(text: string): number | undefined {
    const [, digits, prefix = ""] = /^(\d+(?:\.\d+)?)([A-Za-z]*)$/.exec(text) ?? [];
    const factor = PREFIXES[prefix];
    return digits === undefined || factor === undefined ? undefined : Number(digits) * factor;
}

function positive(value: number | undefined): number | undefined {
    return value !== undefined && value > 0 && Number.isFinite(value) ? value : undefined;
}

/** A number with k, M or G, `2.5M`; undefined where the text is none above 0. */
export function amount(text: string): number | undefined {
    return /^[\d.]+[kMG]?$/.test(text) ? positive(scaled(text)) : undefined;
}

/** How many a second of a rate, `10k/day`; undefined where the text is none above 0. */
export function perSecond(text: string): number | undefined {
    const [, count = "", per = ""] = /^([\d.]+[kMG]?)\/(s|h|day|d)$/.exec(text) ?? [];
    const counted = amount(count);
    return counted && counted / secondsOf(per);
}

function secondsOf(per: string): number {
    return (HOURS[per.charAt(0)] ?? 1) * 3600;
}

/** Bytes in a Kubernetes quantity (`512Mi`, `1G`, `1000`); NaN where it is none. */
export function byteCount(quantity: string): number {
    return scaled(quantity) ?? Number.NaN;
}

/** Bytes a second of a rate, `1TB/day`; undefined where the text is none above 0. */
export function bytesPerSecond(text: string): number | undefined {
    const [, size = "", per = ""] = /^([\d.]+[A-Za-z]*)B\/(s|h|day|d)$/.exec(text) ?? [];
    const bytes = scaled(size);
    return positive(bytes && bytes / secondsOf(per));
}

/** Hours in a span of time as Go or Prometheus write it, `30d`, `1h30m`; NaN where it is none. */
export function hours(duration: string): number {
    if (!/^(\d+(\.\d+)?(ms|[smhdwy]))+$/.test(duration)) return Number.NaN;
    const parts = [...duration.matchAll(/(\d+(?:\.\d+)?)(ms|[smhdwy])/g)];
    return parts.reduce((sum, [, digits, unit = ""]) => sum + Number(digits) * (HOURS[unit] ?? 0), 0);
}

/** A span of one unit in Go's units, which know no days. */
export function goDuration(duration: string): string {
    return duration.endsWith("d") ? `${hours(duration)}h` : duration;
}

/** Hours as every program here reads them, in whole ones. */
export function inHours(count: number): string {
    return `${Math.ceil(count)}h`;
}

/**
 * The longest range that a query may ask for, of a store that keeps this long: all of it, and an hour, since who asks for
 * all of it rounds the ends to steps.
 */
export function queryWindow(retention: string): string {
    return `${Math.ceil(hours(retention)) + 1}h`;
}

/** Cores in a Kubernetes CPU quantity (`500m`, `2`); NaN where it is none. */
export function cpuCores(quantity: string): number {
    const [, digits, milli] = /^(\d+(?:\.\d+)?)(m?)$/.exec(quantity) ?? [];
    return digits === undefined ? Number.NaN : Number(digits) / (milli === "m" ? 1000 : 1);
}

/** Whole mebibytes of a part of a quantity, rounded down. */
export function mebibytes(quantity: string, divisor = 1): number {
    return Math.floor(byteCount(quantity) / divisor / 2 ** 20);
}
