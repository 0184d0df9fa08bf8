import { KUBERNETES_VERSIONS, SINCE } from "../program";
import { at, records } from "../../records";
import { compareVersions } from "../../versions";
import type { Check } from "../check";
import type { Found } from "../finding";
import { nameOf, type ClusterModel } from "../cluster-model";

export const kubernetesVersion: Check = {
    name: "kubernetes-version",
    promise: "Nothing relies on what the version of Kubernetes that it is rendered for has not",
    run: (model) => [...olderThanSaid(model), ...zonesOfPods(model)],
};

/** Major and minor number. */
function short({ kubeVersion }: ClusterModel): string {
    return kubeVersion.replace(/^v/, "").split(".").slice(0, 2).join(".");
}

function olderThanSaid(model: ClusterModel): Found[] {
    const { kubernetes } = model.settings.platform;
    if (compareVersions(short(model), kubernetes) >= 0) return [];
    const wanted = `kubernetes: "${KUBERNETES_VERSIONS.find((each) => each === short(model)) ?? KUBERNETES_VERSIONS[0]}"`;
    const hint = "set the oldest version that the stack meets, or render for a newer one with --kube-version";
    return [{ object: "settings", found: `kubernetes: "${kubernetes}", rendered for ${short(model)}`, wanted, hint }];
}

/** A field of the pod's labels that nobody sets is empty, and the program that reads it starts all the same. */
function zonesOfPods(model: ClusterModel): Found[] {
    if (compareVersions(short(model), SINCE.zoneLabelOnPods) >= 0) return [];
    return model.pods
        .filter(({ spec, labels }) =>
            [...records(spec.initContainers), ...records(spec.containers)]
                .flatMap(({ env }) => records(env))
                .map(
                    (each) =>
                        /^metadata\.labels\['(topology\..+)'\]$/.exec(
                            String(at(each, "valueFrom.fieldRef.fieldPath")),
                        )?.[1],
                )
                .some((label) => label !== undefined && labels[label] === undefined),
        )
        .map(({ owner }) => ({
            object: nameOf(owner),
            found: `reads its zone from its own labels, which Kubernetes ${short(model)} does not set: the zone is empty`,
            wanted: `Kubernetes ${SINCE.zoneLabelOnPods}, or no awareness of zones`,
            hint: "set kubernetes to the oldest version that the stack meets",
        }));
}
