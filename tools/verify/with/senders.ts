import { records, strings } from "../../records";
import type { ClusterModel } from "../cluster-model";
import type { Pods } from "../pods";
import { resolve } from "../wiring/endpoints";
import { ofContainer } from "../wiring/environment";
import { mentionsOf } from "../wiring/mentions";
import { referencesOfPod } from "../wiring/references";
import { filesOf } from "../wiring/texts";
import { filled } from "../wiring/variables";
import { wiringOf } from "../wiring/wiring";
import { TENANT_WORKLOADS } from "./manifests";

/** Pods of tenant workloads that are told an address in a namespace. */
export function callersOf(model: ClusterModel, namespace: string | undefined): Pods[] {
    const callers = mentionsOf(model).flatMap((mention) => {
        const resolved = resolve(wiringOf(model), mention.address, mention.namespace);
        const isCalled =
            resolved.kind === "endpoints" && resolved.endpoints.some(({ pods }) => pods.namespace === namespace);
        return isCalled ? mention.callers.filter(({ owner }) => owner.release === TENANT_WORKLOADS) : [];
    });
    return [...new Set(callers)];
}

/** Everything that the pods' containers are told, variables filled in. */
export function textsRead(model: ClusterModel, { namespace, spec }: Pods): string[] {
    const files = referencesOfPod(spec)
        .filter(({ path }) => path.startsWith("volume "))
        .flatMap(({ kind, name }) => {
            const object = model.find(kind, namespace, name);
            return [...((object && filesOf(object)) ?? new Map<string, string>()).values()];
        });
    const containers = [...records(spec.initContainers), ...records(spec.containers)];
    return containers.flatMap((container) => {
        const variables = ofContainer(model, namespace, container);
        const values = [...variables.values()].filter((value) => value !== null);
        return [...files, ...strings(container.command), ...strings(container.args), ...values].map((text) =>
            filled(withoutComments(text), (name) => variables.get(name)),
        );
    });
}

function withoutComments(text: string): string {
    return text.replace(/^\s*(#|\/\/).*$/gm, "");
}
