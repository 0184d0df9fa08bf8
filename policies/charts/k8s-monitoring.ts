import { controllerOf } from "../catalogue/catalogue";
import type { Check } from "../finding";
import type { ChartRules } from "./chart-rules";
import { filled, LOST, wrong } from "./checks";

const SETTINGS = "observability:k8sMonitoring";

/** Logs are files of a node, so their collector has to run on each. */
const logsOfEachNode: Check = (release) => {
    const collector = "collectors.alloy-logs";
    if (release.given(collector) === undefined) return [];
    const controller = controllerOf(release, collector);
    if (controller === "daemonset") return [];
    return [
        {
            path: `${collector}.controller.type`,
            found: String(controller),
            wanted: "daemonset",
            why: "logs of nodes without a collector are lost",
            setting: `${SETTINGS}.values.${collector}`,
        },
    ];
};

/** A collector's queue; one that this release does not run needs none. */
function queued(name: string): Check {
    const collector = `collectors.${name}`;
    const setting = `${SETTINGS}.volumes`;
    const volumes = filled(`${collector}.controller.volumeClaimTemplates`, "spec", setting);
    return (release) => {
        if (release.given(collector) === undefined) return [];
        const controller = String(controllerOf(release, collector));
        if (controller === "statefulset") return volumes(release);
        const path = `${collector}.controller.type`;
        return [{ path, found: controller, wanted: "statefulset, with volumes", why: LOST, setting }];
    };
}

const clustered: Check = (release) => {
    const path = "collectors.alloy-metrics.presets";
    const presets = release.get(path);
    const on = release.get("collectors.alloy-metrics.alloy.clustering.enabled");
    if (on === true || (Array.isArray(presets) && presets.includes("clustered"))) return [];
    const why = "every collector scrapes every target";
    return wrong(release, path, "the preset clustered among them", why, `${SETTINGS}.values.${path}`);
};

export const k8sMonitoring: ChartRules = {
    reads: ["alloy-metrics", "alloy-receiver", "alloy-events", "alloy-logs"].flatMap((name) => [
        `collectors.${name}.presets`,
        `collectors.${name}.controller.type`,
        `collectors.${name}.controller.volumeClaimTemplates`,
    ]),
    mode: logsOfEachNode,
    queues: ["alloy-metrics", "alloy-receiver"].map(queued),
    replication: () => [clustered],
};
