import { AMOUNT, RATE } from "../../components/settings/load";
import type { Load } from "../../components/sizing/load";
import { UsageError } from "../command";
import { amount, bytesPerSecond, hours } from "../../components/settings/units";

/** The load as a person writes it. */
export interface GivenLoad {
    readonly series?: string | undefined;
    readonly interval?: string | undefined;
    readonly logs?: string | undefined;
    readonly spans?: string | undefined;
    readonly queries?: string | undefined;
    readonly retention?: string | undefined;
    readonly zones?: string | undefined;
}

/** What is not given. */
export const DEFAULTS = {
    series: "1M",
    interval: "30s",
    logs: "100GB/day",
    spans: "1MB/s",
    queries: "10",
    retention: { metrics: "30d", logs: "31d", traces: "14d" },
    zones: "3",
};

const ZONES = { allowed: "a whole number from 1 to 9 but 2, whose loss leaves one of three copies", example: "3" };
const DURATION = { allowed: "a whole number with s, m, h, d, w or y", example: "30d" };

/**
 * Reads a load; what is not given is taken from DEFAULTS.
 * @throws UsageError with every problem at once: what was given, what is allowed, an example.
 */
export function readLoad(given: GivenLoad): Load {
    const problems: string[] = [];
    const read = (
        name: string,
        text: string,
        { allowed, example }: typeof DURATION,
        parse: (text: string) => number | undefined,
    ) => {
        const value = parse(text);
        if (value !== undefined && value > 0) return value;
        problems.push(`--${name} ${text}: allowed is ${allowed}, such as ${example}`);
        return 0;
    };
    const stated = {
        series: given.series ?? DEFAULTS.series,
        logs: given.logs ?? DEFAULTS.logs,
        spans: given.spans ?? DEFAULTS.spans,
        queries: given.queries ?? DEFAULTS.queries,
    };
    const kept = { ...DEFAULTS.retention, ...retentions(given.retention, problems) };
    const duration = (name: string, text: string) => read(name, text, DURATION, seconds);
    const zoned = read("zones", given.zones ?? DEFAULTS.zones, ZONES, zones);
    const load: Load = {
        series: read("series", stated.series, AMOUNT, amount),
        interval: duration("interval", given.interval ?? DEFAULTS.interval),
        logs: read("logs", stated.logs, RATE, bytesPerSecond),
        spans: read("spans", stated.spans, RATE, bytesPerSecond),
        queries: read("queries", stated.queries, AMOUNT, amount),
        retention: {
            metrics: duration("retention metrics", kept.metrics),
            logs: duration("retention logs", kept.logs),
            traces: duration("retention traces", kept.traces),
        },
        zones: zoned,
        // What the setting takes to be so where nothing is written is not written.
        stated: zoned > 1 && String(zoned) !== DEFAULTS.zones ? { ...stated, zones: zoned } : stated,
    };
    if (problems.length > 0) throw new UsageError(problems.join("\n"));
    return load;
}

const SIGNALS = ["metrics", "logs", "traces"];

function retentions(text: string | undefined, problems: string[]): Record<string, string> {
    const found: Record<string, string> = {};
    for (const part of text?.split(",") ?? []) {
        const [signal = "", duration, ...rest] = part.split("=");
        if (!SIGNALS.includes(signal) || duration === undefined || rest.length > 0) {
            problems.push(
                `--retention ${part}: allowed is metrics=…, logs=… and traces=…, such as metrics=1y,logs=30d`,
            );
        } else if (signal in found) problems.push(`--retention ${part}: ${signal} is given twice`);
        else found[signal] = duration;
    }
    return found;
}

function zones(text: string): number | undefined {
    return /^[13-9]$/.test(text) ? Number(text) : undefined;
}

function seconds(text: string): number | undefined {
    return /^\d+[smhdwy]$/.test(text) ? hours(text) * 3600 : undefined;
}
