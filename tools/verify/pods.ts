import { record, records } from "../records";
import type { RenderedObject } from "../render/manifests";

/** Pods alike, made by one object. */
export interface Pods {
    readonly owner: RenderedObject;
    /** What makes the pods in the end: an operator's resource becomes a StatefulSet, a Deployment or a DaemonSet. */
    readonly kind: "Deployment" | "StatefulSet" | "DaemonSet" | "Job" | "CronJob" | "Instances";
    readonly name: string;
    readonly namespace: string;
    /** Pods at a time; undefined for one per node. */
    readonly replicas: number | undefined;
    /** The pods' own labels. */
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations: Readonly<Record<string, string>>;
    /** How the owner replaces pods by new ones; empty for its kind's default. */
    readonly strategy: Readonly<Record<string, unknown>>;
    /** A pod's `spec`. */
    readonly spec: Readonly<Record<string, unknown>>;
    /** The owner's `volumeClaimTemplates`. */
    readonly claims: readonly Record<string, unknown>[];
}

/** The pods that an object of Kubernetes itself makes; none for any other. */
export function podsOf(owner: RenderedObject): Pods[] {
    const { kind, metadata, spec } = owner.object;
    const { replicas, template, jobTemplate, volumeClaimTemplates, ...rest } = record(spec);
    const strategy = record(kind === "Deployment" ? rest.strategy : rest.updateStrategy);
    if (kind === "Deployment" || kind === "StatefulSet") {
        const count = typeof replicas === "number" ? replicas : 1;
        return [
            {
                ...{ owner, kind, ...named(owner), replicas: count, strategy, ...pod(template) },
                claims: records(volumeClaimTemplates),
            },
        ];
    }
    if (kind === "DaemonSet")
        return [{ owner, kind, ...named(owner), replicas: undefined, strategy, ...pod(template), claims: [] }];
    if (kind === "Job") return [{ owner, kind, ...named(owner), ...ONCE, ...pod(template) }];
    if (kind === "CronJob") {
        const inner = record(record(jobTemplate).spec).template;
        return [{ owner, kind, ...named(owner), ...ONCE, ...pod(inner) }];
    }
    if (kind === "Pod") return [{ owner, kind: "Job", ...named(owner), ...ONCE, ...pod({ metadata, spec }) }];
    return [];
}

const ONCE = { replicas: 1, strategy: {}, claims: [] };

function named({ namespace, object }: RenderedObject): { name: string; namespace: string } {
    return { name: object.metadata.name, namespace: namespace ?? "default" };
}

function pod(template: unknown): Pick<Pods, "labels" | "annotations" | "spec"> {
    const { metadata, spec } = record(template);
    const { labels, annotations } = record(metadata);
    return { labels: texts(labels), annotations: texts(annotations), spec: record(spec) };
}

function texts(value: unknown): Record<string, string> {
    return Object.fromEntries(Object.entries(record(value)).map(([key, text]) => [key, String(text)]));
}

/** Whether pods stay, other than those of a job that ends. */
export function runsOn({ kind }: Pods): boolean {
    return kind !== "Job" && kind !== "CronJob";
}
