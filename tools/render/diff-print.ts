import type { ObjectChange } from "./diff";

export interface Limits {
    /** Lines of one object's diff. */
    readonly lines: number;
    /** Characters of the whole; GitHub takes 65536 in a comment. */
    readonly characters: number;
}

export const LIMITS: Limits = { lines: 80, characters: 60_000 };

const SIGNS = { added: "+", removed: "-", changed: "~" } as const;

/** The changes for a terminal or, with `markdown`, for a pull request's comment. */
export function printChanges(changes: readonly ObjectChange[], markdown: boolean, limits: Limits = LIMITS): string {
    if (changes.length === 0) return "No object changes.\n";
    const releases = [...new Set(changes.map(({ release }) => release))].sort();
    const of = (release: string) => changes.filter((change) => change.release === release);
    const head = [
        markdown ? `**${counted(changes)}**` : counted(changes),
        "",
        ...(markdown
            ? ["| Release | Added | Removed | Changed |", "| --- | --: | --: | --: |"].concat(
                  releases.map((release) => `| ${nameOf(release)} | ${numbers(of(release)).join(" | ")} |`),
              )
            : releases.map((release) => `  ${nameOf(release)}: ${counted(of(release))}`)),
        "",
        ...releases.flatMap((release) => [
            markdown ? `### ${nameOf(release)}\n` : nameOf(release),
            ...of(release).map((change) => line(change, markdown)),
            "",
        ]),
    ].join("\n");
    return withDiffs(cut(head, limits.characters), changes, markdown, limits);
}

/** Adds the objects' diffs as long as there is room, and says how many are left out. */
function withDiffs(head: string, changes: readonly ObjectChange[], markdown: boolean, limits: Limits): string {
    let text = head;
    let left = 0;
    for (const change of changes) {
        if (change.diff === "") continue;
        const block = diffBlock(change, markdown, limits.lines);
        // Once one is left out so are all after it: a reader then knows where the text ends.
        if (left > 0 || text.length + block.length > limits.characters) left += 1;
        else text += block;
    }
    return left === 0
        ? text
        : `${text}${left} more changed objects are not shown: render both revisions to see them.\n`;
}

function cut(text: string, characters: number): string {
    if (text.length <= characters) return text;
    const end = text.lastIndexOf("\n", characters);
    return `${text.slice(0, end)}\n… ${text.slice(end + 1).split("\n").length} more lines\n`;
}

function diffBlock({ title, release, diff }: ObjectChange, markdown: boolean, limit: number): string {
    const all = diff.split("\n");
    const shown = all.slice(0, limit);
    if (all.length > limit) shown.push(`… ${all.length - limit} more lines`);
    if (!markdown) return `--- ${nameOf(release)}: ${title}\n${shown.join("\n")}\n\n`;
    const text = shown.join("\n");
    // A fence must be longer than any in the text.
    const fence = "`".repeat(Math.max(3, ...[...text.matchAll(/`+/g)].map(([run]) => run.length + 1)));
    const summary = `<summary>${nameOf(release)}: ${escaped(title)}</summary>`;
    return `<details>${summary}\n\n${fence}diff\n${text}\n${fence}\n\n</details>\n`;
}

function line({ kind, title, effects }: ObjectChange, markdown: boolean): string {
    const effect = effects.length === 0 ? "" : `: ${effects.join("; ")}`;
    return markdown ? `- ${kind} \`${title}\`${effect}` : `  ${SIGNS[kind]} ${title}${effect}`;
}

function nameOf(release: string): string {
    return release === "_program" ? "made by the program" : release;
}

function numbers(changes: readonly ObjectChange[]): number[] {
    return (["added", "removed", "changed"] as const).map((kind) => changes.filter((c) => c.kind === kind).length);
}

function counted(changes: readonly ObjectChange[]): string {
    const [added = 0, removed = 0, changed = 0] = numbers(changes);
    return `${added} added, ${removed} removed, ${changed} changed`;
}

function escaped(text: string): string {
    return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
