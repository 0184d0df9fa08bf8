import type { Check } from "../check";
import type { Found } from "../finding";
import { pathsOf, type Path } from "../wiring/paths";
import { blockedBy, openingLabel, type End } from "../wiring/policies";
import { wiringOf } from "../wiring/wiring";
import { nameOf, type ClusterModel } from "../cluster-model";

export const networkPaths: Check = {
    name: "network-paths",
    promise: "NetworkPolicies let every caller out and its callee let it in: stores, scrapes, webhooks, ingress, DNS",
    run: (model) => once(pathsOf(model)).flatMap((path) => blocked(model, path)),
};

/** Several settings often lead the same way: the first one is named. */
function once(paths: readonly Path[]): Path[] {
    const id = (end: End) => (end.kind === "pods" ? `${nameOf(end.pods.owner)} ${end.pods.name}` : called(end));
    const first = new Map<string, Path>();
    for (const path of paths) {
        const key = [id(path.from), id(path.to), path.port, path.protocol].join(" ");
        if (!first.has(key)) first.set(key, path);
    }
    return [...first.values()];
}

function blocked(model: ClusterModel, path: Path): Found[] {
    const stop = blockedBy(wiringOf(model), path);
    if (stop === undefined) return [];
    const { from, to, port, protocol, why } = path;
    const out = stop.direction === "Egress";
    const held = out ? from : to;
    if (held.kind !== "pods") return [];
    const rule = `a policy with a rule for it beside ${stop.policies.join(", ")}`;
    const label = out || from.kind !== "pods" ? undefined : openingLabel(wiringOf(model), path);
    return [
        {
            object: nameOf(held.pods.owner),
            found: out
                ? `may not call ${called(to)}, port ${port} (${protocol})`
                : `is closed to ${called(from)} on port ${port} (${protocol})`,
            wanted:
                label !== undefined && from.kind === "pods"
                    ? `the label ${label} on namespace ${from.pods.namespace}, or ${rule}`
                    : rule,
            hint: why,
        },
    ];
}

function called(end: End): string {
    if (end.kind === "pods") return nameOf(end.pods.owner);
    if (end.kind === "strangers") return "pods that the stack does not render";
    return end.address ?? "addresses outside of the pods";
}
