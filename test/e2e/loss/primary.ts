import type { Kubectl } from "../kubectl";
import { isOf } from "./quorums";
import type { Pod, PodWatch } from "./pod-watch";
import type { Pods } from "../../../tools/verify/pods";

const ROLE = "cnpg.io/instanceRole";

/**
 * Gives the instances of a PostgreSQL cluster their roles, as its operator does: one ready instance is the primary, and
 * another takes over when it is gone or its node is cordoned, so that the budget of the primary lets the drain go on.
 */
export class Primary {
    constructor(
        private readonly instances: Pods,
        private readonly pods: PodWatch,
        private readonly kubectl: Kubectl,
    ) {}

    /** Instances are where they can serve: chooses again, with nodes that are about to be emptied left out. */
    elect(cordoned: readonly string[] = []): void {
        const ready = this.pods.all.filter((pod) => isOf(this.instances, pod) && pod.ready);
        const fit = (pod: Pod) => pod.node !== undefined && !cordoned.includes(pod.node);
        const now = ready.find((pod) => pod.labels[ROLE] === "primary");
        const next = now !== undefined && fit(now) ? now : ready.find(fit);
        for (const pod of ready) {
            const role = pod === next ? "primary" : "replica";
            if (pod.labels[ROLE] === role) continue;
            this.kubectl.run([
                ...["label", "--overwrite", "--namespace", pod.namespace, "pod", pod.name],
                ...[`${ROLE}=${role}`, `role=${role}`],
            ]);
        }
    }
}
