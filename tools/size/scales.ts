import { gibibytes } from "../plan/quantities";
import type { GivenLoad } from "./load";
import { readLoad } from "./load";
import { sizeOf } from "./stack";

/** Loads a factor of ten apart, each by its name. */
const SCALES: Readonly<Record<string, GivenLoad>> = {
    "1x": { series: "1M", logs: "100GB/day", spans: "1MB/s", queries: "10" },
    "10x": { series: "10M", logs: "1TB/day", spans: "10MB/s", queries: "50" },
    "100x": { series: "100M", logs: "10TB/day", spans: "100MB/s", queries: "250" },
};

/** A Markdown table of what each scale needs, replicas × cores × memory, for the reference. */
export function scalesTable(): string {
    const sizes = Object.entries(SCALES).map(([name, load]) => ({ name, load, size: sizeOf(readLoad(load)) }));
    const settings = sizes[0]?.size.figures.map(({ setting }) => setting) ?? [];
    const head = sizes.map(
        ({ name, load }) => `${name}: ${load.series} series, ${load.logs} logs, ${load.spans} spans`,
    );
    const cell = (setting: string) => (each: (typeof sizes)[number]) => {
        const figure = each.size.figures.find((one) => one.setting === setting);
        return figure === undefined ? "-" : `${figure.replicas} × ${figure.cpu} × ${gibibytes(figure.memory)}`;
    };
    const sum = ({ size }: (typeof sizes)[number]) => gibibytes(size.stored.reduce((all, { bytes }) => all + bytes, 0));
    return [
        row(["Pods × cores × memory", ...head]),
        row(["---", ...head.map(() => "---")]),
        ...settings.map((setting) => row([`\`${setting}\``, ...sizes.map(cell(setting))])),
        row(["Buckets in sum, 30, 31 and 14 days", ...sizes.map(sum)]),
        row(["Said of it", ...sizes.map(({ size }) => size.limits.join(" ") || "-")]),
    ].join("\n");
}

function row(cells: readonly string[]): string {
    return `| ${cells.join(" | ")} |`;
}
