import type { BucketGrant } from "../../contracts/object-store";
import { pullSecrets } from "../../kubernetes/image-pull";
import { zoneSpread } from "../../kubernetes/placement";
import type { PlatformSettings } from "../../settings/platform";
import { resources } from "../../kubernetes/resources";
import { archiver, beginning } from "./archive";
import { postgresImage } from "./chart";
import { CLUSTERS, DATABASE_NAMESPACE, OPERATOR_LABELS, OPERATOR_NAMESPACE, OPERATOR_RELEASE, type Use } from "./names";
import type { ClusterSettings } from "./settings";
import { instancesOf } from "./workloads";

export interface ClusterArgs {
    readonly platform: PlatformSettings;
    readonly settings: ClusterSettings;
    /** What it is for; Grafana if absent. */
    readonly use?: Use;
    /** Of the archive's bucket, where there is one. */
    readonly grant?: Pick<BucketGrant, "accountAnnotations"> | undefined;
}

/** The cluster as the operator reads it (`postgresql.cnpg.io/v1`, kind `Cluster`). */
export function buildCluster({ platform, settings, use = "grafana", grant }: ClusterArgs) {
    const names = CLUSTERS[use];
    const { survives, scheduling, storageClass, imageRegistry } = platform;
    const alone = settings.instances === 1;
    const annotations = grant?.accountAnnotations ?? {};
    return {
        metadata: {
            name: names.cluster,
            namespace: DATABASE_NAMESPACE,
            // The resource is made at once, its instances minutes later: wait for them.
            annotations: { "pulumi.com/waitFor": "condition=Ready" },
        },
        spec: {
            instances: settings.instances,
            ...pullSecrets(platform),
            imageName: `${imageRegistry ?? postgresImage.registry}/${postgresImage.path}`,
            enableSuperuserAccess: false,
            // A budget around a single instance would block every drain of its node.
            enablePDB: !alone,
            ...beginning(settings, names),
            ...archiver(settings, names),
            // The operator makes the account, by the cluster's name.
            ...(Object.keys(annotations).length > 0 && { serviceAccountTemplate: { metadata: { annotations } } }),
            storage: { size: settings.volume, ...(storageClass !== undefined && { storageClass }) },
            affinity: {
                ...(survives === "nothing"
                    ? { enablePodAntiAffinity: false }
                    : {
                          enablePodAntiAffinity: true,
                          // "preferred" is the operator's default: two instances on one host are lost together.
                          podAntiAffinityType: "required",
                          topologyKey: "kubernetes.io/hostname",
                      }),
                ...given({ nodeSelector: scheduling.nodeSelector, tolerations: scheduling.tolerations }),
            },
            ...given({ topologySpreadConstraints: zoneSpread(instancesOf(use), survives) ?? [] }),
            primaryUpdateStrategy: "unsupervised",
            // A standby takes over before the old primary stops: an update costs seconds of writes.
            primaryUpdateMethod: "switchover",
            stopDelay: 180,
            switchoverDelay: 60,
            postgresql: {
                ...(!alone && {
                    synchronous: {
                        method: "any",
                        number: Math.floor((settings.instances - 1) / 2),
                        // While no standby is there to confirm, writes still go on: logins and new errors matter more than the last row.
                        dataDurability: "preferred",
                    },
                }),
                parameters: alone
                    ? { max_connections: "100", shared_buffers: "64MB" }
                    : { max_connections: "200", shared_buffers: "256MB" },
            },
            resources: alone ? resources("50m", "128Mi", "512Mi") : resources("250m", "512Mi", "1Gi"),
        },
    };
}

/**
 * Of lists and maps those that hold something. The operator (1.30) keeps a pod's specification without empty ones, compares it
 * with the cluster's by `reflect.DeepEqual`, and with an empty list there makes the standby's pod again without end.
 */
function given<T extends Readonly<Record<string, object>>>(each: T): Partial<T> {
    return Object.fromEntries(Object.entries(each).filter(([, value]) => Object.keys(value).length > 0)) as Partial<T>;
}

/** Tells Prometheus of the instances; the operator's own way to do so is deprecated. */
export function buildPodMonitor(use: Use = "grafana") {
    const { cluster, labels } = CLUSTERS[use];
    return podMonitor(cluster, DATABASE_NAMESPACE, { ...labels });
}

/** The operator's own. The chart could make it, and would then have to wait for its definition, as all else for the chart. */
export function buildOperatorPodMonitor() {
    return podMonitor(OPERATOR_RELEASE, OPERATOR_NAMESPACE, OPERATOR_LABELS);
}

function podMonitor(name: string, namespace: string, matchLabels: Record<string, string>) {
    return {
        metadata: { name, namespace },
        spec: { selector: { matchLabels }, podMetricsEndpoints: [{ port: "metrics" }] },
    };
}
