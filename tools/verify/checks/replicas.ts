import { at } from "../../records";
import { releasesOf } from "../../render/releases";
import type { Check } from "../check";
import type { Found } from "../finding";
import { runsOn, type Pods } from "../pods";
import { nameOf, type ClusterModel } from "../cluster-model";
import { unmadeWorkloads, settingOf, WORKLOADS, type Workload } from "../program";
import { alike, replicasOf, workloadOf } from "../workloads";

export const replicas: Check = {
    name: "replicas",
    promise: "Production runs at least its minimum of everything, and alone only what has a reason to be",
    run: (model) => {
        const { survives } = model.settings.platform;
        return survives === "nothing" ? [] : [...model.pods.flatMap((pods) => tooFew(model, pods)), ...missing(model)];
    },
};

function tooFew(model: ClusterModel, pods: Pods): Found[] {
    const count = replicasOf(model, pods);
    const { survives } = model.settings.platform;
    if (survives === "nothing" || count === undefined || !runsOn(pods) || alike(model, pods)[0] !== pods) return [];
    const workload = workloadOf(pods);
    const object = nameOf(pods.owner);
    const found = `${count} of ${pods.owner.object.metadata.name}`;
    if (workload?.least !== undefined) {
        const least = workload.least[survives];
        const exact = workload.exactly === true;
        if (exact ? count === least : count >= least) return [];
        const wanted = `${exact ? "exactly" : "at least"} ${least}, since otherwise ${workload.why}`;
        return [{ object, found, wanted, hint: `set ${settingOf(workload)}` }];
    }
    if (count > 1 || workload !== undefined) return [];
    const hint = "raise its replicas, or name it with its reason in its system's workloads.ts";
    return [{ object, found, wanted: "at least 2, since a node's loss takes one", hint }];
}

/** Workloads of a system that is there, none of which is rendered; what release or settings do not ask for left out. */
function missing(model: ClusterModel): Found[] {
    const there = new Set(model.pods.map((pods) => workloadOf(pods)?.key));
    const systems = new Set([...there].map((key) => key?.split(".")[0]));
    const values = releasesOf(model.plan).map((release) => release.values);
    const { clusterEvents, annotationDiscovery } = model.settings.k8sMonitoring.features;
    const features = new Map([
        ["k8s-monitoring.events", clusterEvents],
        ["k8s-monitoring.metrics", annotationDiscovery],
        ...unmadeWorkloads(model.settings).map((key) => [key, false] as const),
    ]);
    const asked = ({ key, least, place }: Workload) => {
        const onlyIf = place?.onlyIf;
        if (least === undefined || features.get(key) === false) return false;
        return onlyIf === undefined || values.some((each) => at(each, onlyIf.path) === onlyIf.is);
    };
    return WORKLOADS.filter(
        (workload) => !there.has(workload.key) && systems.has(workload.key.split(".")[0]) && asked(workload),
    ).map((workload) => ({
        object: workload.key,
        found: "no pods",
        wanted: "its pods beside the system's others",
        hint: `see ${settingOf(workload)}`,
    }));
}
