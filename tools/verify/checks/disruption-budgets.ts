import { isRecord } from "../../records";
import type { RenderedObject } from "../../render/manifests";
import type { Check } from "../check";
import type { Found } from "../finding";
import { runsOn, type Pods } from "../pods";
import { selects } from "../selectors";
import { nameOf, specOf, type ClusterModel } from "../cluster-model";
import { replicasOf, workloadOf } from "../workloads";

export const disruptionBudgets: Check = {
    name: "disruption-budgets",
    promise: "A drain takes one pod of a kind at a time, and is held up by none",
    run: (model) => [
        ...model.ofKind("PodDisruptionBudget").flatMap((budget) => ofBudget(model, budget)),
        ...(model.settings.platform.survives === "nothing" ? [] : model.pods.flatMap((pods) => ofPods(model, pods))),
    ],
};

function selected({ pods }: ClusterModel, budget: RenderedObject): Pods[] {
    const { selector } = specOf(budget.object);
    return pods.filter(
        ({ namespace, labels }) => namespace === budget.namespace && isRecord(selector) && selects(selector, labels),
    );
}

function ofBudget(model: ClusterModel, budget: RenderedObject): Found[] {
    const object = nameOf(budget);
    const chosen = selected(model, budget);
    const [first] = chosen;
    if (first === undefined) {
        const hint = "take its selector from the labels of the pods that it is for";
        return [{ object, found: "selects no pods", wanted: "the pods of one workload", hint }];
    }
    const others = chosen.filter(({ owner }) => owner !== first.owner).map(({ name }) => name);
    if (others.length > 0) {
        const found = `selects the pods of ${[first.name, ...others].join(", ")}`;
        const hint = "select by a label that the other pods lack";
        return [{ object, found, wanted: "the pods of one workload", hint }];
    }
    return isHandedOver(first) ? [] : limits(object, budget, first, chosen);
}

/** CloudNativePG gives a primary's role to another instance as its node is cordoned, and the eviction then passes. */
function isHandedOver({ kind, labels }: Pods): boolean {
    return kind === "Instances" && labels["cnpg.io/instanceRole"] === "primary";
}

function limits(object: string, budget: RenderedObject, pods: Pods, chosen: readonly Pods[]): Found[] {
    const { minAvailable, maxUnavailable } = specOf(budget.object);
    const count = chosen.reduce((sum, { replicas }) => sum + (replicas ?? 0), 0);
    if (minAvailable === undefined && maxUnavailable === undefined) {
        return [
            { object, found: "gives no limit", wanted: "maxUnavailable: 1", hint: "nothing is limited without one" },
        ];
    }
    const allowed =
        minAvailable === undefined ? whole(maxUnavailable, count) : Math.max(0, count - whole(minAvailable, count));
    const found = `lets ${allowed} of ${count} pods of ${pods.name} be evicted`;
    if (allowed < 1) {
        const hint = count < 2 ? "a single pod has no budget" : "write maxUnavailable: 1";
        return [{ object, found, wanted: "1, so that a node can be drained", hint }];
    }
    if (allowed > 1 && workloadOf(pods)?.standing === "quorum") {
        return [{ object, found, wanted: "1, since two members make the quorum", hint: "write maxUnavailable: 1" }];
    }
    return [];
}

/** A number of pods, or a share of them, which Kubernetes rounds up for both limits. */
function whole(value: unknown, count: number): number {
    const percent = typeof value === "string" ? /^(\d+)%$/.exec(value)?.[1] : undefined;
    return percent === undefined ? Number(value) : Math.ceil((Number(percent) * count) / 100);
}

function ofPods(model: ClusterModel, pods: Pods): Found[] {
    if (!runsOn(pods) || (replicasOf(model, pods) ?? 0) < 2) return [];
    const own = model.ofKind("PodDisruptionBudget").filter((budget) => selected(model, budget).includes(pods));
    const object = nameOf(pods.owner);
    if (own.length === 1) return [];
    if (own.length === 0) {
        const hint = "switch the chart's podDisruptionBudget on, or add one beside the release";
        return [{ object, found: `no budget selects ${shown(pods)}`, wanted: "one", hint }];
    }
    const names = own.map(nameOf).join(", ");
    const hint = "Kubernetes refuses to evict a pod that two budgets select: remove one";
    return [{ object, found: `${names} all select ${pods.name}`, wanted: "one budget", hint }];
}

function shown({ name, labels }: Pods): string {
    return `${name} (${Object.entries(labels).join("; ").replaceAll(",", "=")})`;
}
