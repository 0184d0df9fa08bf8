import { pullSecrets } from "../../kubernetes/image-pull";
import { hostAntiAffinity, zoneSpread } from "../../kubernetes/placement";
import { resources } from "../../kubernetes/resources";
import { collectorCommon, collectors } from "./collectors";
import { destinations } from "./destinations";
import { features } from "./features";
import { furtherDestinations } from "./further-destinations";
import { toSamplers } from "./sampling";
import { ownLabelsFirst, tenantDestinations } from "./tenant-routes";
import type { K8sMonitoringValuesArgs } from "./values-args";
import type { ChartValues } from "./values.gen";
import { k8sMonitoringReplicated } from "./workloads";

/** Values of the chart. */
export function buildK8sMonitoringValues(args: K8sMonitoringValuesArgs): ChartValues {
    const { platform } = args;
    const { imagePullSecrets } = pullSecrets(platform);
    return {
        // The same name as the label `cluster` that Prometheus puts on its series.
        cluster: { name: platform.cluster },
        global: {
            image: {
                ...(platform.imageRegistry !== undefined && { registry: platform.imageRegistry }),
                ...(imagePullSecrets !== undefined && { pullSecrets: imagePullSecrets }),
            },
            ...(imagePullSecrets !== undefined && { imagePullSecrets }),
        },
        destinations: {
            ...destinations(args),
            ...tenantDestinations(args, destinations),
            ...furtherDestinations(args),
        },
        ...features(args),
        // It would send the chart's own inventory as metrics, through a collector that does something else.
        selfReporting: { enabled: false },
        collectorCommon: { alloy: collectorCommon(platform) },
        collectors: collectors(args),
        replaceComponent: [...toSamplers(args), ...ownLabelsFirst(args)],
        "alloy-operator": operator(args),
    };
}

function operator({ platform, settings }: K8sMonitoringValuesArgs): ChartValues["alloy-operator"] {
    const { survives, scheduling } = platform;
    const small = survives === "nothing";
    const { operator: replicas } = settings.replicas;
    const { operator: alike } = k8sMonitoringReplicated;
    return {
        // Another team's operator may serve other namespaces.
        ownNamespaceOnly: true,
        replicaCount: replicas,
        podSecurityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
        ...(replicas > 1 && { podDisruptionBudget: { maxUnavailable: 1 } }),
        affinity: hostAntiAffinity(alike.labels, survives) ?? {},
        topologySpreadConstraints: zoneSpread(alike, survives) ?? [],
        nodeSelector: scheduling.nodeSelector,
        tolerations: scheduling.tolerations,
        resources: small ? resources("10m", "64Mi", "256Mi") : resources("50m", "128Mi", "512Mi"),
        serviceMonitor: { enabled: true },
        // Jobs that delete the collectors while their operator still lives; without them an uninstall leaves them behind.
        waitForAlloyRemoval: {
            enabled: true,
            nodeSelector: scheduling.nodeSelector,
            tolerations: scheduling.tolerations,
            resources: resources("10m", "32Mi", "128Mi"),
        },
    };
}
