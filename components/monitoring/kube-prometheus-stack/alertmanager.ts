import { zoneSpread } from "../../kubernetes/placement";
import { resources } from "../../kubernetes/resources";
import { ALERTMANAGER_CONFIG_SECRET, alertmanagerUrl } from "./names";
import type { ChartValues } from "./values.gen";
import { volumeClaim, type KubePrometheusStackValuesArgs } from "./values-args";
import { kubePrometheusStackReplicated } from "./workloads";

type AlertmanagerValues = NonNullable<ChartValues["alertmanager"]>;

/** Alertmanager: its replicas gossip, so that people are told once. */
export function alertmanagerValues({ platform, settings }: KubePrometheusStackValuesArgs): AlertmanagerValues {
    const { survives } = platform;
    const { replicas, volume } = settings.alertmanager;
    const small = survives === "nothing";
    const spread = zoneSpread(kubePrometheusStackReplicated.alertmanager, survives);
    return {
        podDisruptionBudget: { enabled: replicas > 1, minAvailable: Math.max(1, replicas - 1) },
        alertmanagerSpec: {
            replicas,
            // It asks nothing of the API server, and no role is bound to its account.
            automountServiceAccountToken: false,
            podAntiAffinity: small ? "" : "hard",
            ...(spread && { topologySpreadConstraints: spread }),
            ...platform.scheduling,
            // Receivers hold tokens: they are in a Secret and not in values.
            useExistingSecret: true,
            configSecret: ALERTMANAGER_CONFIG_SECRET,
            externalUrl: alertmanagerUrl,
            storage: volumeClaim(volume, platform.storageClass),
            resources: small ? resources("5m", "32Mi", "128Mi") : resources("25m", "64Mi", "256Mi"),
        },
    };
}
