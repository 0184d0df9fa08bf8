import { pullSecretNames } from "../../kubernetes/image-pull";
import { restrictedContainer, restrictedPod } from "../../kubernetes/pod-security";
import { rotationAnnotation } from "../../contracts/object-store";
import { PATIENT } from "../../kubernetes/probes";
import { resources } from "../../kubernetes/resources";
import { tempoVersion } from "./chart";
import { PORTS, RELEASE } from "./names";
import type { ChartValues } from "./single-values.gen";
import { goDuration } from "../../settings/units";
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

const USER = 10001;

/** Values of the chart tempo: one process that is all of Tempo. It is one always: two would not know of each other. */
export function buildSingleValues(args: TempoValuesArgs): ChartValues {
    const { platform, settings } = args;
    const { imageRegistry, storageClass, scheduling } = platform;
    return {
        fullnameOverride: RELEASE,
        ...(imageRegistry !== undefined && { global: { imageRegistry } }),
        replicas: 1,
        persistence: {
            enabled: true,
            size: settings.volumes.ingester,
            ...(storageClass !== undefined && { storageClassName: storageClass }),
        },
        podAnnotations: rotationAnnotation(args.access),
        securityContext: restrictedPod(USER),
        serviceAccount: { automountServiceAccountToken: false, annotations: args.access.accountAnnotations },
        serviceMonitor: { enabled: true, interval: "30s" },
        nodeSelector: scheduling.nodeSelector,
        tolerations: scheduling.tolerations,
        tempo: {
            tag: tempoVersion,
            pullSecrets: pullSecretNames(platform),
            reportingEnabled: false,
            multitenancyEnabled: settings.multitenancy,
            streamOverHttpEnabled: true,
            // The chart's default holds a gigabyte of nothing.
            memBallastSizeMbs: 0,
            resources: resources("50m", "320Mi", "512Mi"),
            // The garbage collector is told of the limit, so that it is not found out by the kernel.
            extraEnv: [{ name: "GOMEMLIMIT", value: "435MiB" }],
            extraEnvFrom: storeEnvironment(args),
            securityContext: restrictedContainer(),
            livenessProbe: { httpGet: { path: livenessPath }, ...PATIENT },
            retention: goDuration(settings.retention),
            storage: { trace: traceStorage(args) },
            server: messageSizes(args),
            receivers: receivers(),
            overrides: overrides(args),
            ...tenantOverrides(args),
            metricsGenerator: {
                enabled: true,
                processor: generatorProcessors,
                registry: generatorRegistry(args),
                // On the volume; the chart's defaults are in /tmp, which a restart empties.
                storage: { path: "/var/tempo/generator/wal", remote_write: remoteWrite(args) },
                traces_storage: { path: "/var/tempo/generator/traces" },
            },
        },
    };
}

/** As in the distributed Tempo: the chart opens Jaeger's UDP ports and leaves Zipkin out. */
function receivers() {
    return {
        jaeger: { protocols: { thrift_binary: null, thrift_compact: null } },
        otlp: { protocols: otlpReceivers },
        zipkin: { endpoint: `0.0.0.0:${PORTS.zipkin}` },
    };
}
