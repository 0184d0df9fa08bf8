import { isDeepStrictEqual } from "node:util";
import { at, record } from "../records";
import { madeByOperators } from "../verify/operators/operators";
import { podsOf, runsOn, type Pods } from "../verify/pods";
import { refused } from "./immutable";
import { placed, type KubernetesObject } from "./manifests";

/** What a change to an object does to the cluster beyond the object itself, for people. */
export interface Effect {
    readonly text: string;
    /** Data, other objects or the deployment itself are at stake. */
    readonly grave: boolean;
}

/** Kinds whose removal takes data or other objects with it. */
const COSTLY: Record<string, string> = {
    CustomResourceDefinition: "every object of its kind goes with it",
    Namespace: "everything in it goes with it",
    PersistentVolumeClaim: "its data goes with it, unless its storage class keeps volumes",
    StatefulSet: "its pods go; its volume claims stay",
    Cluster: "its pods and volumes go with it",
    Alloy: "its pods go; its volume claims stay",
    Prometheus: "its pods go; its volume claims stay",
    Alertmanager: "its pods go; its volume claims stay",
};

const KEPT = "it stays in the cluster, since its annotation keeps it, and no release owns it any more";

/** Whether Helm leaves an object where it is when its release no longer has it. */
function isKept({ metadata }: KubernetesObject): boolean {
    return metadata.annotations?.["helm.sh/resource-policy"] === "keep";
}

/** Effects of a change from one form of an object to another; undefined where it is not there. */
export function effects(before: KubernetesObject | undefined, after: KubernetesObject | undefined): Effect[] {
    if (after === undefined) {
        const cost = before && COSTLY[before.kind];
        if (before === undefined || cost === undefined) return [];
        return isKept(before) ? [{ text: KEPT, grave: false }] : [{ text: cost, grave: true }];
    }
    if (before === undefined) return [];
    return [
        ...[...refused(before, after), ...claims(before, after)].map((text) => ({ text, grave: true })),
        ...[...scaled(before, after), ...rolled(before, after)].map((text) => ({ text, grave: false })),
    ];
}

/** Where workloads and the resources of operators say how many pods there are. */
const COUNTS = ["replicas", "instances", "controller.replicas"];

function scaled(before: KubernetesObject, after: KubernetesObject): string[] {
    return COUNTS.flatMap((path) => {
        const [was, is] = [before, after].map(({ spec }) => at(spec, path));
        return typeof is === "number" && was !== is ? [`${path.split(".").at(-1) ?? path} ${String(was)} → ${is}`] : [];
    });
}

function rolled(before: KubernetesObject, after: KubernetesObject): string[] {
    if (!changesPods(before, after)) return [];
    const onDelete = podsIn(after).every(({ strategy }) => strategy.type === "OnDelete");
    return [onDelete ? "its pods change as they are deleted" : "its pods are replaced"];
}

/** What operators do where the claims of their pods are to change. */
const CLAIMS: Record<string, string> = {
    // pkg/prometheus/server/operator.go and pkg/alertmanager/operator.go of prometheus-operator
    Alertmanager: "the operator deletes its StatefulSet with all pods at once; volumes that are there stay as they are",
    Prometheus: "the operator deletes its StatefulSet with all pods at once; volumes that are there stay as they are",
    // It is an operator of Helm charts, whose upgrade the API server refuses again and again.
    Alloy: "the operator's update is refused again and again: volume claims cannot change",
};

function claims(before: KubernetesObject, after: KubernetesObject): string[] {
    const text = CLAIMS[after.kind];
    const [was, is] = [before, after].map((object) => podsIn(object).flatMap((pods) => pods.claims));
    return text === undefined || isDeepStrictEqual(was, is) ? [] : [text];
}

/** The pods that an object lets run, also by an operator. */
export function podsIn(object: KubernetesObject): Pods[] {
    const owners = placed("", object.metadata.namespace, [object]);
    return [...owners.flatMap(podsOf), ...madeByOperators(owners).pods];
}

/** Whether pods that last are no longer what they were. */
function changesPods(before: KubernetesObject, after: KubernetesObject): boolean {
    const shape = (object: KubernetesObject) =>
        podsIn(object)
            .filter(runsOn)
            .map(({ name, labels, annotations, spec }) => ({ name, labels, annotations, spec }));
    return !isDeepStrictEqual(shape(before), shape(after));
}

/** Whether a workload changed in annotations of its pods and in nothing else, as when a configuration that they read did. */
export function isRestart(before: KubernetesObject | undefined, after: KubernetesObject | undefined): boolean {
    if (before === undefined || after === undefined || at(after.spec, "template") === undefined) return false;
    return changesPods(before, after) && isDeepStrictEqual(withoutAnnotations(before), withoutAnnotations(after));
}

function withoutAnnotations(object: KubernetesObject): unknown {
    const { template, ...spec } = record(object.spec);
    const { metadata, ...rest } = record(template);
    return {
        ...object,
        spec: { ...spec, template: { ...rest, metadata: { ...record(metadata), annotations: undefined } } },
    };
}
