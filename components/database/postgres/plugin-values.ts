import { pullSecrets } from "../../kubernetes/image-pull";
import type { PlatformSettings } from "../../settings/platform";
import { resources } from "../../kubernetes/resources";
import type { ChartValues } from "./plugin-values.gen";

/** Values of the archiving plugin's chart. */
export function buildPluginValues(platform: PlatformSettings): ChartValues {
    const { scheduling, imageRegistry: registry } = platform;
    return {
        // It cannot be run twice, and the chart replaces it by stopping it first. Archiving does not wait for it: that is
        // the work of its containers beside the instances, whose image is told here too.
        replicaCount: 1,
        ...pullSecrets(platform),
        ...(registry !== undefined && { image: { registry }, sidecarImage: { registry } }),
        resources: resources("10m", "64Mi", "256Mi"),
        nodeSelector: scheduling.nodeSelector,
        tolerations: scheduling.tolerations,
    };
}
