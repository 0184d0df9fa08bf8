import type { RenderedObject } from "../../render/manifests";
import type { Pods } from "../pods";
import type { World } from "../cluster-model";
import { clusterOwn } from "./cluster";

/** Who can be called: the stack's Services and pods, its operators' and the cluster's own. */
export interface Wiring {
    readonly world: World;
    readonly services: readonly RenderedObject[];
    readonly pods: readonly Pods[];
    readonly serviceOf: (namespace: string, name: string) => RenderedObject | undefined;
    readonly hasNamespace: (name: string) => boolean;
    /** A namespace's labels, with the one that Kubernetes gives. */
    readonly labelsOf: (namespace: string) => Readonly<Record<string, string>>;
}

const known = new WeakMap<World, Wiring>();

export function wiringOf(world: World): Wiring {
    const wiring = known.get(world) ?? make(world);
    known.set(world, wiring);
    return wiring;
}

function make(world: World): Wiring {
    const own = clusterOwn(world);
    const services = [...world.ofKind("Service"), ...own.services];
    const pods = [...world.pods, ...own.pods];
    const byName = new Map(services.map((each) => [`${each.namespace ?? ""}/${each.object.metadata.name}`, each]));
    const labels = new Map(
        world.ofKind("Namespace").map(({ object }) => [object.metadata.name, object.metadata.labels]),
    );
    const namespaces = new Set([...labels.keys(), ...services.map(({ namespace }) => namespace)]);
    return {
        ...{ world, services, pods },
        serviceOf: (namespace, name) => byName.get(`${namespace}/${name}`),
        hasNamespace: (name) => namespaces.has(name),
        labelsOf: (namespace) => ({ ...labels.get(namespace), "kubernetes.io/metadata.name": namespace }),
    };
}
