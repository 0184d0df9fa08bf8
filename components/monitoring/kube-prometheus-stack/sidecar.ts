import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { BlockUploads } from "../../contracts/metrics-store";
import { accessOf, rotationAnnotation } from "../../contracts/object-store";
import { BUCKET_KEYS, bucketKeys, secret } from "../../kubernetes/credentials";
import { MONITORING } from "../../kubernetes/namespaces";
import type { Flow } from "../../kubernetes/network-policies";
import { resources } from "../../kubernetes/resources";
import { PODS, PORTS, SIDECAR, SIDECAR_BUCKET_SECRET, SIDECAR_KEYS_SECRET } from "./names";
import type { ChartValues } from "./values.gen";
import type { KubePrometheusStackValuesArgs } from "./values-args";

const BUCKET_KEY = "objstore.yaml";

type Stores = Pick<KubePrometheusStackValuesArgs, "metricsStore" | "secondMetricsStore">;

/** What a store has sidecars bring; undefined where Prometheus writes to every store. */
export function uploadsOf({ metricsStore, secondMetricsStore }: Stores): BlockUploads | undefined {
    return metricsStore.uploads ?? secondMetricsStore?.uploads;
}

/** Whose blocks they are, which nobody but the store is to be told. */
export function blockLabels(stores: Stores): string[] {
    return Object.keys(uploadsOf(stores)?.labels ?? {});
}

/**
 * The sidecar beside each replica. With it the operator has Prometheus cut blocks of two hours and merge none: what it merged
 * itself would lie in the bucket twice. https://thanos.io/tip/components/sidecar.md/
 */
export function sidecarSpec(stores: Stores, small: boolean) {
    const uploads = uploadsOf(stores);
    if (uploads === undefined) return {};
    const access = accessOf(uploads.grant);
    return {
        thanos: {
            objectStorageConfig: { existingSecret: { name: SIDECAR_BUCKET_SECRET, key: BUCKET_KEY } },
            resources: small ? resources("10m", "64Mi", "256Mi") : resources("50m", "128Mi", "1Gi"),
        },
        // Merged by the operator into its own container of that name.
        containers: [
            {
                name: SIDECAR,
                env:
                    access.rotation === undefined
                        ? []
                        : Object.values(BUCKET_KEYS).map((key) => ({
                              name: key,
                              valueFrom: { secretKeyRef: { name: SIDECAR_KEYS_SECRET, key } },
                          })),
            },
        ],
        podMetadata: { annotations: rotationAnnotation(access) },
        additionalAlertRelabelConfigs: [{ regex: blockLabels(stores).join("|"), action: "labeldrop" }],
    };
}

/** What the chart makes beside Prometheus for them: a name of all, and their scrapes. */
export function sidecarValues(stores: Stores): NonNullable<ChartValues["prometheus"]> {
    const uploads = uploadsOf(stores);
    if (uploads === undefined) return {};
    const { accountAnnotations } = accessOf(uploads.grant);
    return {
        thanosService: { enabled: true },
        thanosServiceMonitor: { enabled: true },
        ...(Object.keys(accountAnnotations).length > 0 && { serviceAccount: { annotations: accountAnnotations } }),
    };
}

/** Their Secrets: where the bucket is, and the key pair that opens it. */
export function sidecarSecrets(stores: Stores, opts: pulumi.CustomResourceOptions): k8s.core.v1.Secret[] {
    const uploads = uploadsOf(stores);
    if (uploads === undefined) return [];
    const data = { [BUCKET_KEY]: uploads.bucketConfig };
    return [
        secret(SIDECAR_BUCKET_SECRET, { name: SIDECAR_BUCKET_SECRET, namespace: MONITORING, data }, opts),
        ...bucketKeys(SIDECAR_KEYS_SECRET, MONITORING, uploads.grant, opts),
    ];
}

/** The store asks them for what is in no block yet. */
export function sidecarFlows(stores: {
    readonly [Key in keyof Stores]?: Pick<NonNullable<Stores[Key]>, "uploads"> | undefined;
}): Flow[] {
    const uploads = stores.metricsStore?.uploads ?? stores.secondMetricsStore?.uploads;
    if (uploads === undefined) return [];
    return [
        {
            name: "queries-of-sidecars",
            peer: { namespace: uploads.readFrom },
            ports: [PORTS.sidecar],
            pods: PODS.prometheus,
        },
    ];
}
