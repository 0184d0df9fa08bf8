import { LOG_RULES } from "../../contracts/rule-objects";
import type { LogRuler } from "../../contracts/log-store";
import type { Tenancy } from "../../contracts/tenancy";
import { hostAntiAffinity, zoneSpread, type Alike } from "../../kubernetes/placement";
import { restrictedContainer, restrictedPod } from "../../kubernetes/pod-security";
import type { PlatformSettings } from "../../settings/platform";
import { mergeValues } from "../../kubernetes/merge-values";
import { resources, type Resources } from "../../kubernetes/resources";
import { FIND_SAMPLERS, READS, SAMPLER_READS, type Rbac } from "./access";
import { credentialsOf, queuesFurther, rotationsOf } from "./further-destinations";
import {
    COLLECTOR_NAMES,
    type CollectorName,
    NODE_AGENT_PRIORITY,
    RECEIVER_PORTS,
    RECEIVER_SERVICE,
    SAMPLER,
} from "./names";
import { CONTAINER_STORAGE, FILE_QUEUE, STORAGE } from "./queue";
import { environmentOf } from "./tenant-routes";
import { isDurable, type K8sMonitoringValuesArgs } from "./values-args";
import { k8sMonitoringReplicated } from "./workloads";

/** User of Alloy's image. */
const ALLOY_USER = 473;
const STORAGE_VOLUME = "alloy-storage";

/** What every collector has. The outer key is the chart's, the inner one that of the collector's own chart. */
export function collectorCommon(platform: PlatformSettings): Record<string, unknown> {
    return {
        // No usage statistics to the vendor.
        alloy: { enableReporting: false },
        serviceMonitor: { enabled: true },
        configReloader: {
            securityContext: restrictedContainer(),
            resources: isDurable(platform) ? resources("5m", "32Mi", "64Mi") : resources("5m", "16Mi", "64Mi"),
        },
    };
}

/** The collectors that have something to do: the chart refuses an idle one. */
export function collectors(args: K8sMonitoringValuesArgs): Record<string, unknown> {
    const { podLogs, nodeLogs, annotationDiscovery } = args.settings.features;
    const made: Partial<Record<CollectorName, Record<string, unknown>>> = {
        ...((podLogs || nodeLogs) && { [COLLECTOR_NAMES.logs]: logs(args) }),
        [COLLECTOR_NAMES.events]: events(args),
        ...(annotationDiscovery && { [COLLECTOR_NAMES.metrics]: metrics(args) }),
        [COLLECTOR_NAMES.receiver]: receiver(args),
    };
    return Object.fromEntries(
        Object.entries(made).map(([name, values]) => [
            name,
            mergeValues(values, toFurther(name as CollectorName, args)),
        ]),
    );
}

/** What a collector has for the further destinations that it sends to, and for tenants; nothing where there are none. */
function toFurther(name: CollectorName, args: K8sMonitoringValuesArgs): Record<string, unknown> {
    const extraEnv = [...credentialsOf(name, args), ...environmentOf(name, args)];
    const podAnnotations = rotationsOf(name, args);
    const queues = queuesFurther(name, args);
    return {
        ...((queues || extraEnv.length > 0) && {
            alloy: { ...(queues && FILES_STABILITY), ...(extraEnv.length > 0 && { extraEnv }) },
        }),
        ...(queues && { extraConfig: FILE_QUEUE }),
        ...(Object.keys(podAnnotations).length > 0 && { controller: { podAnnotations } }),
    };
}

/** The file queue is not yet called stable. */
const FILES_STABILITY = { stabilityLevel: "public-preview" } as const;

/** The mount of the preset `host-storage`: a list of mounts of our own takes the place of the preset's. */
const POSITIONS = {
    volume: { name: STORAGE_VOLUME, hostPath: { path: STORAGE, type: "DirectoryOrCreate" } },
    mount: { name: STORAGE_VOLUME, mountPath: STORAGE, readOnly: false },
};

/**
 * What libsystemd looks at where it is told no folder: both in which a node may keep its journal (that in /var/log is mounted
 * with it), and whose journal is meant, without which it reads none of /var/log/journal.
 */
const JOURNAL = {
    volumes: [
        // Made where it is not there: a folder in memory changes nothing in what journald does.
        { name: "journal-in-memory", hostPath: { path: "/run/log/journal", type: "DirectoryOrCreate" } },
        // Not asked to be there: pods' logs would not be read either on a node without it.
        { name: "machine-id", hostPath: { path: "/etc/machine-id" } },
    ],
    mounts: [
        { name: "journal-in-memory", mountPath: "/run/log/journal", readOnly: true },
        { name: "machine-id", mountPath: "/etc/machine-id", readOnly: true },
    ],
};

/** One on each node, tainted ones too, whatever nodes the rest of the platform keeps to. */
function logs({ platform, settings }: K8sMonitoringValuesArgs): Record<string, unknown> {
    const { nodeLogs } = settings.features;
    return {
        // host-storage: where each file was read to outlives the pod.
        presets: ["filesystem-log-reader", "daemonset", "host-storage"],
        alloy: {
            // Root, as log files belong to root; of root's powers only to read files that belong to others.
            securityContext: {
                ...restrictedContainer(false),
                capabilities: { drop: ["ALL"], add: ["DAC_READ_SEARCH"] },
            },
            resources: isDurable(platform) ? resources("100m", "256Mi", "1Gi") : resources("20m", "96Mi", "256Mi"),
            ...(nodeLogs && { mounts: { extra: [POSITIONS.mount, ...JOURNAL.mounts] } }),
        },
        rbac: READS[COLLECTOR_NAMES.logs],
        controller: {
            ...(nodeLogs && { volumes: { extra: [POSITIONS.volume, ...JOURNAL.volumes] } }),
            priorityClassName: NODE_AGENT_PRIORITY,
            tolerations: [{ operator: "Exists" }],
            updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: "10%" } },
            terminationGracePeriodSeconds: 60,
        },
    };
}

/**
 * Without a volume: on one Alloy would find which events it has handed on, not which of them Loki has, and a restart would
 * leave out the rest. So it begins with all that the API server still has; Loki keeps one of two lines that are the same.
 */
function events(args: K8sMonitoringValuesArgs): Record<string, unknown> {
    const { settings, platform } = args;
    const made = replicated(args, {
        alike: k8sMonitoringReplicated.events,
        rbac: READS[COLLECTOR_NAMES.events],
        replicas: settings.replicas.events,
        clustered: true,
        resources: isDurable(platform) ? resources("50m", "128Mi", "512Mi") : resources("10m", "64Mi", "256Mi"),
    });
    const { ruler, tenancy } = args.logStore;
    // Without a ruler nothing reads rules on logs: what carries them has nowhere to go.
    return ruler === undefined ? made : { ...made, extraConfig: logRules(ruler, tenancy) };
}

/**
 * Writes every rule on logs into the ruler, and takes away those whose object is gone. Each replica does so, as the
 * component shares nothing out; writing the same twice changes nothing.
 */
function logRules(ruler: LogRuler, { tenant }: Tenancy): string {
    return `loki.rules.kubernetes "log_rules" {
  address   = "${ruler.url}"
  tenant_id = "${tenant}"
  rule_selector {
    match_labels = { "${LOG_RULES.label}" = "${LOG_RULES.value}" }
  }
}
`;
}

function metrics(args: K8sMonitoringValuesArgs): Record<string, unknown> {
    const { settings, platform } = args;
    return replicated(args, {
        alike: k8sMonitoringReplicated.metrics,
        rbac: READS[COLLECTOR_NAMES.metrics],
        replicas: settings.replicas.metrics,
        clustered: true,
        volume: settings.volumes.metrics,
        resources: isDurable(platform) ? resources("100m", "512Mi", "2Gi") : resources("20m", "96Mi", "384Mi"),
    });
}

function receiver(args: K8sMonitoringValuesArgs): Record<string, unknown> {
    const { settings, platform } = args;
    const durable = isDurable(platform);
    const reads = READS[COLLECTOR_NAMES.receiver];
    return {
        ...replicated(args, {
            alike: k8sMonitoringReplicated.receiver,
            rbac: { ...reads, rules: [...reads.rules, ...(settings.tailSampling.enabled ? FIND_SAMPLERS : [])] },
            replicas: settings.replicas.receiver,
            clustered: false,
            volume: settings.volumes.queue,
            resources: durable ? resources("500m", "1Gi", "2Gi") : resources("20m", "96Mi", "384Mi"),
            ...(durable && FILES_STABILITY),
        }),
        extraService: { enabled: true, fullname: RECEIVER_SERVICE },
        ...(durable && { extraConfig: FILE_QUEUE }),
    };
}

/** Holds each trace until it is decided whether it is kept; the chart makes it for the destination that it stands before. */
export function sampler(args: K8sMonitoringValuesArgs): Record<string, unknown> {
    const { settings, platform } = args;
    const durable = isDurable(platform);
    const made = replicated(args, {
        alike: k8sMonitoringReplicated.sampler,
        rbac: SAMPLER_READS,
        replicas: settings.replicas.sampler,
        clustered: false,
        volume: settings.volumes.queue,
        // Traces of some 20 kB each, held for the wait.
        resources: durable ? resources("200m", "1Gi", "2Gi") : resources("20m", "128Mi", "512Mi"),
        ports: [
            { name: "otlp-grpc", port: RECEIVER_PORTS.otlpGrpc, targetPort: RECEIVER_PORTS.otlpGrpc, protocol: "TCP" },
        ],
        ...(durable && FILES_STABILITY),
    });
    return { ...made, nameOverride: SAMPLER, ...(durable && { extraConfig: FILE_QUEUE }) };
}

interface Replicated {
    readonly alike: Alike;
    /** What it may read. */
    readonly rbac: Rbac;
    readonly replicas: number;
    /** Replicas share the work out among themselves. */
    readonly clustered: boolean;
    /** Size of each replica's volume, where the stack survives something; without it what it holds goes with its container. */
    readonly volume?: string;
    readonly resources: Resources;
    readonly stabilityLevel?: string;
    /** Ports beside those that the chart opens by itself. */
    readonly ports?: readonly object[];
}

/** A collector that is not tied to nodes: hosts and zones apart, each replica with its volume; a bare pod on a laptop. */
function replicated({ platform }: K8sMonitoringValuesArgs, of: Replicated): Record<string, unknown> {
    const { survives, scheduling } = platform;
    const durable = isDurable(platform);
    const stabilityLevel = of.stabilityLevel !== undefined && { stabilityLevel: of.stabilityLevel };
    return {
        // Two kinds of controller, since a StatefulSet could not be given its volume later.
        presets: [
            ...(durable && of.clustered ? ["clustered"] : []),
            durable && of.volume !== undefined ? "statefulset" : "deployment",
        ],
        global: { podSecurityContext: restrictedPod(ALLOY_USER) },
        alloy: {
            ...stabilityLevel,
            ...(of.ports && { extraPorts: of.ports }),
            // The empty list takes away fourteen capabilities that the chart adds.
            securityContext: {
                ...restrictedContainer(false),
                runAsNonRoot: true,
                runAsUser: ALLOY_USER,
                runAsGroup: ALLOY_USER,
                capabilities: { drop: ["ALL"], add: [] },
            },
            ...(of.volume === undefined
                ? { storagePath: CONTAINER_STORAGE }
                : { storagePath: STORAGE, mounts: { extra: [{ name: STORAGE_VOLUME, mountPath: STORAGE }] } }),
            resources: of.resources,
        },
        rbac: of.rbac,
        controller: {
            replicas: of.replicas,
            terminationGracePeriodSeconds: 60,
            nodeSelector: scheduling.nodeSelector,
            tolerations: scheduling.tolerations,
            affinity: hostAntiAffinity(of.alike.labels, survives) ?? {},
            topologySpreadConstraints: zoneSpread(of.alike, survives) ?? [],
            ...(of.replicas > 1 && { podDisruptionBudget: { enabled: true, maxUnavailable: 1 } }),
            ...(of.volume === undefined ? IN_PLACE : storage(platform, of.volume)),
        },
    };
}

/** Hosts apart and no host to spare: a pod more would wait for ever. */
const IN_PLACE = { updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } } };

function storage(platform: PlatformSettings, size: string): Record<string, unknown> {
    const { storageClass } = platform;
    if (!isDurable(platform)) return { volumes: { extra: [{ name: STORAGE_VOLUME, emptyDir: {} }] } };
    const spec = {
        accessModes: ["ReadWriteOnce"],
        ...(storageClass !== undefined && { storageClassName: storageClass }),
        resources: { requests: { storage: size } },
    };
    return { volumeClaimTemplates: [{ metadata: { name: STORAGE_VOLUME }, spec }] };
}
