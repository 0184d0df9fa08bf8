import type { Outcome } from "./losses";
import type { Quorum } from "./quorums";

/** What each loss left of each quorum, and what became of its pods, as a Markdown table. */
export function tableOf(outcomes: readonly Outcome[], quorums: readonly Quorum[]): string {
    const rows = [
        ["", "needs", ...outcomes.map(({ what }) => what)],
        ["---", "---", ...outcomes.map(() => "--:")],
        ...quorums.map((quorum) => {
            const lowest = outcomes.map((outcome) => outcome.lowest.get(quorum));
            const [first] = lowest;
            const needs = first === undefined ? "" : `${first.needed} of ${first.total} ${quorum.unit}`;
            return [quorum.name, needs, ...lowest.map((each) => String(each?.left ?? ""))];
        }),
        ["pods lost", "", ...outcomes.map(({ lost }) => String(lost))],
        ["… that found a place", "", ...outcomes.map(({ moved }) => String(moved))],
        ["… that wait on purpose", "", ...outcomes.map(({ waiting }) => String(waiting.length))],
        ["evictions put off", "", ...outcomes.map(({ putOff }) => String(putOff.length))],
    ];
    return rows.map((row) => `| ${row.join(" | ")} |`).join("\n");
}

/** Pods that a budget held back at first, by drain. */
export function putOffOf(outcomes: readonly Outcome[]): string {
    return outcomes
        .filter(({ putOff }) => putOff.length > 0)
        .map(({ what, putOff }) => `${what}: put off ${[...new Set(putOff)].sort().join(", ")}`)
        .join("\n");
}

/** Pods that wait, by reason, over all losses. */
export function waitingOf(outcomes: readonly Outcome[]): string {
    return outcomes
        .filter(({ waiting }) => waiting.length > 0)
        .map(({ what, waiting }) => {
            const reasons = [...new Set(waiting.map(({ reason }) => reason))];
            const byReason = reasons.map((reason) => {
                const names = waiting.filter((each) => each.reason === reason).map(({ pod }) => pod);
                return `${reason}: ${names.sort().join(", ")}`;
            });
            return `${what}: ${byReason.join("; ")}`;
        })
        .join("\n");
}
