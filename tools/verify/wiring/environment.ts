import { record, records } from "../../records";
import { UNKNOWN_TEXT } from "../../plan/engine";
import type { Pods } from "../pods";
import type { ClusterModel } from "../cluster-model";
import { filesOf } from "./texts";
import type { Lookup } from "./variables";

/**
 * What variables mean to these pods' containers: literal values, and those of Secrets and ConfigMaps that are rendered.
 * What is generated when deployed, such as a password, is the cluster's to tell.
 */
export function environmentOf(model: ClusterModel, readers: readonly Pods[]): Lookup {
    const values = new Map<string, string | null>();
    for (const { namespace, spec } of readers) {
        for (const container of [...records(spec.initContainers), ...records(spec.containers)]) {
            for (const [name, value] of ofContainer(model, namespace, container)) {
                values.set(name, value?.includes(UNKNOWN_TEXT) === true ? null : value);
            }
        }
    }
    return (name) => values.get(name);
}

/** A container's variables; `null` where only the cluster can tell the value. */
export function ofContainer(
    model: ClusterModel,
    namespace: string,
    container: Record<string, unknown>,
): Map<string, string | null> {
    const contents = (kind: string, name: unknown) => {
        const object = typeof name === "string" ? model.find(kind, namespace, name) : undefined;
        return object === undefined ? new Map<string, string>() : (filesOf(object) ?? new Map<string, string>());
    };
    const values = new Map<string, string | null>();
    for (const { secretRef, configMapRef } of records(container.envFrom)) {
        const from = [contents("Secret", record(secretRef).name), contents("ConfigMap", record(configMapRef).name)];
        for (const [name, value] of from.flatMap((each) => [...each])) values.set(name, value);
    }
    for (const { name, value, valueFrom } of records(container.env)) {
        const { secretKeyRef, configMapKeyRef } = record(valueFrom);
        const secret = record(secretKeyRef);
        const configMap = record(configMapKeyRef);
        const referred =
            contents("Secret", secret.name).get(String(secret.key)) ??
            contents("ConfigMap", configMap.name).get(String(configMap.key));
        values.set(
            String(name),
            typeof value === "string" ? value : (referred ?? (valueFrom === undefined ? "" : null)),
        );
    }
    return values;
}
