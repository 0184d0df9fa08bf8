/** What was measured: medians, in seconds of CPU time. */
export interface Row {
    readonly name: string;
    readonly here: number;
    /** The other checkout's; undefined where there is none, or where it cannot be called so. */
    readonly base: number | undefined;
}

/** A table in Markdown, as docs/reference/performance.md holds it. */
export function print(rows: readonly Row[], on: { runs: number; node: string; cpus: number }): string {
    const cells = rows.map(({ name, here, base }) => [
        `\`${name}\``,
        here.toFixed(2),
        base === undefined ? "-" : base.toFixed(2),
        base === undefined ? "-" : (here / base).toFixed(2),
    ]);
    const table = [["command", "here, s", "base, s", "ratio"], ["---", "--:", "--:", "--:"], ...cells];
    return [
        ...table.map((row) => `| ${row.join(" | ")} |`),
        "",
        `Medians of ${on.runs}, Node ${on.node}, ${on.cpus} cores.`,
    ].join("\n");
}
