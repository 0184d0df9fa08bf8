import type { BucketRequest } from "../../contracts/object-store";
import { pullSecrets } from "../../kubernetes/image-pull";
import { hostAntiAffinity, zoneSpread } from "../../kubernetes/placement";
import type { PlatformSettings } from "../../settings/platform";
import { restrictedContainer, restrictedPod } from "../../kubernetes/pod-security";
import { resources } from "../../kubernetes/resources";
import { accessValues } from "./access-values";
import { imageParts } from "../image";
import { API_PORT, RELEASE, ROOT_SECRET } from "./names";
import type { MinioSettings } from "./settings";
import type { ChartValues } from "./values.gen";
import { minioReplicated } from "./workloads";

export interface MinioValuesArgs {
    readonly platform: PlatformSettings;
    readonly settings: MinioSettings;
    /** Each store's buckets. */
    readonly requests: readonly BucketRequest[];
    /** Whether each store's buckets have a user too that only reads them. */
    readonly readOnly: boolean;
}

/** Values of the MinIO chart. */
export function buildMinioValues({ platform, settings, requests, readOnly }: MinioValuesArgs): ChartValues {
    const image = imageParts(settings.image, platform);
    return {
        fullnameOverride: RELEASE,
        ...pullSecrets(platform),
        image,
        mcImage: image,
        existingSecret: ROOT_SECRET,
        // Else a new bucket or user would restart every server.
        ignoreChartChecksums: true,
        ...(settings.servers === 1 ? singleServer(settings, platform) : distributed(settings, platform)),
        resources: platform.survives === "nothing" ? resources("50m", "256Mi", "1Gi") : resources("500m", "2Gi", "4Gi"),
        nodeSelector: platform.scheduling.nodeSelector,
        tolerations: platform.scheduling.tolerations,
        securityContext: { enabled: true, ...restrictedPod(1000) },
        containerSecurityContext: restrictedContainer(false),
        extraContainers: [readiness(settings, platform)],
        // No console: people look at dashboards. No look-up of newer releases, which the network would not let out.
        environment: { MINIO_BROWSER: "off", MINIO_UPDATE: "off" },
        // The chart's way with a token does not render; the namespace's policies fence the metrics instead.
        metrics: { serviceMonitor: { public: true } },
        ...accessValues(requests, readOnly, settings.rotation, platform.scheduling),
    };
}

/** One server with one volume, in a Deployment. */
function singleServer(settings: MinioSettings, platform: PlatformSettings): ChartValues {
    return {
        mode: "standalone",
        // A rolling update would wait for a volume that the old pod holds.
        deploymentUpdate: { type: "Recreate" },
        podAnnotations: { "observability-platform/credentials-rotation": String(settings.rotation.root) },
        persistence: {
            ...persistence(settings, platform),
            // The claim belongs to the release here, and would go with it.
            ...(platform.protectData && { annotations: { "helm.sh/resource-policy": "keep" } }),
        },
    };
}

/**
 * Servers that share erasure sets, in a StatefulSet.
 *
 * Their pods carry no credentials rotation: servers with different root keys do not talk to each other, so a rolling
 * restart would stop after its first pod. The README says how the root key is rotated.
 */
function distributed(settings: MinioSettings, platform: PlatformSettings): ChartValues {
    const alike = minioReplicated.servers;
    const affinity = hostAntiAffinity(alike.labels, platform.survives);
    const spread = zoneSpread(alike, platform.survives);
    return {
        mode: "distributed",
        replicas: settings.servers,
        drivesPerNode: settings.drivesPerServer,
        pools: 1,
        persistence: persistence(settings, platform),
        podDisruptionBudget: { enabled: true, maxUnavailable: 1 },
        ...(affinity && { affinity }),
        ...(spread && { topologySpreadConstraints: spread }),
    };
}

function persistence(settings: MinioSettings, platform: PlatformSettings) {
    return {
        enabled: true,
        size: settings.driveSize,
        ...(platform.storageClass !== undefined && { storageClass: platform.storageClass }),
    };
}

const PAUSE = {
    registry: "registry.k8s.io",
    name: "pause:3.10@sha256:ee6521f290b2168b6e0935a181d4cff9be1ac3f505666ef0e3c98fae8199917a",
};

/**
 * A container that does nothing, whose readiness probe asks the server beside it: the chart has no probes, and a pod is
 * ready when all its containers are. So rollouts, drains and Helm wait for servers that really serve.
 */
function readiness(settings: MinioSettings, platform: PlatformSettings) {
    return {
        name: "ready",
        image: `${platform.imageRegistry ?? PAUSE.registry}/${PAUSE.name}`,
        readinessProbe: {
            httpGet: {
                // Not the health of writes: without their quorum every pod would leave the Service, and reads with them.
                path: settings.servers === 1 ? "/minio/health/ready" : "/minio/health/cluster/read",
                port: API_PORT,
            },
            periodSeconds: 5,
            timeoutSeconds: 5,
            failureThreshold: 6,
        },
        resources: resources("5m", "8Mi", "16Mi"),
        securityContext: restrictedContainer(),
    };
}
