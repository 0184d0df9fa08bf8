import type { RenderedObject } from "../../render/manifests";
import type { Pods } from "../pods";
import type { ClusterModel } from "../cluster-model";
import { clusterOwn } from "./cluster";

/** Who can be called: the stack's Services and pods, its operators' and the cluster's own. */
export interface Wiring {
    readonly model: ClusterModel;
    readonly services: readonly RenderedObject[];
    readonly pods: readonly Pods[];
    readonly serviceOf: (namespace: string, name: string) => RenderedObject | undefined;
    readonly hasNamespace: (name: string) => boolean;
    /** A namespace's labels, with the one that Kubernetes gives. */
    readonly labelsOf: (namespace: string) => Readonly<Record<string, string>>;
}

const known = new WeakMap<ClusterModel, Wiring>();

export function wiringOf(model: ClusterModel): Wiring {
    const wiring = known.get(model) ?? make(model);
    known.set(model, wiring);
    return wiring;
}

function make(model: ClusterModel): Wiring {
    const own = clusterOwn(model);
    const services = [...model.ofKind("Service"), ...own.services];
    const pods = [...model.pods, ...own.pods];
    const byName = new Map(services.map((each) => [`${each.namespace ?? ""}/${each.object.metadata.name}`, each]));
    const labels = new Map(
        model.ofKind("Namespace").map(({ object }) => [object.metadata.name, object.metadata.labels]),
    );
    const namespaces = new Set([...labels.keys(), ...services.map(({ namespace }) => namespace)]);
    return {
        ...{ model, services, pods },
        serviceOf: (namespace, name) => byName.get(`${namespace}/${name}`),
        hasNamespace: (name) => namespaces.has(name),
        labelsOf: (namespace) => ({ ...labels.get(namespace), "kubernetes.io/metadata.name": namespace }),
    };
}
