/**
 * Where nginx' configuration breaks its own form: a directive without an end, a brace without its other, a quote left
 * open. What each directive means is nginx' to know.
 */
export function nginxProblems(text: string): string[] {
    const open: number[] = [];
    const problems: string[] = [];
    let line = 1;
    /** Line where the directive that is not ended yet began. */
    let directive: number | undefined;
    const parts = /#[^\n]*|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\$\{\w+\}|\\.|[{};"']|\n|[^\s{};#"'\\$]+|\$|[ \t\r]+/g;
    for (const [part] of text.matchAll(parts)) {
        if (part === '"' || part === "'") return [...problems, `line ${line}: a quote that does not end`];
        if (part === "{") {
            if (directive === undefined) problems.push(`line ${line}: { without a directive before it`);
            open.push(line);
            directive = undefined;
        } else if (part === "}") {
            if (directive !== undefined) problems.push(`line ${directive}: a directive without ;`);
            if (open.pop() === undefined) problems.push(`line ${line}: } without {`);
            directive = undefined;
        } else if (part === ";") directive = undefined;
        else if (part.trim() !== "" && !part.startsWith("#")) directive ??= line;
        line += part.split("\n").length - 1;
    }
    if (directive !== undefined) problems.push(`line ${directive}: a directive without ;`);
    return [...problems, ...open.map((each) => `line ${each}: { without }`)];
}

/** Lines of an ini file that are neither a section, nor `key = value`, nor a comment. */
export function iniProblems(text: string): string[] {
    return text.split("\n").flatMap((line, index) => {
        const known = /^\s*(?:[#;].*|\[[^\]]+\]\s*|[^=\s[][^=]*=.*)?$/.test(line);
        return known ? [] : [`line ${index + 1}: ${line.trim()}`];
    });
}
