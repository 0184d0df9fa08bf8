import { pullSecrets } from "../../kubernetes/image-pull";
import { hostAntiAffinity, zoneSpread } from "../../kubernetes/placement";
import { restrictedContainer, restrictedPod } from "../../kubernetes/pod-security";
import { resources } from "../../kubernetes/resources";
import { OPERATOR_RELEASE } from "./names";
import type { ChartValues } from "./operator-values.gen";
import type { VmValuesArgs } from "./values-args";
import { unannotated } from "./workload";
import { vmObjects } from "./workloads";

const USER = 1000;

/** Values of the operator's chart. */
export function buildOperatorValues({ platform, settings }: Pick<VmValuesArgs, "platform" | "settings">): ChartValues {
    const { survives, scheduling, imageRegistry, ipFamilies } = platform;
    const { operator } = vmObjects;
    const { operator: replicas } = settings.replicas;
    const alone = survives === "nothing";
    return {
        global: {
            cluster: { dnsDomain: "cluster.local" },
            ...(imageRegistry !== undefined && { image: { registry: imageRegistry } }),
            ...pullSecrets(platform),
        },
        fullnameOverride: OPERATOR_RELEASE,
        replicaCount: replicas,
        // Prometheus goes on with its own objects: their twins would be scraped, and alert, once more.
        operator: { disable_prometheus_converter: true },
        // The chart has Helm make the webhook's key, which would stand in the release's history. What the operator refuses
        // it says in the object's status, and an alert tells of it.
        admissionWebhooks: { enabled: false },
        // Whoever administrates a namespace could have the operator make pods with its rights to read the cluster.
        rbac: { aggregatedClusterRoles: { enabled: false } },
        ...(ipFamilies !== "ipv4" && { env: [{ name: "VM_ENABLETCP6", value: "true" }] }),
        podDisruptionBudget: { enabled: replicas > 1, maxUnavailable: 1 },
        // Replicas are on hosts of their own: a pod more may find none.
        ...(!alone && { strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } } }),
        affinity: hostAntiAffinity(operator.labels, survives) ?? {},
        topologySpreadConstraints: zoneSpread(operator, survives) ?? [],
        ...scheduling,
        annotations: unannotated,
        podSecurityContext: { enabled: true, ...restrictedPod(USER) },
        securityContext: { enabled: true, ...restrictedContainer() },
        resources: alone ? resources("10m", "64Mi", "256Mi") : resources("50m", "128Mi", "512Mi"),
        serviceMonitor: { enabled: true, vm: false },
    };
}
