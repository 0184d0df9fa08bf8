import { pullSecrets } from "../../kubernetes/image-pull";
import type { PlatformSettings } from "../../settings/platform";
import { restrictedContainer, restrictedPod } from "../../kubernetes/pod-security";
import { resources } from "../../kubernetes/resources";
import { NAMESPACE, PORT, RELEASE } from "./names";
import type { PushgatewaySettings } from "./settings";
import type { ChartValues } from "./values.gen";

export interface PushgatewayValuesArgs {
    readonly platform: PlatformSettings;
    readonly settings: PushgatewaySettings;
}

/** User that owns the volume; `nobody`. */
const USER = 65534;
const DATA = "/data";

/** Values of the chart. */
export function buildPushgatewayValues({ platform, settings }: PushgatewayValuesArgs): ChartValues {
    const { scheduling, storageClass, imageRegistry } = platform;
    return {
        fullnameOverride: RELEASE,
        ...pullSecrets(platform),
        ...(imageRegistry !== undefined && {
            // The repository has its registry in front, which the chart's own override would only prepend to.
            image: { repository: `${imageRegistry}/prometheus/pushgateway` },
        }),
        // Exactly one: replicas share nothing, so that each would know a part. For the same reason no disruption budget,
        // which could only stop drains.
        replicaCount: 1,
        // The old pod is gone before the new one takes the volume.
        runAsStatefulSet: true,
        extraArgs: [`--persistence.file=${DATA}/metrics`, "--persistence.interval=30s"],
        persistentVolume: {
            enabled: true,
            mountPath: DATA,
            size: settings.volume,
            ...(storageClass !== undefined && { storageClass }),
        },
        service: { port: PORT, targetPort: PORT },
        nodeSelector: scheduling.nodeSelector,
        tolerations: scheduling.tolerations,
        automountServiceAccountToken: false,
        securityContext: restrictedPod(USER),
        containerSecurityContext: restrictedContainer(),
        resources: resources("10m", "32Mi", "256Mi"),
        // The job and the instance that were pushed, not those of the gateway.
        serviceMonitor: { enabled: true, namespace: NAMESPACE, honorLabels: true },
    };
}
