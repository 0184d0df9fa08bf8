import { hostAntiAffinity, zoneSpread } from "../../kubernetes/placement";
import { restrictedContainer, restrictedPod } from "../../kubernetes/pod-security";
import { resources, type Resources } from "../../kubernetes/resources";
import type { ThanosSettings } from "./settings";
import type { ThanosValuesArgs } from "./values-args";
import { thanosReplicated } from "./workloads";

/** Workloads of the chart: the gateway is none. */
export type Workload = Exclude<keyof ThanosSettings["replicas"], "gateway"> | "compactor";

interface Shape {
    readonly kind: "Deployment" | "StatefulSet";
    readonly small: Resources;
    readonly full: Resources;
    /** Seconds that a stop may take: Thanos itself gives calls that run two minutes. */
    readonly grace: number;
}

const SHAPES: Readonly<Record<Workload, Shape>> = {
    router: {
        kind: "Deployment",
        small: resources("25m", "64Mi", "512Mi"),
        full: resources("500m", "512Mi", "2Gi"),
        grace: 150,
    },
    ingestor: {
        kind: "StatefulSet",
        small: resources("50m", "256Mi", "2Gi"),
        full: resources("1", "4Gi", "8Gi"),
        // It writes what it has in memory as a block and uploads it before it goes.
        grace: 900,
    },
    query: {
        kind: "Deployment",
        small: resources("25m", "128Mi", "1Gi"),
        full: resources("500m", "1Gi", "4Gi"),
        grace: 150,
    },
    queryFrontend: {
        kind: "Deployment",
        small: resources("25m", "96Mi", "512Mi"),
        full: resources("200m", "512Mi", "2Gi"),
        grace: 150,
    },
    storeGateway: {
        kind: "StatefulSet",
        small: resources("25m", "128Mi", "1Gi"),
        full: resources("500m", "2Gi", "4Gi"),
        grace: 150,
    },
    compactor: {
        kind: "StatefulSet",
        small: resources("25m", "96Mi", "1Gi"),
        full: resources("500m", "1Gi", "4Gi"),
        grace: 300,
    },
};

/** User of the chart's pods. */
const USER = 65534;

/** What every workload has: placement, security, resources, and the time that its stop may take. */
export function common(name: Workload, { platform }: ThanosValuesArgs) {
    const { small, full, grace } = SHAPES[name];
    return {
        ...platform.scheduling,
        resources: platform.survives === "nothing" ? small : full,
        terminationGracePeriodSeconds: grace,
        podSecurityContext: restrictedPod(USER),
        securityContext: restrictedContainer(),
    };
}

/** What a workload of several pods has besides: how many, where they stand, how many may be away at once. */
export function replicated(name: Exclude<Workload, "compactor">, args: ThanosValuesArgs) {
    const { survives } = args.platform;
    const replicas = args.settings.replicas[name];
    const alike = thanosReplicated[name];
    const affinity = hostAntiAffinity(alike.labels, survives);
    const zones = zoneSpread(alike, survives);
    const deployed = SHAPES[name].kind === "Deployment";
    // While a Deployment rolls, pods of the old version would count against those of the new.
    const perVersion = deployed ? { matchLabelKeys: ["pod-template-hash"] } : {};
    return {
        ...common(name, args),
        replicas,
        ...(affinity && { affinity }),
        ...(zones && { topologySpreadConstraints: zones.map((zone) => ({ ...zone, ...perVersion })) }),
        podDisruptionBudget: { enabled: replicas > 1, maxUnavailable: 1 },
        // Hosts apart and no host to spare: a pod more would wait for ever.
        ...(deployed &&
            replicas > 1 && {
                updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } },
            }),
    };
}
