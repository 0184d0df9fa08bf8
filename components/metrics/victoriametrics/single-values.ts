import { pullSecrets } from "../../kubernetes/image-pull";
import { resources } from "../../kubernetes/resources";
import { common } from "./flags";
import { DATA, PORTS, ROUTES_SECRET, SINGLE } from "./names";
import { backupContainer, routesVolume, vmauthContainer } from "./sidecars";
import type { ChartValues } from "./single-values.gen";
import { deduplicated, hourlySeries, otlp, volumeOf } from "./values";
import type { VmValuesArgs } from "./values-args";
import { containerSecurity, podSecurity, unannotated } from "./workload";

/** Values of the chart victoria-metrics-single: one process that is all, and vmauth beside it, so that ports are as with several. */
export function buildSingleValues(args: VmValuesArgs): ChartValues {
    const { platform, settings, credentialsRotation } = args;
    const { imageRegistry, scheduling } = platform;
    const { backup } = settings.buckets;
    const { storageClassName, ...volume } = volumeOf(args);
    return {
        global: {
            cluster: { dnsDomain: "cluster.local" },
            ...(imageRegistry !== undefined && { image: { registry: imageRegistry } }),
            ...pullSecrets(platform),
        },
        // It scrapes nothing itself.
        rbac: { create: false },
        serviceAccount: { create: true, automountToken: false },
        printNotes: false,
        server: {
            fullnameOverride: SINGLE,
            retentionPeriod: settings.retention,
            extraArgs: {
                ...common(platform),
                ...deduplicated(args),
                "storage.minFreeDiskSpaceBytes": "500MiB",
                "storage.maxHourlySeries": String(hourlySeries(args)),
                snapshotsMaxAge: "2d",
                maxLabelsPerTimeseries: String(settings.limits.maxLabelNames),
                ...otlp,
            },
            persistentVolume: {
                ...volume,
                mountPath: DATA,
                ...(storageClassName !== undefined && { storageClassName }),
            },
            ...scheduling,
            podAnnotations: {
                ...unannotated,
                ...(backup !== undefined && {
                    "observability-platform/credentials-rotation": String(credentialsRotation),
                }),
            },
            ...podSecurity,
            ...containerSecurity,
            resources: resources("50m", "256Mi", "1Gi"),
            extraContainers: [
                vmauthContainer("push", args, ROUTES_SECRET, true),
                vmauthContainer("query", args, ROUTES_SECRET, true),
                ...(backup === undefined
                    ? []
                    : [backupContainer(args, backup, { volume: "server-volume", port: PORTS.single })]),
            ],
            extraVolumes: [routesVolume],
            serviceMonitor: { enabled: true },
        },
    };
}
