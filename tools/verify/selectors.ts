import { record, records, strings } from "../records";

export type Labels = Readonly<Record<string, string>>;

/**
 * Whether a label selector selects these labels, as Kubernetes does: all of `matchLabels` and all of `matchExpressions`.
 * An empty selector selects everything; what an absent one means, its owner decides.
 */
export function selects(selector: Record<string, unknown>, labels: Labels): boolean {
    return (
        matches(record(selector.matchLabels), labels) &&
        records(selector.matchExpressions).every((expression) => holds(expression, labels))
    );
}

/** Whether labels hold every pair, as a Service's selector asks. */
export function matches(pairs: Record<string, unknown>, labels: Labels): boolean {
    return Object.entries(pairs).every(([key, value]) => labels[key] === value);
}

function holds({ key, operator, values }: Record<string, unknown>, labels: Labels): boolean {
    const label = labels[String(key)];
    switch (operator) {
        case "In":
            return label !== undefined && strings(values).includes(label);
        // Also selects what has no such label.
        case "NotIn":
            return label === undefined || !strings(values).includes(label);
        case "Exists":
            return label !== undefined;
        case "DoesNotExist":
            return label === undefined;
        default:
            throw new Error(`no operator of a label selector: ${String(operator)}`);
    }
}
