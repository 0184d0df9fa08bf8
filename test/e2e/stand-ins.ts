import type { Kubectl, KubernetesObject } from "./kubectl";

/**
 * Does for the fake cluster what would need machines: gives every volume claim a disk in the zone of its pod and reports PostgreSQL
 * clusters ready, whose operator does not run.
 * @returns a function that ends it.
 */
export function standIns(kubectl: Kubectl): () => void {
    let stopped = false;
    const round = async () => {
        const claims = await kubectl.list("persistentvolumeclaims");
        const waiting = claims.filter(({ spec, metadata }) => spec?.volumeName === undefined && nodeOf(metadata));
        if (waiting.length > 0) {
            const nodes = await kubectl.list("nodes");
            const items = waiting.flatMap((claim) => volumeFor(claim, nodes));
            kubectl.apply({ apiVersion: "v1", kind: "List", items });
        }
        for (const cluster of await kubectl.list("clusters.postgresql.cnpg.io")) {
            if (cluster.status?.conditions?.some((c) => c.type === "Ready" && c.status === "True") !== true) {
                reportReady(kubectl, cluster);
            }
        }
    };
    const loop = async () => {
        while (!stopped) {
            // An object may be gone between listing and writing; the next round sees what is left.
            await round().catch(() => undefined);
            await new Promise((resolve) => setTimeout(resolve, 1000));
        }
    };
    void loop();
    return () => {
        stopped = true;
    };
}

const ZONE = "topology.kubernetes.io/zone";

/** The node that the scheduler has chosen for the claim's first pod. */
function nodeOf({ annotations }: KubernetesObject["metadata"]): string | undefined {
    return annotations?.["volume.kubernetes.io/selected-node"];
}

/** A disk in the zone of that node, as clouds have them: it can be used from no other zone. */
function volumeFor(claim: KubernetesObject, nodes: readonly KubernetesObject[]): object[] {
    const { name, namespace, uid } = claim.metadata;
    const zone = nodes.find(({ metadata }) => metadata.name === nodeOf(claim.metadata))?.metadata.labels?.[ZONE];
    if (zone === undefined) return [];
    const spec = claim.spec as {
        accessModes: string[];
        storageClassName?: string;
        resources: { requests: { storage: string } };
    };
    return [
        {
            apiVersion: "v1",
            kind: "PersistentVolume",
            metadata: { name: `pv-${uid}`, labels: { [ZONE]: zone } },
            spec: {
                capacity: { storage: spec.resources.requests.storage },
                accessModes: spec.accessModes,
                storageClassName: spec.storageClassName ?? "",
                persistentVolumeReclaimPolicy: "Delete",
                hostPath: { path: `/var/none/${uid}` },
                claimRef: { apiVersion: "v1", kind: "PersistentVolumeClaim", namespace, name, uid },
                nodeAffinity: {
                    required: {
                        nodeSelectorTerms: [{ matchExpressions: [{ key: ZONE, operator: "In", values: [zone] }] }],
                    },
                },
            },
        },
    ];
}

function reportReady(kubectl: Kubectl, cluster: KubernetesObject): void {
    const instances = cluster.spec?.instances;
    const status = {
        phase: "Cluster in healthy state",
        instances,
        readyInstances: instances,
        currentPrimary: `${cluster.metadata.name}-1`,
        conditions: [
            {
                type: "Ready",
                status: "True",
                reason: "ClusterIsReady",
                message: "",
                lastTransitionTime: new Date().toISOString().replace(/\.\d+Z$/, "Z"),
            },
        ],
    };
    kubectl.run([
        ...["patch", "clusters.postgresql.cnpg.io", cluster.metadata.name, "-n", cluster.metadata.namespace ?? ""],
        ...["--subresource=status", "--type=merge", "-p", JSON.stringify({ status })],
    ]);
}
