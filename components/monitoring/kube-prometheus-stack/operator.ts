import { PROMQL_RULES } from "../../contracts/rule-objects";
import { hostAntiAffinity, type Survives } from "../../kubernetes/placement";
import type { PlatformSettings } from "../../settings/platform";
import { resources } from "../../kubernetes/resources";
import { PODS } from "./names";
import type { ChartValues } from "./values.gen";

type OperatorValues = NonNullable<ChartValues["prometheusOperator"]>;

/** The operator: one replica by design (the chart knows no other); without it nothing is lost, only changes wait. */
export function operatorValues(platform: PlatformSettings): OperatorValues {
    const small = platform.survives === "nothing";
    return {
        ...platform.scheduling,
        ...(small && tls(platform)),
        // Slices only: Endpoints are deprecated, and with both each kubelet is listed twice.
        kubeletEndpointsEnabled: false,
        kubeletEndpointSliceEnabled: true,
        resources: small ? resources("20m", "64Mi", "256Mi") : resources("100m", "128Mi", "512Mi"),
        prometheusConfigReloader: {
            enableProbe: true,
            resources: small ? resources("5m", "16Mi", "64Mi") : resources("10m", "32Mi", "64Mi"),
        },
        admissionWebhooks: {
            // A webhook that is away must not hold up every rule in the cluster.
            failurePolicy: "Ignore",
            // It reads PromQL and nothing else.
            objectSelector: PROMQL_RULES,
            patch: {
                ...platform.scheduling,
                // A namespace with a quota refuses Jobs without them.
                resources: small ? resources("5m", "16Mi", "128Mi") : resources("10m", "32Mi", "128Mi"),
            },
            ...(!small && { deployment: webhookDeployment(platform) }),
        },
    };
}

/** Where it takes the API server's calls. */
function tls({ apiServer: { webhookPort } }: PlatformSettings) {
    return webhookPort === undefined ? {} : { tls: { internalPort: webhookPort } };
}

/** The webhook apart from the operator: rules are still checked while the operator restarts. */
function webhookDeployment(platform: PlatformSettings) {
    return {
        enabled: true,
        replicas: 2,
        // It judges what it is sent, and asks nothing of the API server itself.
        automountServiceAccountToken: false,
        // A surplus pod would need a third host.
        ...tls(platform),
        strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } },
        podDisruptionBudget: { enabled: true, minAvailable: 1 },
        affinity: webhookAffinity(platform.survives),
        ...platform.scheduling,
        resources: resources("20m", "32Mi", "128Mi"),
    };
}

/** The chart takes no spread constraints here, so zones are an anti-affinity, preferred as for all that is stateless. */
function webhookAffinity(survives: Survives) {
    const zones = {
        preferredDuringSchedulingIgnoredDuringExecution: [
            {
                weight: 100,
                podAffinityTerm: {
                    topologyKey: "topology.kubernetes.io/zone",
                    labelSelector: { matchLabels: PODS.webhook },
                },
            },
        ],
    };
    const hosts = hostAntiAffinity(PODS.webhook, survives)?.podAntiAffinity;
    return { podAntiAffinity: { ...hosts, ...(survives === "zone" && zones) } };
}
