import type { Peer } from "./network-policies";
import type { PlatformSettings } from "../settings/platform";

/** Label of the namespaces whose pods may push. It is written into manifests of others: it never changes. */
export const INGEST_LABEL = { "observability-platform/ingest": "allowed" };

/** Who may push: pods of every namespace that carries the label, or of every namespace. */
export function applications({ ingestFrom }: Pick<PlatformSettings, "ingestFrom">): Peer {
    return ingestFrom === "all" ? "cluster" : { namespaceLabels: INGEST_LABEL };
}
