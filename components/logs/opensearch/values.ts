import { pullSecrets } from "../../kubernetes/image-pull";
import { zoneSpread } from "../../kubernetes/placement";
import { restrictedContainer, restrictedPod } from "../../kubernetes/pod-security";
import { resources } from "../../kubernetes/resources";
import { byteCount } from "../../settings/units";
import { opensearchChart } from "./chart";
import { CERTS, nodeConfig } from "./config";
import { CLUSTER, PORTS, RELEASE, S3_KEYSTORE, SECURITY_CONFIG, userSecret } from "./names";
import { certificateSecrets, fromOutside, type OpensearchValuesArgs } from "./values-args";
import type { ChartValues } from "./values.gen";
import { opensearchReplicated } from "./workloads";

/** User of the image. */
const USER = 1000;
const HOME = "/usr/share/opensearch";
const MIB = 1024 ** 2;

/** Values of the chart opensearch: nodes that are manager, hold lines and answer. */
export function buildOpensearchValues(args: OpensearchValuesArgs): ChartValues {
    const { platform, settings, snapshots } = args;
    const { survives, scheduling, storageClass, imageRegistry } = platform;
    const { node } = opensearchReplicated;
    const single = survives === "nothing";
    const [repository, tag] = image(settings.image);
    return {
        ...{ clusterName: CLUSTER, nodeGroup: "nodes", masterService: RELEASE, fullnameOverride: RELEASE },
        singleNode: single,
        replicas: settings.replicas.node,
        // The word `cluster_manager` is as good to OpenSearch; the chart names the first managers only where it reads this one.
        roles: ["master", "data", "ingest"],
        global: { dockerRegistry: settings.image === undefined ? (imageRegistry ?? "") : "" },
        image: { repository, tag },
        ...(pullSecrets(platform).imagePullSecrets && { imagePullSecrets: pullSecrets(platform).imagePullSecrets }),
        opensearchJavaOpts: `-Xms${heap(settings.memory.node)}m -Xmx${heap(settings.memory.node)}m`,
        resources: resources(single ? "50m" : "500m", settings.memory.node, settings.memory.node),
        initResources: { ...resources("10m", "64Mi", "512Mi") },
        rbac: { create: false, automountServiceAccountToken: false },
        persistence: {
            enabled: true,
            // Runs as root; the pod's fsGroup does the same without.
            enableInitChown: false,
            size: settings.volumes.node,
            ...(storageClass !== undefined && { storageClass }),
        },
        podManagementPolicy: "Parallel",
        enableServiceLinks: false,
        terminationGracePeriod: node.grace ?? 300,
        ...(single ? { antiAffinity: "custom" } : { antiAffinity: "hard" }),
        topologySpreadConstraints: zoneSpread(node, survives) ?? [],
        // A number makes the budget; the chart has no other switch.
        maxUnavailable: single ? "" : 1,
        nodeSelector: scheduling.nodeSelector,
        tolerations: scheduling.tolerations,
        podSecurityContext: restrictedPod(USER),
        securityContext: { ...restrictedContainer(false), runAsNonRoot: true, runAsUser: USER },
        sysctl: { enabled: false },
        sysctlInit: { enabled: false },
        config: { "opensearch.yml": nodeConfig(settings) },
        extraEnvs: environment(args),
        secretMounts: [
            { name: "certs", secretName: certificateSecrets(settings).node, path: `${HOME}/config/${CERTS}` },
        ],
        securityConfig: {
            enabled: true,
            path: `${HOME}/config/opensearch-security`,
            config: { securityConfigSecret: SECURITY_CONFIG },
        },
        startupProbe: {
            exec: { command: ["bash", "-c", WHOLE] },
            // The chart's own, which would stand beside it: the API server refuses two.
            tcpSocket: null,
            periodSeconds: 10,
            timeoutSeconds: 8,
            failureThreshold: 180,
        },
        readinessProbe: { tcpSocket: { port: PORTS.http }, periodSeconds: 5, timeoutSeconds: 3, failureThreshold: 3 },
        ...(snapshots && { keystore: [{ secretName: S3_KEYSTORE }] }),
        podAnnotations: {
            ...(snapshots && { "observability-platform/credentials-rotation": String(snapshots.keys.rotation) }),
            ...fromOutside(settings),
        },
    };
}

/**
 * A node is up once it has found its cluster and its copies are made: the next one of a rollout would else take away the
 * only other copy of lines that this one has yet to fetch. Before the setup there is no such user, and nothing to wait for.
 */
const WHOLE = [
    `said=$(curl -s --max-time 6 --cacert ${HOME}/config/${CERTS}/ca.crt -u "monitor:$MONITOR_PASSWORD" -w ' %{http_code}' 'https://localhost:${PORTS.http}/_cluster/health?local=true')`,
    'case "$said" in',
    '*" 401") exit 0 ;;',
    '*\'"discovered_cluster_manager":true\'*\'"initializing_shards":0,\'*" 200") exit 0 ;;',
    "*) exit 1 ;;",
    "esac",
].join("\n");

/** Mebibytes: half of the memory, and below 32 GiB, from where on a pointer of Java's takes twice the room. */
export function heap(memory: string): number {
    return Math.min(Math.floor(byteCount(memory) / 2 / MIB), 31 * 1024);
}

function image(own: string | undefined): readonly [string, string] {
    if (own === undefined) return ["opensearchproject/opensearch", opensearchChart.appVersion];
    const colon = own.lastIndexOf(":");
    return [own.slice(0, colon), own.slice(colon + 1)];
}

function environment({ settings, snapshots }: OpensearchValuesArgs): object[] {
    const given = {
        // No certificates and users that everybody knows.
        DISABLE_INSTALL_DEMO_CONFIG: "true",
        DISABLE_PERFORMANCE_ANALYZER_AGENT_CLI: "true",
        ...(snapshots && {
            "s3.client.default.endpoint": snapshots.to.endpoint,
            "s3.client.default.protocol": snapshots.to.tls ? "https" : "http",
            "s3.client.default.region": snapshots.to.region,
            "s3.client.default.path_style_access": String(snapshots.to.pathStyle),
        }),
    };
    return [
        ...Object.entries(given).map(([name, value]) => ({ name, value })),
        { name: "MONITOR_PASSWORD", valueFrom: { secretKeyRef: { name: userSecret("monitor"), key: "password" } } },
        ...(settings.zones === undefined
            ? []
            : [
                  {
                      name: "ZONE",
                      valueFrom: { fieldRef: { fieldPath: "metadata.labels['topology.kubernetes.io/zone']" } },
                  },
              ]),
    ];
}
