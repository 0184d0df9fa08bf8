import { pullSecretNames } from "../../kubernetes/image-pull";
import { restrictedContainer, restrictedPod } from "../../kubernetes/pod-security";
import { rotationAnnotation } from "../../contracts/object-store";
import { PATIENT } from "../../kubernetes/probes";
import { resources } from "../../kubernetes/resources";
import { byteCount, goDuration } from "../../settings/units";
import { gateway } from "./gateway";
import { tempoVersion } from "./chart";
import { RELEASE } from "./names";
import {
    generatorProcessors,
    generatorRegistry,
    livenessPath,
    messageSizes,
    otlpReceivers,
    overrides,
    remoteWrite,
    storeEnvironment,
    tenantOverrides,
    traceStorage,
    type TempoValuesArgs,
} from "./config";
import type { ChartValues } from "./values.gen";
import { workload } from "./workload";

/** Group of the images' files; what the chart runs every pod as, the caches' and the gateway's too. */
const USER = 1000;

/** Values of the chart tempo-distributed: every service of Tempo for itself. */
export function buildTempoValues(args: TempoValuesArgs): ChartValues {
    const { imageRegistry } = args.platform;
    const pullSecrets = pullSecretNames(args.platform);
    return {
        fullnameOverride: RELEASE,
        global: { image: { ...(imageRegistry !== undefined && { registry: imageRegistry }), pullSecrets } },
        serviceAccount: { annotations: args.access.accountAnnotations },
        multitenancyEnabled: args.settings.multitenancy,
        reportingEnabled: false,
        // Grafana shows search results as they come.
        streamOverHTTPEnabled: true,
        tempo: {
            image: { tag: tempoVersion },
            livenessProbe: { httpGet: { path: livenessPath }, ...PATIENT },
            podSecurityContext: restrictedPod(USER),
            securityContext: restrictedContainer(),
            // Merged over the processors that the chart configures by itself.
            structuredConfig: {
                // Spans beyond a tenant's rate: without it collectors take the answer for final, and drop them.
                distributor: { retry_after_on_resource_exhausted: "5s" },
                metrics_generator: { processor: generatorProcessors },
            },
        },
        // Pods of Tempo only: the chart's `global` would hand the keys to caches and gateway too.
        defaults: { extraEnvFrom: storeEnvironment(args), podAnnotations: rotationAnnotation(args.access) },
        storage: { trace: traceStorage(args) },
        server: messageSizes(args),
        // Who found nobody at its start, the name not resolving yet, would stay alone: nothing else looks again.
        memberlist: { rejoin_interval: "1m" },
        overrides: overrides(args),
        ...tenantOverrides(args),
        traces: {
            // Jaeger's UDP protocols stay off: a Service in between loses datagrams.
            jaeger: { grpc: { enabled: true }, thriftHttp: { enabled: true } },
            otlp: {
                grpc: { enabled: true, receiverConfig: otlpReceivers.grpc },
                http: { enabled: true, receiverConfig: otlpReceivers.http },
            },
            zipkin: { enabled: true },
        },
        metaMonitoring: { serviceMonitor: { enabled: true, interval: "30s" } },
        ...writePath(args),
        ...readPath(args),
    };
}

function writePath(args: TempoValuesArgs): ChartValues {
    const { platform, settings } = args;
    const { volumes } = settings;
    const { storageClass } = platform;
    const volume = (size: string) => ({ enabled: true, size, ...(storageClass !== undefined && { storageClass }) });
    return {
        distributor: {
            ...workload("distributor", resources("250m", "256Mi", "1Gi"), args),
            // Serves on while its address is taken out of the Service, then has 45 s left for what is under way.
            shutdownDelay: "15s",
            terminationGracePeriodSeconds: 60,
        },
        ingester: {
            ...workload("ingester", resources("500m", "1Gi", "4Gi"), args),
            config: { replication_factor: settings.replicationFactor },
            persistence: volume(volumes.ingester),
            terminationGracePeriodSeconds: 300,
        },
        metricsGenerator: {
            ...workload("metricsGenerator", resources("250m", "512Mi", "2Gi"), args),
            enabled: true,
            // Rolls one at a time. The Deployment starts a pod more, for which there may be no host left.
            kind: "StatefulSet",
            persistence: volume(volumes.metricsGenerator),
            config: { registry: generatorRegistry(args), storage: { remote_write: remoteWrite(args) } },
            terminationGracePeriodSeconds: 300,
        },
        compactor: {
            ...workload("compactor", resources("200m", "512Mi", "2Gi"), args),
            config: {
                // The chart's 100 GB blocks are a way out of memory.
                compaction: { block_retention: goDuration(settings.retention), max_block_bytes: byteCount("5Gi") },
            },
            terminationGracePeriodSeconds: 120,
        },
    };
}

function readPath(args: TempoValuesArgs): ChartValues {
    return {
        gateway: gateway(args),
        queryFrontend: {
            ...workload("queryFrontend", resources("100m", "256Mi", "1Gi"), args),
            terminationGracePeriodSeconds: 120,
        },
        querier: {
            ...workload("querier", resources("250m", "512Mi", "2Gi"), args),
            terminationGracePeriodSeconds: 120,
        },
        memcached: {
            ...workload("memcached", resources("50m", "1280Mi", "1280Mi"), args),
            // MiB of items, and the largest item: its own defaults, 64 and 1 MiB, are too small for footers of blocks.
            extraArgs: ["-m 1024", "-I 5m"],
        },
        memcachedExporter: { enabled: true, resources: resources("10m", "32Mi", "64Mi") },
    };
}
