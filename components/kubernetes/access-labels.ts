import type { Flow, Peer } from "./network-policies";
import type { PlatformSettings } from "../settings/platform";

/** Labels of the namespaces whose pods may push, or query. They are written into manifests of others: they never change. */
export const INGEST_LABEL = { "observability-platform/ingest": "allowed" };
export const QUERY_LABEL = { "observability-platform/query": "allowed" };

/** Who may push: pods of every namespace that carries the label, or of every namespace. */
export function applications({ ingestFrom }: Pick<PlatformSettings, "ingestFrom">): Peer {
    return ingestFrom === "all" ? "cluster" : { namespaceLabels: INGEST_LABEL };
}

/** Who may query beside the platform itself: nobody, or pods of every namespace that carries the label. */
export function readers({ queryFrom }: Pick<PlatformSettings, "queryFrom">): Peer | undefined {
    return queryFrom === "labelled" ? { namespaceLabels: QUERY_LABEL } : undefined;
}

/** Flows from the platform's own namespaces, each once, and from others where there are some. */
export function flowsFrom(
    name: string,
    namespaces: readonly string[],
    others: Peer | undefined,
    at: Pick<Flow, "ports" | "pods">,
): Flow[] {
    return [
        ...(others === undefined ? [] : [{ name: `${name}-from-others`, peer: others, ...at }]),
        ...[...new Set(namespaces)].map((namespace) => ({
            name: `${name}-from-${namespace}`,
            peer: { namespace },
            ...at,
        })),
    ];
}
