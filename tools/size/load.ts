import { retentionOf } from "../../components/platform/roles";
import type { Settings } from "../../components/platform/settings";
import { AMOUNT, COUNT_RATE, RATE } from "../../components/settings/load";
import type { Load } from "../../components/sizing/load";
import { UsageError } from "../command";
import { meaningOf } from "../../components/settings/places";
import { duration, type About } from "../../components/settings/types";
import { amount, bytesPerSecond, hours, perSecond } from "../../components/settings/units";

/** The load as a person writes it. */
export interface GivenLoad {
    readonly series?: string | undefined;
    readonly interval?: string | undefined;
    readonly logs?: string | undefined;
    readonly spans?: string | undefined;
    readonly queries?: string | undefined;
    readonly errors?: string | undefined;
    readonly retention?: string | undefined;
    readonly zones?: string | undefined;
}

/** What is taken where nothing is given. */
export interface Defaults extends Readonly<Record<Exclude<keyof GivenLoad, "retention" | "errors">, string>> {
    /** How long applications' errors are kept, where they are, and how many there are, where that is said. */
    readonly errors?: { readonly retention: string; readonly rate: string | undefined };
    readonly retention: Readonly<Record<keyof Load["retention"], string>>;
}

export const DEFAULTS: Defaults = {
    series: "1M",
    interval: "30s",
    logs: "100GB/day",
    spans: "1MB/s",
    queries: "10",
    retention: { metrics: "30d", logs: "31d", traces: "14d" },
    zones: "3",
};

/** The same of a stack: the load that it states, how long it keeps data and how often it scrapes. */
export function defaultsOf({ platform, metrics, logs, traces, errors, kubePrometheusStack }: Settings): Defaults {
    const { load: stated = {}, survives } = platform;
    const { retention } = DEFAULTS;
    const errorsKept = retentionOf(errors);
    return {
        series: String(stated.series ?? DEFAULTS.series),
        interval: kubePrometheusStack.prometheus.scrapeInterval,
        logs: stated.logs ?? DEFAULTS.logs,
        spans: stated.spans ?? DEFAULTS.spans,
        queries: String(stated.queries ?? DEFAULTS.queries),
        ...(errorsKept !== undefined && { errors: { retention: errorsKept, rate: stated.errors } }),
        // What is kept elsewhere has none here, and no formula either.
        retention: {
            metrics: retentionOf(metrics) ?? retention.metrics,
            logs: retentionOf(logs) ?? retention.logs,
            traces: retentionOf(traces) ?? retention.traces,
        },
        zones: survives === "zone" ? String(stated.zones ?? DEFAULTS.zones) : "1",
    };
}

const ZONES = { allowed: "a whole number from 1 to 9 but 2, whose loss leaves one of three copies", example: "3" };

/**
 * Reads a load.
 * @param otherwise what is not given.
 * @throws UsageError with every problem at once: what was given, what is allowed, an example.
 */
export function readLoad(given: GivenLoad, otherwise = DEFAULTS): Load {
    const problems: string[] = [];
    const read = (
        before: string,
        text: string,
        { allowed = "", example = "" }: About,
        parse: (text: string) => number | undefined,
    ) => {
        const value = parse(text);
        if (value !== undefined && value > 0) return value;
        problems.push(`--${before}${text}: allowed is ${allowed}, such as ${example}`);
        return 0;
    };
    const stated = {
        series: given.series ?? otherwise.series,
        logs: given.logs ?? otherwise.logs,
        spans: given.spans ?? otherwise.spans,
        queries: given.queries ?? otherwise.queries,
    };
    const kept = { ...otherwise.retention, ...retentions(given.retention, problems) };
    const time = (before: string, text: string) => read(before, text, meaningOf(duration), seconds);
    const errors = errorsOf(given, otherwise);
    if (given.errors !== undefined && errors === undefined)
        problems.push("--errors: allowed with the --stack of one whose errors.kind is glitchtip");
    const zoned = read("zones ", given.zones ?? otherwise.zones, ZONES, zones);
    const load: Load = {
        series: read("series ", stated.series, AMOUNT, amount),
        interval: time("interval ", given.interval ?? otherwise.interval),
        logs: read("logs ", stated.logs, RATE, bytesPerSecond),
        spans: read("spans ", stated.spans, RATE, bytesPerSecond),
        queries: read("queries ", stated.queries, AMOUNT, amount),
        ...(errors && {
            errors: {
                rate: read("errors ", errors.rate, COUNT_RATE, perSecond),
                retention: time("retention errors=", errors.retention),
            },
        }),
        retention: {
            metrics: time("retention metrics=", kept.metrics),
            logs: time("retention logs=", kept.logs),
            traces: time("retention traces=", kept.traces),
        },
        zones: zoned,
        stated: {
            ...stated,
            ...(errors && { errors: errors.rate }),
            // What the setting takes to be so where nothing is written is not written.
            ...(zoned > 1 && String(zoned) !== DEFAULTS.zones && { zones: zoned }),
        },
    };
    if (problems.length > 0) throw new UsageError(problems.join("\n"));
    return load;
}

function errorsOf({ errors: given }: GivenLoad, { errors }: Defaults) {
    const rate = given ?? errors?.rate;
    return errors === undefined || rate === undefined ? undefined : { rate, retention: errors.retention };
}

const SIGNALS = ["metrics", "logs", "traces"];

function retentions(text: string | undefined, problems: string[]): Record<string, string> {
    const found: Record<string, string> = {};
    for (const part of text?.split(",") ?? []) {
        const [signal = "", duration, ...rest] = part.split("=");
        if (!SIGNALS.includes(signal) || duration === undefined || rest.length > 0) {
            problems.push(
                `--retention ${part}: allowed is metrics=…, logs=… and traces=…, such as metrics=365d,logs=30d`,
            );
        } else if (signal in found) problems.push(`--retention ${part}: ${signal} is given twice`);
        else found[signal] = duration;
    }
    return found;
}

function zones(text: string): number | undefined {
    return /^[13-9]$/.test(text) ? Number(text) : undefined;
}

/** By the words of the settings, which the result is written to. */
function seconds(text: string): number | undefined {
    return duration.safeParse(text).success ? hours(text) * 3600 : undefined;
}
