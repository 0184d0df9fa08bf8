/** Helm could not render a release, or its chart is not the pinned one. */
export class ChartError extends Error {
    constructor(
        readonly release: string,
        /** Path in the chart's values where it can be told. */
        readonly valuesPath: string | undefined,
        readonly detail: string,
    ) {
        const at = valuesPath === undefined ? "" : `, values path ${valuesPath}`;
        super(`release ${release}${at}:\n${detail.replace(/^/gm, "  ")}`);
    }
}

/**
 * The path in the values that Helm's message speaks of: a schema error names it, a template error shows the expression
 * that failed, a chart's own check often quotes it.
 */
export function valuesPath(message: string): string | undefined {
    const [, pointer] = /^- at '(\/[^']*)'/m.exec(message) ?? [];
    if (pointer !== undefined) return pointer.slice(1).replaceAll("/", ".");
    const [, dotted] = /^- ([\w-]+(?:\.[\w-]+)*): /m.exec(message) ?? [];
    if (dotted !== undefined && message.includes("schema")) return dotted;
    // The innermost expression stands last.
    const expression = [...message.matchAll(/<[^<>]*?\.Values\.([\w.-]+)[^<>]*>/g)].at(-1)?.[1];
    if (expression !== undefined) return expression;
    return /\.Values\.([\w-]+(?:\.[\w-]+)*)/.exec(message)?.[1];
}

/** Helm's message without what is the same in all of them. */
export function helmMessage(stderr: string): string {
    const lines = stderr
        .split("\n")
        .filter((line) => !/^(WARNING|walk\.go|coalesce\.go|I\d{4}|level=)|^Use --debug flag/.test(line));
    return lines
        .join("\n")
        .trim()
        .replace(/^Error: /, "");
}
