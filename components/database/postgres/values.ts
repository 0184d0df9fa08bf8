import { pullSecrets } from "../../kubernetes/image-pull";
import { hostAntiAffinity, zoneSpread } from "../../kubernetes/placement";
import type { PlatformSettings } from "../../settings/platform";
import { resources } from "../../kubernetes/resources";
import type { PostgresSettings } from "./settings";
import type { ChartValues } from "./values.gen";
import { postgresReplicated } from "./workloads";

export interface OperatorValuesArgs {
    readonly platform: PlatformSettings;
    readonly settings: PostgresSettings;
}

/** Values of the operator's chart. */
export function buildOperatorValues({ platform, settings }: OperatorValuesArgs): ChartValues {
    const { survives, scheduling, imageRegistry } = platform;
    const { webhookPort } = platform.apiServer;
    const { operator } = postgresReplicated;
    const alone = survives === "nothing";
    return {
        ...pullSecrets(platform),
        replicaCount: settings.replicas.operator,
        // The operator's image also starts every instance: its init container copies the instance manager from it.
        ...(imageRegistry !== undefined && { image: { repository: `${imageRegistry}/cloudnative-pg/cloudnative-pg` } }),
        resources: alone ? resources("10m", "64Mi", "256Mi") : resources("100m", "256Mi", "512Mi"),
        affinity: hostAntiAffinity(operator.labels, survives) ?? {},
        topologySpreadConstraints: zoneSpread(operator, survives) ?? [],
        // Replicas are on hosts of their own, so a rollout must not count on a free host for a pod more.
        ...(!alone && { updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } } }),
        ...(webhookPort !== undefined && { webhook: { port: webhookPort } }),
        nodeSelector: scheduling.nodeSelector,
        tolerations: scheduling.tolerations,
    };
}
