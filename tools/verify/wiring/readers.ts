import { at, records, strings } from "../../records";
import type { RenderedObject } from "../../render/manifests";
import type { Pods } from "../pods";
import type { ClusterModel } from "../cluster-model";
import { addressesIn } from "./addresses";
import { resolve } from "./endpoints";
import { referencesOf, referencesOfPod } from "./references";
import { wiringOf } from "./wiring";

/** Pods that read what an object says: its own, those that are given the ConfigMap, Secret or archive, a Probe's prober. */
export function readersOf(model: ClusterModel, object: RenderedObject): Pods[] {
    const { kind, metadata } = object.object;
    if (kind === "Probe") return proberOf(model, object);
    const isThis = (reference: { kind: string; name: string }) =>
        reference.kind === kind && reference.name === metadata.name;
    return model.pods.filter(
        (pods) =>
            pods.owner === object ||
            (["ConfigMap", "Secret", "ObjectStore"].includes(kind) &&
                pods.namespace === object.namespace &&
                // By way of the pods' spec, or of the resource that an operator makes them from.
                [...referencesOfPod(pods.spec), ...referencesOf(pods.owner)].some(isThis)),
    );
}

/** The pods that a Probe asks to call its targets. */
function proberOf(model: ClusterModel, { namespace, object }: RenderedObject): Pods[] {
    const wiring = wiringOf(model);
    const url = String(at(object, "spec.prober.url"));
    return addressesIn(url, { key: "url", hasNamespace: wiring.hasNamespace }).flatMap((address) => {
        const resolved = resolve(wiring, address, namespace ?? "default");
        return resolved.kind === "endpoints" ? resolved.endpoints.map(({ pods }) => pods) : [];
    });
}

/** Sections of the stores' configurations that only some of their modules read, by the modules' `-target`. */
const READ_BY: Readonly<Record<string, readonly string[]>> = {
    ruler: ["ruler"],
    ruler_storage: ["ruler", "querier"],
    frontend: ["query-frontend"],
    query_frontend: ["query-frontend"],
    frontend_worker: ["querier"],
    querier: ["querier"],
    metrics_generator: ["metrics-generator"],
    memberlist: [],
};

/** Readers of a shared configuration for whom a section is meant. Programs without `-target` run every module. */
export function modulesOf(readers: readonly Pods[], path: readonly string[]): Pods[] {
    const modules = path.map((key) => READ_BY[key] ?? []).find((each) => each.length > 0);
    if (modules === undefined) return [...readers];
    return readers.filter((pods) => {
        const targets = targetsOf(pods);
        return targets.length === 0 || targets.some((target) => target === "all" || modules.includes(target));
    });
}

/** Modules that a store's pods run; none where they run all, or are no such program. */
export function targetsOf({ spec }: Pods): string[] {
    return records(spec.containers)
        .flatMap(({ args }) => strings(args))
        .flatMap((arg) => /^-{1,2}target=(.+)$/.exec(arg)?.[1]?.split(",") ?? []);
}
