import { randomBytes } from "node:crypto";
import { AMOUNT } from "../../components/settings/load";
import { amount, hours } from "../../components/settings/units";
import { command, progress, UsageError } from "../command";
import { table } from "../table";
import { doorsOf, PASSWORD } from "./door";
import type { Measured } from "./drive";
import { signalsOf, steps, type Rates, type Step } from "./steps";

const LONGEST_SLOW = "30s";

interface GivenRates {
    readonly series?: string | undefined;
    readonly lines?: string | undefined;
    readonly spans?: string | undefined;
    readonly interval: string;
    readonly for: string;
    readonly slow: string;
}

/** @throws UsageError with every problem at once. */
export function readRates(given: GivenRates): { rates: Rates; seconds: number; slow: number } {
    const problems: string[] = [];
    const read = (name: "series" | "lines" | "spans") => {
        const text = given[name];
        if (text === undefined) return undefined;
        const value = amount(text);
        if (value === undefined) problems.push(`--${name} ${text}: allowed is ${AMOUNT.allowed}, such as 10k`);
        return value;
    };
    const time = (name: "interval" | "for" | "slow") => {
        const seconds = hours(given[name]) * 3600;
        if (seconds > 0) return seconds;
        problems.push(`--${name} ${given[name]}: allowed is a number with ms, s, m or h, such as 30s`);
        return 1;
    };
    const [series, lines, spans] = [read("series"), read("lines"), read("spans")];
    const [interval, seconds, slow] = [time("interval"), time("for"), time("slow")];
    if ([given.series, given.lines, given.spans].every((each) => each === undefined)) {
        problems.push("nothing to push: give one or more of --series, --lines and --spans, such as --series 10k");
    }
    if (series !== undefined && !Number.isInteger(series)) problems.push(`--series ${series}: a whole number`);
    if (series !== undefined && seconds < interval) {
        problems.push(`--for ${given.for}: not every series has a sample in less than --interval ${given.interval}`);
    }
    if (slow * 1000 > hours(LONGEST_SLOW) * 3_600_000) {
        problems.push(`--slow ${given.slow}: at most ${LONGEST_SLOW}, after which a push has no answer`);
    }
    if (problems.length > 0) throw new UsageError(problems.join("\n"));
    const rates = {
        interval,
        ...(series !== undefined && { series }),
        ...(lines !== undefined && { lines }),
        ...(spans !== undefined && { spans }),
    };
    return { rates, seconds, slow: slow * 1000 };
}

const whole = (value: number) => value.toFixed(0);

function row(factor: number, each: Measured): string[] {
    const refused = Object.entries(each.refused).map(([status, records]) => `${status}: ${records}`);
    return [
        ...[`${Number(factor.toFixed(2))}x`, each.unit, whole(each.offered), whole(each.accepted)],
        ...[`${(each.bytes / 1e6).toFixed(2)} MB/s`, refused.join(", ") || "-", String(each.unsent)],
        ...[whole(each.p50), whole(each.p99)],
    ];
}

const HEAD = ["step", "", "offered/s", "taken/s", "bytes", "refused", "not sent", "p50 ms", "p99 ms"];

function print(done: readonly Step[]): string {
    const rows = done.flatMap(({ factor, measured }) => measured.map((each) => row(factor, each)));
    const { gave, factor } = done.at(-1) ?? { gave: [], factor: 1 };
    const verdict =
        gave.length === 0
            ? "Nothing gave.\n"
            : [
                  `At ${Number(factor.toFixed(2))}x gave, first to last:`,
                  ...gave.map((each) => `  ${each.what}: ${each.why}`),
                  "",
              ].join("\n");
    return `${table("Pushed", HEAD, rows)}\n${verdict}`;
}

export default command(module, {
    name: "load",
    about: "Puts load on a stack through its front doors: samples, lines and spans at a stated rate, or ever more until something gives.",
    options: {
        to: {
            value: "URL",
            about: "The ingest gateway; or SIGNAL=URL, the whole address for one of metrics, logs and traces. May be given again.",
            many: true,
        },
        series: { value: "AMOUNT", about: "Active series, by remote write." },
        interval: { value: "TIME", about: "Time between two samples of a series.", default: "15s" },
        lines: { value: "AMOUNT", about: "Lines of 200 bytes a second, by Loki's push." },
        spans: { value: "AMOUNT", about: "Spans of 400 bytes a second, by OTLP over HTTP." },
        for: { value: "TIME", about: "How long a rate is held.", default: "1m" },
        knee: { about: "Goes on with half as much again, until something gives." },
        slow: { value: "TIME", about: "A signal whose p99 is above this lags.", default: "1s" },
        tenant: { value: "NAME", about: "Tenant, X-Scope-OrgID; the ingest gateway knows it by the user." },
        user: { value: "NAME", about: "User of basic authentication." },
        "password-file": { value: "FILE", about: `Its password; what ${PASSWORD} holds in the environment if absent.` },
        json: { about: "For machines." },
    },
    run: async ({ json, to, knee, tenant, user, "password-file": passwordFile, ...given }) => {
        const { rates, seconds, slow } = readRates(given);
        const doors = doorsOf({ to, tenant, user, passwordFile }, signalsOf(rates));
        const run = randomBytes(4).toString("hex");
        progress(`series, lines and spans carry run="${run}"`);
        const told = ({ factor, gave }: Step) => {
            progress(`${Number(factor.toFixed(2))}x ${gave.length === 0 ? "was carried" : "was not"}`);
        };
        const done = await steps({ rates, doors, run, seconds, slow, knee, told });
        console.log(json ? JSON.stringify({ run, rates, seconds, steps: done }, null, 2) : print(done));
        // What was asked for has to be carried; a search for the knee ends where something gives.
        if ((done[0]?.gave.length ?? 0) > 0) process.exitCode = 1;
    },
});
