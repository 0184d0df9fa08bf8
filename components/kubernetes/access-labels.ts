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

/** Who may come to a store that tenants send to. */
export interface Callers {
    /** Namespaces of the platform whose pods push. */
    readonly pushFrom: readonly string[];
    /** Namespaces of the platform whose pods query. */
    readonly queryFrom: readonly string[];
    /** Who else may push: a team's own Prometheus, an OpenTelemetry Collector, shippers of lines. */
    readonly applications: Peer;
    /** Who else may query. */
    readonly readers: Peer | undefined;
}

/** Pushes and queries, each to its port of the pods that take them. */
export function callerFlows(
    { pushFrom, queryFrom, applications, readers }: Callers,
    at: { readonly push: number; readonly query: number; readonly pods: NonNullable<Flow["pods"]> },
): Flow[] {
    const { push, query, pods } = at;
    return [
        ...flowsFrom("push", pushFrom, applications, { ports: [push], pods }),
        ...flowsFrom("query", queryFrom, readers, { ports: [query], pods }),
    ];
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
