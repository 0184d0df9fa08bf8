import type { Kubectl, KubernetesObject } from "./kubectl";

/**
 * Does for the fake cluster what would need machines: binds every volume claim to a volume and reports PostgreSQL
 * clusters ready, whose operator does not run.
 * @returns a function that ends it.
 */
export function standIns(kubectl: Kubectl): () => void {
    let stopped = false;
    const round = async () => {
        for (const claim of await kubectl.list("persistentvolumeclaims")) {
            if (claim.spec?.volumeName === undefined) kubectl.apply(volumeFor(claim));
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

function volumeFor(claim: KubernetesObject): object {
    const { name, namespace, uid } = claim.metadata;
    const spec = claim.spec as {
        accessModes: string[];
        storageClassName?: string;
        resources: { requests: { storage: string } };
    };
    return {
        apiVersion: "v1",
        kind: "PersistentVolume",
        metadata: { name: `pv-${uid}` },
        spec: {
            capacity: { storage: spec.resources.requests.storage },
            accessModes: spec.accessModes,
            storageClassName: spec.storageClassName ?? "",
            persistentVolumeReclaimPolicy: "Delete",
            hostPath: { path: `/var/none/${uid}` },
            claimRef: { apiVersion: "v1", kind: "PersistentVolumeClaim", namespace, name, uid },
        },
    };
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
