import type { Policies } from "@pulumi/policy";
import "./once";
import { forReleases, forStacks, reporters, type Schema } from "./policy";
import { budgetsBeside, rootCredentials } from "./rules/beside";
import { deduplication } from "./rules/deduplication";
import { durability } from "./rules/durability";
import { replicaCounts, MINIMUM_KEYS } from "./rules/replica-counts";
import { replicationAndQuorum } from "./rules/replication-and-quorum";
import { safety } from "./rules/safety";
import { secrets } from "./rules/secrets";
import { spread } from "./rules/spread";
import { supply } from "./rules/supply";

const survives: Schema = {
    type: "string",
    enum: ["nothing", "node", "zone"],
    description: "The least that may be lost at any time; where the stack's own setting says more, that counts.",
};
const texts: Schema = { type: "array", items: { type: "string" } };
const minimums: Schema = {
    type: "object",
    description: "Fewest replicas by workload, over the policy's own; 0 leaves a workload out.",
    properties: Object.fromEntries(MINIMUM_KEYS.map((key) => [key, { type: "integer", minimum: 0 }])),
    additionalProperties: false,
};

/** The pack's name, to the engine and to people. */
export const NAME = "observability";

/** Every policy, the reporters last. */
export function policies(): Policies {
    const about = (name: string, description: string, properties: Record<string, Schema> = {}) => ({
        ...{ name, description, properties },
        severity: "high" as const,
    });
    const aboutCopies = (...told: Parameters<typeof about>) => ({ ...about(...told), ofCopies: true });
    return [
        forReleases(
            aboutCopies("replica-counts", "Every workload has its minimum of replicas.", { survives, minimums }),
            replicaCounts,
        ),
        forReleases(
            aboutCopies("replication-and-quorum", "Copies and votes survive a loss.", { survives }),
            replicationAndQuorum,
        ),
        forReleases(
            aboutCopies("spread", "Replicas do not share what may be lost, and drains proceed.", { survives }),
            spread,
        ),
        forStacks(aboutCopies("spread-beside-charts", "Budgets stand beside charts that make none."), budgetsBeside),
        forStacks(aboutCopies("deduplication", "Samples of a Prometheus pair are stored once."), deduplication),
        forReleases(
            about("durability", "Data outlives its pod and is deleted by choice only.", {
                protect: { type: "boolean" },
            }),
            durability,
        ),
        forReleases(about("secrets", "No credential stands in values."), secrets),
        forStacks(about("root-credentials", "No store has the object store's root key."), rootCredentials),
        forReleases(
            about("supply", "Charts and images are exact and from known places.", {
                repositories: texts,
                mirrors: texts,
            }),
            supply,
        ),
        forReleases(
            about("safety", "Names are said, and what data was written with stays.", { immutable: { type: "object" } }),
            safety,
        ),
        ...reporters(),
    ];
}
