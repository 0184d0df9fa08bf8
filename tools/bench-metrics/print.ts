import type { Latency, Measured } from "./measure";

/** What the figures were measured on. */
export interface On {
    readonly cpus: number;
    readonly model: string;
    readonly memory: number;
    readonly versions: Readonly<Record<string, string>>;
}

const ratio = (value: number, of: number) => (value / of).toFixed(2);

/** Tables in Markdown, as docs/explanation/choosing-a-metrics-store.md holds them. What depends on the machine is a share of the first one's. */
export function print(all: readonly Measured[], on: On): string {
    const [first] = all;
    if (first === undefined) return "";
    const each = (name: string, of: (one: Measured) => string) => [name, ...all.map(of)];
    const shares = (name: string, unit: string, of: (one: Measured) => number | undefined, digits = 1) =>
        each(`${name}, ${unit}`, (one) => {
            const [value, base] = [of(one), of(first)];
            if (value === undefined) return "-";
            return base === undefined || one === first
                ? value.toFixed(digits)
                : `${value.toFixed(digits)} (${ratio(value, base)})`;
        });
    const sizes = first.taken.map(({ series }, i) =>
        shares(`${series} series: CPU for a million samples`, "s", ({ taken }) => taken[i]?.cpu),
    );
    const carried = first.taken.map(({ series }, i) =>
        shares(
            `${series} series: samples/s that a core takes`,
            "thousands",
            ({ taken }) => 1e3 / (taken[i]?.cpu ?? NaN),
        ),
    );
    const latencies = (name: string, of: (one: Measured) => Latency) => [
        each(`${name}: p50`, (one) => ratio(of(one).p50, of(first).p50)),
        each(`${name}: p99`, (one) => ratio(of(one).p99, of(first).p99)),
        each(`${name}: CPU`, (one) => ratio(of(one).cpu, of(first).cpu)),
    ];
    const rows = [
        ...sizes,
        ...carried,
        shares("A pair of senders: CPU for a million samples of one", "s", ({ pair }) => pair),
        shares(
            `Resident memory with ${first.taken.at(-1)?.series ?? 0} series`,
            "MiB",
            ({ memory }) => memory / 2 ** 20,
            0,
        ),
        shares("A copy of a sample, index included", "bytes", ({ bytes }) => bytes, 2),
        ...latencies("Queries of the last hour", ({ hot }) => hot),
        ...latencies("Queries of the day before", ({ stored }) => stored),
        ...(["same", "empty", "other labels", "other values", "other series", "refused"] as const).map((verdict) =>
            each(`Rules' expressions, ${verdict}`, ({ verdicts }) => String(verdicts[verdict])),
        ),
    ];
    const kills = all.flatMap(({ name, kills: of }) =>
        Object.entries(of).map(([part, { taken, lost, failed, seconds }]) => [
            name,
            part,
            `${lost} of ${taken}`,
            String(failed),
            seconds.toFixed(1),
        ]),
    );
    return [
        markdown(["", ...all.map(({ name }) => name)], rows),
        "",
        markdown(["", "killed", "lost of those taken", "refused, and repeated", "s until all are taken"], kills),
        "",
        `${on.cpus} cores (${on.model}), ${on.memory.toFixed(0)} GiB; ${Object.entries(on.versions)
            .map(([name, version]) => `${name} ${version}`)
            .join(", ")}.`,
    ].join("\n");
}

function markdown(head: readonly string[], rows: readonly (readonly string[])[]): string {
    const lines = [head, head.map((_, i) => (i === 0 ? "---" : "--:")), ...rows];
    return lines.map((row) => `| ${row.join(" | ")} |`).join("\n");
}
