import { isDeepStrictEqual } from "node:util";
import { at } from "../../../tools/records";
import type { Kubectl, KubernetesObject } from "../kubectl";

/** What holds data, what makes or opens it, and the definitions that take all of their resources with them. */
const KINDS = [
    ...["namespaces", "customresourcedefinitions", "statefulsets", "persistentvolumeclaims", "persistentvolumes"],
    ...["secrets", "clusters.postgresql.cnpg.io", "prometheuses", "alertmanagers", "alloys"],
];

interface Standing {
    readonly uid: string;
    /** What must be the same after an upgrade: a volume's size and disk, a Secret's data. */
    readonly holds: unknown;
}

/** All that must outlive an upgrade, by `Kind namespace/name`. */
export async function standing(kubectl: Kubectl): Promise<Map<string, Standing>> {
    // Each for itself: asked together, one kind that a stack has not leaves nothing of the others.
    const objects = (await Promise.all(KINDS.map((kind) => kubectl.list(kind)))).flat();
    return new Map(
        objects
            // Helm's own record of a release: a new one for each revision.
            .filter(({ type }) => type !== "helm.sh/release.v1")
            .map((object) => [nameOf(object), { uid: object.metadata.uid, holds: heldBy(object) }]),
    );
}

function heldBy({ kind, spec, data }: KubernetesObject): unknown {
    if (kind === "Secret") return data;
    if (kind !== "PersistentVolumeClaim") return undefined;
    return { size: at(spec, "resources.requests.storage"), disk: at(spec, "volumeName") };
}

function nameOf({ kind, metadata }: KubernetesObject): string {
    return `${kind} ${metadata.namespace ?? ""}/${metadata.name}`;
}

/** What did not outlive it, in words that show no Secret. */
export function lost(before: ReadonlyMap<string, Standing>, after: ReadonlyMap<string, Standing>): string[] {
    return [...before].flatMap(([name, was]) => {
        const is = after.get(name);
        if (is === undefined) return [`${name} is gone`];
        if (is.uid !== was.uid) return [`${name} was made anew`];
        return isDeepStrictEqual(is.holds, was.holds) ? [] : [`${name} holds something else`];
    });
}
