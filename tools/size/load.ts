/** What a platform has to carry. */
export interface Load {
    /** Active series, before replication and before deduplication of the pair. */
    readonly series: number;
    /** Seconds between two samples of a series. */
    readonly interval: number;
    /** Bytes of log lines a second, uncompressed. */
    readonly logs: number;
    /** Bytes of spans a second, as they are received. */
    readonly spans: number;
    /** Range queries a second, by people and dashboards. */
    readonly queries: number;
    /** Seconds that each signal is kept. */
    readonly retention: { readonly metrics: number; readonly logs: number; readonly traces: number };
    /** Zones that nodes stand in; 1 for a cluster that survives a node alone. */
    readonly zones: number;
}

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

const DECIMAL: Record<string, number> = { "": 1, k: 1e3, M: 1e6, G: 1e9, T: 1e12, P: 1e15 };
const BINARY: Record<string, number> = { Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40 };
const SECONDS: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800, y: 31_536_000 };

const FORMS = {
    count: { allowed: "a number, or one with k, M or G", example: "1M" },
    duration: { allowed: "a whole number with s, m, h, d, w or y", example: "30d" },
    rate: { allowed: "bytes with kB, MB, GB, TB or KiB, MiB, GiB, TiB, per s, h or day", example: "10MB/s" },
};

/**
 * Reads a load; what is not given is taken from DEFAULTS.
 * @throws Error with every problem at once: what was given, what is allowed, an example.
 */
export function readLoad(given: GivenLoad): Load {
    const problems: string[] = [];
    const read = (
        name: string,
        text: string,
        form: keyof typeof FORMS,
        parse: (text: string) => number | undefined,
    ) => {
        const value = parse(text);
        if (value !== undefined && value > 0) return value;
        problems.push(`--${name} ${text}: allowed is ${FORMS[form].allowed}, such as ${FORMS[form].example}`);
        return 0;
    };
    const kept = retentions(given.retention, problems);
    const duration = (name: string, text: string) => read(name, text, "duration", seconds);
    const load: Load = {
        series: read("series", given.series ?? "1M", "count", count),
        interval: duration("interval", given.interval ?? "30s"),
        logs: read("logs", given.logs ?? "100GB/day", "rate", bytesPerSecond),
        spans: read("spans", given.spans ?? "1MB/s", "rate", bytesPerSecond),
        queries: read("queries", given.queries ?? "10", "count", count),
        retention: {
            metrics: duration("retention metrics", kept.metrics ?? "30d"),
            logs: duration("retention logs", kept.logs ?? "31d"),
            traces: duration("retention traces", kept.traces ?? "14d"),
        },
        zones: read("zones", given.zones ?? "3", "count", count),
    };
    if (problems.length > 0) throw new Error(problems.join("\n"));
    return load;
}

const SIGNALS = ["metrics", "logs", "traces"];

function retentions(text: string | undefined, problems: string[]): Record<string, string | undefined> {
    const parts = (text ?? "").split(",").filter((part) => part !== "");
    return Object.fromEntries(
        parts.flatMap((part) => {
            const [signal = "", duration] = part.split("=");
            if (SIGNALS.includes(signal) && duration !== undefined) return [[signal, duration] as const];
            problems.push(
                `--retention ${part}: allowed is metrics=…, logs=… and traces=…, such as metrics=1y,logs=30d`,
            );
            return [];
        }),
    );
}

function count(text: string): number | undefined {
    const [, digits, suffix = ""] = /^(\d+(?:\.\d+)?)([kMG]?)$/.exec(text) ?? [];
    return digits === undefined ? undefined : Number(digits) * (DECIMAL[suffix] ?? 1);
}

function seconds(text: string): number | undefined {
    const [, digits, unit = ""] = /^(\d+)([smhdwy])$/.exec(text) ?? [];
    return digits === undefined ? undefined : Number(digits) * (SECONDS[unit] ?? 1);
}

function bytesPerSecond(text: string): number | undefined {
    const [, digits, prefix = "", per = ""] =
        /^(\d+(?:\.\d+)?)(k|M|G|T|P|Ki|Mi|Gi|Ti)?B\/(s|h|day|d)$/.exec(text) ?? [];
    if (digits === undefined) return undefined;
    const unit = DECIMAL[prefix] ?? BINARY[prefix] ?? 1;
    return (Number(digits) * unit) / (SECONDS[per.charAt(0)] ?? 1);
}
