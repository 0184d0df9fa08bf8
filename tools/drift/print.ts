import type { Drift, DriftReport } from "./drift";
import type { Written } from "./managers";

/** The report for people: what is gone first, then what nobody asked for, then what differs. */
export function printed({ compared, drift }: DriftReport): string {
    const order = ["missing", "unknown", "changed"];
    const sorted = [...drift].sort(
        (a, b) => order.indexOf(a.what.kind) - order.indexOf(b.what.kind) || a.object.localeCompare(b.object),
    );
    const count =
        drift.length === 0 ? "no drift" : drift.length === 1 ? "1 object differs" : `${drift.length} objects differ`;
    return [...sorted.map(entry), `${compared} objects compared, ${count}`].join("\n");
}

function entry({ object, what }: Drift): string {
    switch (what.kind) {
        case "missing":
            return `${object}\n  is gone`;
        case "unknown":
            return [object, "  is not of this stack", ...what.written.map(author)].join("\n");
        case "changed":
            return [
                object,
                ...what.fields.map(
                    ({ path, wanted, found }) =>
                        `  ${path}\n    stack:   ${wanted ?? "-"}\n    cluster: ${found ?? "-"}`,
                ),
                ...what.written.map(author),
            ].join("\n");
    }
}

const FIELDS = 5;

function author({ by, at, fields }: Written): string {
    const more = fields.length > FIELDS ? `, and ${fields.length - FIELDS} more` : "";
    return `  ${by} wrote at ${at}: ${fields.slice(0, FIELDS).join(", ")}${more}`;
}
