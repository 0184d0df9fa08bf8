import { record, records } from "../../records";
import type { RenderedObject } from "../../render/manifests";
import type { Pods } from "../pods";
import type { ClusterModel } from "../cluster-model";
import { filesOf } from "../wiring/texts";

/** A text that a ConfigMap or a Secret of the stack holds. */
export interface HeldText {
    readonly holder: RenderedObject;
    readonly key: string;
    readonly text: string;
}

/** What a container finds at a path, if a ConfigMap or a Secret of the stack puts it there. */
export function mounted(
    model: ClusterModel,
    pods: Pods,
    container: Record<string, unknown>,
    path: string,
): HeldText | undefined {
    const [mount] = records(container.volumeMounts)
        .map(({ name, mountPath, subPath }) => ({ name, at: String(mountPath).replace(/\/$/, ""), subPath }))
        .filter(({ at }) => path === at || path.startsWith(`${at}/`))
        // The innermost hides what others have put there.
        .sort((a, b) => b.at.length - a.at.length);
    if (mount === undefined) return undefined;
    const inside = [mount.subPath, path.slice(mount.at.length + 1)].filter((part) => part !== undefined && part !== "");
    return heldBy(
        model,
        records(pods.spec.volumes).find(({ name }) => name === mount.name),
        pods.namespace,
        inside.join("/"),
    );
}

/** A file of a volume made from ConfigMaps and Secrets. */
function heldBy(
    model: ClusterModel,
    volume: Record<string, unknown> | undefined,
    namespace: string,
    path: string,
): HeldText | undefined {
    const sources = [record(volume), ...records(record(record(volume).projected).sources)];
    for (const { configMap, secret } of sources) {
        const { name, secretName, items } = record(configMap ?? secret);
        const key = items === undefined ? path : records(items).find((item) => item.path === path)?.key;
        const holder = secretName ?? name;
        if (typeof holder !== "string" || typeof key !== "string") continue;
        const found = held(model, configMap === undefined ? "Secret" : "ConfigMap", namespace, holder, key);
        if (found !== undefined) return found;
    }
    return undefined;
}

/** The text under a key of a ConfigMap or Secret. */
export function held(
    model: ClusterModel,
    kind: "ConfigMap" | "Secret",
    namespace: string | undefined,
    name: string,
    key: string,
): HeldText | undefined {
    const holder = model
        .ofKind(kind)
        .find((each) => each.namespace === namespace && each.object.metadata.name === name);
    const text = holder && filesOf(holder.object)?.get(key);
    return holder === undefined || text === undefined ? undefined : { holder, key, text };
}
