import { pullSecrets } from "../../kubernetes/image-pull";
import { common, vmauthFlags } from "./flags";
import { PORTS, ROUTES_SECRET } from "./names";
import { backupContainer, vmauthContainer } from "./sidecars";
import type { ChartValues } from "./values.gen";
import type { VmValuesArgs } from "./values-args";
import { rolling, workload } from "./workload";

/** Values of the chart victoria-metrics-cluster: every service of VictoriaMetrics for itself. */
export function buildVmValues(args: VmValuesArgs): ChartValues {
    const { imageRegistry } = args.platform;
    return {
        global: {
            // The default ends in a dot, which no client here writes.
            cluster: { dnsDomain: "cluster.local" },
            ...(imageRegistry !== undefined && { image: { registry: imageRegistry } }),
            ...pullSecrets(args.platform),
        },
        // Nothing here speaks to the Kubernetes API.
        serviceAccount: { create: true, automountToken: false },
        printNotes: false,
        vmstorage: vmstorage(args),
        vminsert: vminsert(args),
        vmselect: vmselect(args),
        vmauth: vmauth(args),
    };
}

/**
 * Series of an hour on one server: its share of all copies while as many are away as may be. Else the loss of a server would
 * have the others drop what it had.
 */
export function hourlySeries({ settings }: VmValuesArgs): number {
    const { limits, replicas, replicationFactor } = settings;
    return Math.ceil((limits.maxHourlySeries * replicationFactor) / (replicas.vmstorage - replicationFactor + 1));
}

/** The same samples of two senders are one: the newest of each interval. Servers and queries have to agree. */
export function deduplicated({ scrapeInterval }: VmValuesArgs) {
    return { "dedup.minScrapeInterval": scrapeInterval };
}

/** Names as Prometheus writes them; of what a resource has, that which tells its series from another's. */
export const otlp = {
    "opentelemetry.usePrometheusNaming": "true",
    "opentelemetry.promoteAllResourceAttributes": "false",
    "opentelemetry.promoteResourceAttributes": "service.name,service.namespace,service.instance.id",
};

export function volumeOf({ platform: { storageClass }, settings }: VmValuesArgs) {
    const { vmstorage: size } = settings.volumes;
    return { enabled: true, size, ...(storageClass !== undefined && { storageClassName: storageClass }) };
}

function vmstorage(args: VmValuesArgs) {
    const { settings, platform, credentialsRotation } = args;
    const shared = workload("vmstorage", args);
    const { backup } = settings.buckets;
    return {
        ...shared,
        // One after the other, all would wait for a first that is sick.
        podManagementPolicy: "Parallel",
        retentionPeriod: settings.retention,
        extraArgs: {
            ...common(platform),
            ...deduplicated(args),
            // Below it the server takes no more writes, and still answers.
            "storage.minFreeDiskSpaceBytes": "5GiB",
            "storage.maxHourlySeries": String(hourlySeries(args)),
            "storage.vminsertConnsShutdownDuration": "60s",
            // Of a backup that was killed.
            snapshotsMaxAge: "2d",
        },
        persistentVolume: volumeOf(args),
        // It serves only after it has opened all that it holds.
        probe: { startup: { httpGet: { path: "/health", port: "http" }, periodSeconds: 10, failureThreshold: 180 } },
        podAnnotations: {
            ...shared.podAnnotations,
            ...(backup !== undefined && {
                "observability-platform/credentials-rotation": String(credentialsRotation),
            }),
        },
        ...(backup !== undefined && {
            extraContainers: [backupContainer(args, backup, { volume: "vmstorage-volume", port: PORTS.vmstorage })],
        }),
        serviceMonitor: { enabled: true },
    };
}

function vminsert(args: VmValuesArgs) {
    const { settings, platform } = args;
    return {
        ...workload("vminsert", args),
        strategy: rolling(settings.replicas.vminsert),
        extraArgs: {
            ...common(platform),
            replicationFactor: String(settings.replicationFactor),
            maxLabelsPerTimeseries: String(settings.limits.maxLabelNames),
            ...otlp,
        },
        // vmauth asks the DNS for the pods.
        service: { clusterIP: "None" },
        serviceMonitor: { enabled: true },
    };
}

function vmselect(args: VmValuesArgs) {
    const { settings, platform } = args;
    return {
        ...workload("vmselect", args),
        deployment: { spec: { strategy: rolling(settings.replicas.vmselect) } },
        extraArgs: {
            ...common(platform),
            // With fewer servers away than there are copies an answer is complete; with more it is an error, not a wrong sum.
            replicationFactor: String(settings.replicationFactor),
            "search.denyPartialResponse": "true",
            ...deduplicated(args),
        },
        // Caches: a volume would hold the pod to its zone.
        persistentVolume: { enabled: false },
        emptyDir: { sizeLimit: "2Gi" },
        service: { clusterIP: "None" },
        serviceMonitor: { enabled: true },
    };
}

/** Pushes and queries have a process each, since vmauth tells no ports apart: who may push does not read. */
function vmauth(args: VmValuesArgs) {
    const { settings, platform } = args;
    return {
        ...workload("vmauth", args),
        strategy: rolling(settings.replicas.vmauth),
        configSecretName: ROUTES_SECRET,
        http: [{ name: "push", value: `:${PORTS.push}`, primary: true }],
        extraArgs: vmauthFlags("push", platform, false),
        probe: {
            readiness: { httpGet: { port: PORTS.pushMetrics } },
            liveness: { tcpSocket: { port: PORTS.pushMetrics } },
        },
        extraContainers: [vmauthContainer("query", args, "config", false)],
        // The program's own has the ports of both processes.
        service: { enabled: false },
    };
}
