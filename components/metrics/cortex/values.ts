import { pullSecretNames } from "../../kubernetes/image-pull";
import { afterCaches, cacheValues } from "./caches";
import { cortexConfig, runtimeConfig, zoneAware } from "./config";
import { gateway } from "./gateway";
import type { ChartValues } from "./values.gen";
import type { CortexValuesArgs } from "./values-args";
import { ALIVE, cortexWorkload } from "./workload";

export function buildCortexValues(args: CortexValuesArgs): ChartValues {
    const { imageRegistry } = args.platform;
    const pullSecrets = pullSecretNames(args.platform);
    return {
        config: cortexConfig(args),
        ...(Object.keys(args.tenants).length > 0 && {
            runtimeconfigmap: { create: true, runtime_config: runtimeConfig(args) },
        }),
        image: {
            ...(imageRegistry !== undefined && { repository: `${imageRegistry}/cortexproject/cortex` }),
            pullSecrets,
        },
        // The caches' and their exporters'.
        global: { ...(imageRegistry !== undefined && { imageRegistry }), imagePullSecrets: pullSecrets },
        // Nothing here speaks to the Kubernetes API.
        serviceAccount: { automountServiceAccountToken: false, annotations: args.access.accountAnnotations },
        // The platform's Alertmanager is Prometheus'. One replica, for the chart makes a budget even for none.
        alertmanager: { enabled: false, replicas: 1 },
        distributor: { ...cortexWorkload("distributor", args), ...preStopDelay },
        ingester: ingester(args),
        querier: { ...cortexWorkload("querier", args), ...afterCaches(args) },
        query_frontend: { ...cortexWorkload("queryFrontend", args), ...preStopDelay },
        store_gateway: storeGateway(args),
        compactor: { ...cortexWorkload("compactor", args), ...volume(args, "compactor") },
        ruler: { ...cortexWorkload("ruler", args), ...afterCaches(args) },
        nginx: gateway(args),
        ...cacheValues(args),
    };
}

/** Requests still come for some seconds after a pod was told to stop. */
const preStopDelay = { lifecycle: { preStop: { sleep: { seconds: 10 } } } };

/**
 * The zone that a ring is told, read from the pod's label of the same name, which newer versions of Kubernetes copy from the
 * node. Without the label the zone is empty, and members that say to know zones would all stand in one.
 */
const ZONE = {
    name: "AVAILABILITY_ZONE",
    valueFrom: { fieldRef: { fieldPath: "metadata.labels['topology.kubernetes.io/zone']" } },
};

function zoned({ platform }: CortexValuesArgs, flag: string) {
    const aware = zoneAware(platform);
    return { env: aware ? [ZONE] : [], extraArgs: aware ? { [flag]: `$(${ZONE.name})` } : {} };
}

function ingester(args: CortexValuesArgs) {
    const { env, extraArgs } = zoned(args, "ingester.availability-zone");
    return {
        ...cortexWorkload("ingester", args, env),
        extraArgs,
        // As a Deployment it would lose its write-ahead log with the pod. Parallel: an ingester is ready only when all
        // others are healthy, so one after the other they would never come back from a common crash.
        statefulSet: { enabled: true, podManagementPolicy: "Parallel" },
        ...volume(args, "ingester"),
    };
}

function storeGateway(args: CortexValuesArgs) {
    const { env, extraArgs } = zoned(args, "store-gateway.sharding-ring.instance-availability-zone");
    return {
        ...cortexWorkload("storeGateway", args, env),
        ...afterCaches(args),
        extraArgs,
        podManagementPolicy: "Parallel",
        // The chart would first look after two minutes, and end one that takes long to read a full bucket.
        startupProbe: { ...ALIVE, initialDelaySeconds: 0 },
        ...volume(args, "storeGateway"),
    };
}

function volume({ platform: { storageClass }, settings }: CortexValuesArgs, of: keyof typeof settings.volumes) {
    return { persistentVolume: { size: settings.volumes[of], ...(storageClass !== undefined && { storageClass }) } };
}
