import { sum } from "../verify/requests";
import type { ObjectChange } from "./diff";
import { PROGRAM } from "./manifests";
import { signed } from "./requests";

export interface Limits {
    /** Lines of one object's diff. */
    readonly lines: number;
    /** Characters of the whole; GitHub takes 65536 in a comment. */
    readonly characters: number;
}

export const LIMITS: Limits = { lines: 80, characters: 60_000 };

const SIGNS = { added: "+", removed: "-", changed: "~", values: "~" } as const;

/**
 * The changes for a terminal or, with `markdown`, for a pull request's comment: what may cost data first, then each
 * release with what the program tells Helm and what becomes of it, then the objects' diffs.
 */
export function printChanges(changes: readonly ObjectChange[], markdown: boolean, limits: Limits = LIMITS): string {
    if (changes.length === 0) return "No object changes.\n";
    const releases = [...new Set(changes.map(({ release }) => release))].sort();
    const of = (release: string) => changes.filter((change) => change.release === release);
    const head = [
        ...summary(changes, markdown),
        ...grave(changes, markdown),
        ...(markdown && releases.length > 1 ? table(releases, of) : []),
        ...releases.flatMap((release) => block(release, of(release), markdown, limits)),
    ].join("\n");
    return withDiffs(cut(head, limits.characters), changes, markdown, limits);
}

function summary(changes: readonly ObjectChange[], markdown: boolean): string[] {
    const more = signed(sum(changes.map((change) => change.more)));
    const restarts = changes.filter(({ restart }) => restart).length;
    return [
        markdown ? `**${counted(changes)}**` : counted(changes),
        ...(more === "" ? [] : ["", `Requests: ${more}`]),
        ...(restarts === 0 ? [] : ["", `${restarts} workloads restart pod by pod to read a changed configuration`]),
        "",
    ];
}

/** What is to be looked at before all else. */
function grave(changes: readonly ObjectChange[], markdown: boolean): string[] {
    const lines = changes.flatMap((change) => {
        const effects = change.effects.filter((effect) => effect.grave);
        return effects.length === 0 ? [] : [line({ ...change, effects }, markdown)];
    });
    if (lines.length === 0) return [];
    return markdown
        ? ["> [!CAUTION]", "> Look at these first:", ...lines.map((text) => `> ${text}`), ""]
        : ["Look at these first:", ...lines, ""];
}

function table(releases: readonly string[], of: (release: string) => readonly ObjectChange[]): string[] {
    const rows = releases.map((release) => `| ${nameOf(release)} | ${numbers(of(release)).join(" | ")} |`);
    return ["| Release | Added | Removed | Changed |", "| --- | --: | --: | --: |", ...rows, ""];
}

/** A release: the change to its values, what becomes of its objects, and in one line those that only restart. */
function block(release: string, changes: readonly ObjectChange[], markdown: boolean, { lines }: Limits): string[] {
    const values = changes.find(({ kind }) => kind === "values");
    const restarts = changes.filter(({ restart }) => restart);
    const objects = changes.filter((change) => change !== values && !change.restart);
    const names = restarts.map(({ title }) => (markdown ? `\`${title}\`` : title)).join(", ");
    return [
        markdown ? `### ${nameOf(release)}\n` : nameOf(release),
        ...(values === undefined ? [] : ["What the program tells Helm:", "", fenced(values.diff, markdown, lines), ""]),
        ...objects.map((change) => line(change, markdown)),
        ...(names === "" ? [] : [`${markdown ? "-" : "  ~"} restarted to read what changed: ${names}`]),
        "",
    ];
}

/** Adds the objects' diffs as long as there is room, and says how many are left out. */
function withDiffs(head: string, changes: readonly ObjectChange[], markdown: boolean, limits: Limits): string {
    let text = head;
    let left = 0;
    for (const change of changes) {
        // The values stand above; of a restart a checksum is all there is to see.
        if (change.diff === "" || change.kind === "values" || change.restart) continue;
        const added = diffBlock(change, markdown, limits.lines);
        // Once one is left out so are all after it: a reader then knows where the text ends.
        if (left > 0 || text.length + added.length > limits.characters) left += 1;
        else text += added;
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
    const text = fenced(diff, markdown, limit);
    if (!markdown) return `--- ${nameOf(release)}: ${title}\n${text}\n\n`;
    return `<details><summary>${nameOf(release)}: ${escaped(title)}</summary>\n\n${text}\n\n</details>\n`;
}

/** A diff, cut to so many lines, in Markdown between fences longer than any in it. */
function fenced(diff: string, markdown: boolean, limit: number): string {
    const all = diff.split("\n");
    const shown = all.slice(0, limit);
    if (all.length > limit) shown.push(`… ${all.length - limit} more lines`);
    const text = shown.join("\n");
    if (!markdown) return text;
    const fence = "`".repeat(Math.max(3, ...[...text.matchAll(/`+/g)].map(([run]) => run.length + 1)));
    return `${fence}diff\n${text}\n${fence}`;
}

function line({ kind, title, effects }: ObjectChange, markdown: boolean): string {
    const effect = effects.length === 0 ? "" : `: ${effects.map(({ text }) => text).join("; ")}`;
    return markdown ? `- ${kind} \`${title}\`${effect}` : `  ${SIGNS[kind]} ${title}${effect}`;
}

function nameOf(release: string): string {
    return release === PROGRAM ? "made by the program" : release;
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
