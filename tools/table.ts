/** A titled table for people, its columns as wide as their widest cell. */
export function table(title: string, head: string[], rows: string[][]): string {
    if (rows.length === 0) return `${title}\n  none\n`;
    const widths = head.map((cell, i) => Math.max(cell.length, ...rows.map((row) => (row[i] ?? "").length)));
    const line = (row: string[]) =>
        `  ${row
            .map((cell, i) => cell.padEnd(widths[i] ?? 0))
            .join("  ")
            .trimEnd()}`;
    return [title, line(head), line(widths.map((width) => "-".repeat(width))), ...rows.map(line), ""].join("\n");
}
