import { at, record, records } from "../../records";
import type { RenderedObject } from "../../render/manifests";

// Source, at v0.13: plugin-barman-cloud, internal/cnpgi/operator/lifecycle{,_resources,_envs}.go.

const PLUGIN = "barman-cloud.cloudnative-pg.io";

/** Containers that the archiving plugin puts into a cluster's pods: one, where the cluster archives with it. */
export function archivers(cluster: RenderedObject, all: readonly RenderedObject[]): Record<string, unknown>[] {
    const plugin = records(record(cluster.object.spec).plugins).find(({ name }) => name === PLUGIN);
    if (plugin === undefined) return [];
    const store = all.find(
        ({ namespace, object }) =>
            object.kind === "ObjectStore" &&
            namespace === cluster.namespace &&
            object.metadata.name === at(plugin, "parameters.barmanObjectName"),
    );
    const { env, resources } = record(at(store?.object, "spec.instanceSidecarConfiguration"));
    return [
        {
            name: "plugin-barman-cloud",
            image: imageOf(all),
            args: ["instance"],
            env,
            resources,
            restartPolicy: "Always",
            securityContext: {
                ...{ allowPrivilegeEscalation: false, privileged: false, runAsNonRoot: true },
                ...{ readOnlyRootFilesystem: true, seccompProfile: { type: "RuntimeDefault" } },
                capabilities: { drop: ["ALL"] },
            },
        },
    ];
}

/** The plugin's own pods are told it by a ConfigMap. */
function imageOf(all: readonly RenderedObject[]): unknown {
    return all.map(({ object }) => at(object, "data.SIDECAR_IMAGE")).find((image) => image !== undefined);
}
