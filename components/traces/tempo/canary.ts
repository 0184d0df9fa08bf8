import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { TraceStore } from "../../contracts/trace-store";
import { PATIENT } from "../../kubernetes/probes";
import type { PlatformSettings } from "../../settings/platform";
import { pullSecrets } from "../../kubernetes/image-pull";
import { restrictedContainer, restrictedPod } from "../../kubernetes/pod-security";
import { resources } from "../../kubernetes/resources";
import { tempoVersion } from "./chart";
import { CANARY, CANARY_LABELS, NAMESPACE, PORTS } from "./names";
import { goDuration } from "../../settings/units";

export interface TraceCanaryArgs {
    readonly platform: Pick<PlatformSettings, "imageRegistry" | "imagePullSecret" | "scheduling">;
    readonly store: Pick<TraceStore, "push" | "read" | "tenancy">;
    /** Age at which the store deletes traces; older ones are not looked for. */
    readonly retention: string;
    /** The definition of PodMonitor. */
    readonly monitoringCrds: pulumi.Resource[];
}

/** User of the image. */
const VULTURE_USER = 10001;

/**
 * Tempo's vulture: writes traces to the store's OTLP receiver, looks for them by id, by tag and by TraceQL minutes and
 * days later, and counts what is missing or wrong. Its chart has neither a readiness probe nor a way to keep the
 * cluster's token from the pod, and is at Tempo 3 by now.
 */
export class TraceCanary extends pulumi.ComponentResource {
    /** `namespace/name` of what writes and reads the traces. */
    readonly deployment = `${NAMESPACE}/${CANARY}`;

    constructor(name: string, args: TraceCanaryArgs, opts: pulumi.ComponentResourceOptions) {
        super("observability:traces:TraceCanary", name, {}, opts);
        const metadata = { name: CANARY, namespace: NAMESPACE, labels: CANARY_LABELS };
        const { dependsOn } = opts;
        new k8s.apps.v1.Deployment(CANARY, { metadata, spec: canarySpec(args) }, { parent: this, dependsOn });
        new k8s.apiextensions.CustomResource(
            CANARY,
            {
                apiVersion: "monitoring.coreos.com/v1",
                kind: "PodMonitor",
                metadata,
                spec: {
                    selector: { matchLabels: CANARY_LABELS },
                    podMetricsEndpoints: [{ port: "metrics", interval: "30s" }],
                },
            },
            { parent: this, dependsOn: args.monitoringCrds },
        );
        this.registerOutputs({ deployment: this.deployment });
    }
}

/** The Deployment's spec. Pure. */
export function canarySpec(args: Omit<TraceCanaryArgs, "monitoringCrds">): k8s.types.input.apps.v1.DeploymentSpec {
    const { imageRegistry, scheduling } = args.platform;
    const probe = { httpGet: { path: "/metrics", port: PORTS.canary } };
    return {
        // One replica: each canary only knows the trace ids it wrote itself.
        replicas: 1,
        strategy: { type: "Recreate" },
        selector: { matchLabels: CANARY_LABELS },
        template: {
            metadata: { labels: CANARY_LABELS },
            spec: {
                ...scheduling,
                ...pullSecrets(args.platform),
                automountServiceAccountToken: false,
                enableServiceLinks: false,
                securityContext: restrictedPod(VULTURE_USER),
                containers: [
                    {
                        name: CANARY,
                        image: `${imageRegistry ?? "docker.io"}/grafana/tempo-vulture:${tempoVersion}`,
                        args: canaryFlags(args),
                        ports: [{ name: "metrics", containerPort: PORTS.canary }],
                        readinessProbe: { ...probe, periodSeconds: 5 },
                        livenessProbe: { ...probe, ...PATIENT, periodSeconds: 30 },
                        resources: resources("10m", "48Mi", "128Mi"),
                        securityContext: restrictedContainer(),
                    },
                ],
            },
        },
    };
}

/**
 * How often it writes (15 s), reads (30 s) and searches (60 s) is its own default.
 * TraceQL metrics are left unchecked: each span is counted by one generator, so that a restart leaves a gap.
 */
export function canaryFlags({ store, retention }: Pick<TraceCanaryArgs, "store" | "retention">): string[] {
    return [
        `-prometheus-listen-address=:${PORTS.canary}`,
        // Without the scheme it takes the host for one, and adds a port of its own.
        `-tempo-push-url=http://${store.push.otlpGrpc}`,
        `-tempo-query-url=${store.read.url}`,
        `-tempo-retention-duration=${goDuration(retention)}`,
        ...(store.tenancy.multitenancy ? [`-tempo-org-id=${store.tenancy.tenant}`] : []),
    ];
}
