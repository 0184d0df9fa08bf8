import { record } from "../records";
import { plain, type Plan, type PlannedResource } from "../plan/engine";
import type { LiveObjects } from "./live";

/** Stands for a generated value in a plan. It ends with a mark, so that no name is the beginning of another. */
export function placeholder(name: string): string {
    return `<generated ${name}>`;
}

export function isGenerated({ type }: PlannedResource): boolean {
    return type.startsWith("random:");
}

/**
 * What each generated value is in the cluster, by the name of its resource: the plan says which key of which Secret holds
 * it, alone or with a text before and after, and the Secret is there. A value that no Secret holds is left out.
 */
export function generatedValues(plan: Plan, live: LiveObjects): Map<string, string> {
    const values = new Map<string, string>();
    for (const { name } of plan.resources.filter(isGenerated)) {
        const value = plan.resources
            .filter(({ type }) => type === "kubernetes:core/v1:Secret")
            .flatMap(({ inputs }) => {
                const data = record(live.get(inputs)?.data);
                return Object.entries(record(plain(inputs.stringData))).map(([key, text]) =>
                    between(text, placeholder(name), data[key]),
                );
            })
            .find((found) => found !== undefined);
        if (value !== undefined) values.set(name, value);
    }
    return values;
}

/** The part of a Secret's value that stands where the planned text has the placeholder. */
function between(planned: unknown, hole: string, base64: unknown): string | undefined {
    if (typeof planned !== "string" || typeof base64 !== "string") return undefined;
    const [before = "", after, ...more] = planned.split(hole);
    // Two generated values in one text could not be told from each other.
    if (after === undefined || more.length > 0 || planned.replace(hole, "").includes("<generated ")) return undefined;
    const text = Buffer.from(base64, "base64").toString("utf8");
    if (!text.startsWith(before) || !text.endsWith(after) || text.length <= before.length + after.length) {
        return undefined;
    }
    return text.slice(before.length, text.length - after.length);
}
