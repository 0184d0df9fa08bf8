import { record, records } from "../../records";
import type { Check } from "../check";
import type { Found } from "../finding";
import { nameOf, specOf, type ClusterModel } from "../cluster-model";
import { containersOf } from "../workloads";

export const resources: Check = {
    name: "resources",
    promise: "Every container asks for the CPU and memory that it needs, and can take no node's memory",
    run: (model) =>
        model.pods.flatMap((pods) =>
            containersOf(pods).flatMap(({ container }): Found[] => {
                const { requests, limits } = record(container.resources);
                const byNamespace = defaultsIn(model, pods.namespace);
                const lacks = [
                    ...["cpu", "memory"]
                        .filter((unit) => !has(requests, unit) && !has(byNamespace.defaultRequest, unit))
                        .map((unit) => `requests.${unit}`),
                    ...(has(limits, "memory") || has(byNamespace.default, "memory") ? [] : ["limits.memory"]),
                ];
                if (lacks.length === 0) return [];
                return [
                    {
                        object: nameOf(pods.owner),
                        found: `${pods.name}: container ${String(container.name)} lacks ${lacks.join(", ")}`,
                        wanted: "requests of CPU and memory, and a limit of memory",
                        hint: "without requests it is placed anywhere, without the limit it takes what others have",
                    },
                ];
            }),
        ),
};

/** What the API server writes into a container that says nothing: a LimitRange of its namespace. */
function defaultsIn(model: ClusterModel, namespace: string): Record<string, unknown> {
    const ranges = model.objects.filter(
        ({ object, namespace: of }) => object.kind === "LimitRange" && of === namespace,
    );
    const limits = ranges.flatMap(({ object }) => records(specOf(object).limits));
    return limits.find(({ type }) => type === "Container") ?? {};
}

function has(quantities: unknown, unit: string): boolean {
    const value = record(quantities)[unit];
    return value !== undefined && value !== null;
}
