import type { Results, Row } from "./results";

const HEAD = ["what", "in", "here", "beside", "ratio", "at most"];
const ALIGNED = ["---", "---", "--:", "---", "--:", "--:"];

/** A table in Markdown, as docs/reference/performance.md holds it, in the order of the parts, and on what it was measured. */
export function print(results: Results, order: readonly string[]): string {
    const parts = order.flatMap((name) => {
        const result = results[name];
        return result === undefined ? [] : [{ name, ...result }];
    });
    const rows = parts.flatMap((part) => part.rows.map(cells));
    return [
        ...[HEAD, ALIGNED, ...rows].map((row) => `| ${row.join(" | ")} |`),
        "",
        ...parts.map(({ name, commit, runs, node, cores, load: [from, to] }) => {
            const on = `Node ${node}, ${cores} cores, load ${from.toFixed(1)} to ${to.toFixed(1)}`;
            return `- ${name}: ${commit}, ${runs === 1 ? "one run" : `medians of ${runs}`}, ${on}.`;
        }),
        ...parts.flatMap(({ name, missing }) => missing.map((why) => `- ${name}: not measured, ${why}.`)),
    ].join("\n");
}

function cells({ name, unit, here, beside, atMost, note }: Row): string[] {
    const text = (value: number) => (unit === "MiB" ? value.toFixed(0) : value.toPrecision(3));
    return [
        note === undefined ? name : `${name} (${note})`,
        unit,
        text(here),
        beside === undefined ? "-" : `${text(beside.value)} ${beside.name}`,
        beside === undefined ? "-" : (here / beside.value).toFixed(2),
        atMost?.toFixed(2) ?? "-",
    ];
}
