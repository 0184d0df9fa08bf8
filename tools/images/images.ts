import type { ChartPin } from "../../components/kubernetes/chart-release";
import { PINS } from "../charts";
import type { Plan } from "../plan/engine";
import { record, records, strings } from "../records";
import { pinOf } from "../render/digest";
import { releasesOf } from "../render/releases";
import { nameOf, type ClusterModel } from "../verify/cluster-model";

/** An image that the stack's pods are made of. */
export interface UsedImage {
    /** Full reference: registry, path, and tag or digest. */
    readonly image: string;
    /** SHA-256 that the reference pins; undefined where it has a tag alone. */
    readonly digest: string | undefined;
    /** What runs it, as `NAMESPACE/KIND/NAME`. */
    readonly users: readonly string[];
}

/** Every image of the stack, those of the pods that operators make included, sorted. */
export function imagesOf(model: ClusterModel): UsedImage[] {
    const users = new Map<string, Set<string>>();
    const use = (image: string, user: string) => {
        const full = fullReference(image);
        users.set(full, (users.get(full) ?? new Set()).add(user));
    };
    for (const { owner, spec } of model.pods) {
        const containers = [spec.initContainers, spec.containers].flatMap(records);
        for (const container of containers) {
            if (typeof container.image === "string") use(container.image, nameOf(owner));
            for (const image of handedOn(container)) use(image, nameOf(owner));
        }
        for (const volume of records(spec.volumes)) {
            const { reference } = record(volume.image);
            if (typeof reference === "string") use(reference, nameOf(owner));
        }
    }
    return [...users]
        .map(([image, by]) => ({ image, digest: /@sha256:([0-9a-f]{64})$/.exec(image)?.[1], users: [...by].sort() }))
        .sort((a, b) => (a.image < b.image ? -1 : 1));
}

/**
 * Images that an operator is told to use in pods of its own making. The one for Thanos is left out: it becomes a
 * sidecar only where a Prometheus asks for one.
 */
function handedOn(container: Record<string, unknown>): string[] {
    return [...strings(container.command), ...strings(container.args)].flatMap((argument) => {
        const [, image] = /^--prometheus-config-reloader=(\S+)$/.exec(argument) ?? [];
        return image === undefined ? [] : [image];
    });
}

/**
 * A reference with its registry: a short one means Docker Hub to a container runtime. The path stays as it is written,
 * since that is what a mirror is asked for.
 */
export function fullReference(image: string): string {
    const [first = "", ...rest] = image.split("/");
    const namesRegistry = rest.length > 0 && (first.includes(".") || first.includes(":") || first === "localhost");
    return namesRegistry ? image : `docker.io/${image}`;
}

/** The pins of the charts that the stack installs, in the order of installation. */
export function chartsOf(plan: Plan): ChartPin[] {
    return releasesOf(plan).map(({ chart, version }) => {
        const pin = pinOf(PINS, chart, version);
        if (pin === undefined) throw new Error(`${chart} ${version} has no pin`);
        return pin;
    });
}
