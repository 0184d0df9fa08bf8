import { rotationAnnotation } from "../../contracts/object-store";
import { hostAntiAffinity, zoneSpread, type Alike } from "../../kubernetes/placement";
import { restrictedContainer, restrictedPod } from "../../kubernetes/pod-security";
import { PATIENT } from "../../kubernetes/probes";
import { resources, type Resources } from "../../kubernetes/resources";
import { mebibytes } from "../../settings/units";
import { S3_SECRET } from "./names";
import type { CortexSettings } from "./settings";
import type { CortexValuesArgs } from "./values-args";
import { cortexReplicated } from "./workloads";

export type Workload = keyof CortexSettings["replicas"];

interface Shape {
    readonly kind: "Deployment" | "StatefulSet";
    /** As measured: docs/reference/footprint.md. */
    readonly small: Resources;
    readonly full: Resources;
    /** Seconds that a stop may take. */
    readonly grace: number;
}

const DISTRIBUTOR: Shape = {
    kind: "Deployment",
    // Decoded pushes stay with what is kept for reuse: it grows for twenty minutes, and then no more.
    small: resources("25m", "320Mi", "512Mi"),
    full: resources("500m", "512Mi", "1Gi"),
    grace: 75,
};
const INGESTER: Shape = {
    kind: "StatefulSet",
    small: resources("50m", "256Mi", "2Gi"),
    full: resources("1", "4Gi", "8Gi"),
    // It uploads what it has before it goes.
    grace: 600,
};
const QUERIER: Shape = {
    kind: "Deployment",
    small: resources("25m", "64Mi", "1Gi"),
    full: resources("500m", "1Gi", "4Gi"),
    grace: 180,
};
const QUERY_FRONTEND: Shape = {
    kind: "Deployment",
    small: resources("25m", "48Mi", "512Mi"),
    full: resources("200m", "512Mi", "2Gi"),
    grace: 180,
};
const STORE_GATEWAY: Shape = {
    kind: "StatefulSet",
    small: resources("25m", "64Mi", "1Gi"),
    full: resources("500m", "1Gi", "4Gi"),
    grace: 240,
};
const COMPACTOR: Shape = {
    kind: "StatefulSet",
    small: resources("25m", "64Mi", "1Gi"),
    full: resources("500m", "1Gi", "4Gi"),
    grace: 240,
};
const RULER: Shape = {
    kind: "Deployment",
    small: resources("25m", "64Mi", "512Mi"),
    full: resources("250m", "512Mi", "2Gi"),
    grace: 180,
};
const GATEWAY: Shape = {
    kind: "Deployment",
    small: resources("10m", "32Mi", "128Mi"),
    full: resources("50m", "64Mi", "256Mi"),
    grace: 30,
};

const SHAPES: Readonly<Record<Workload, Shape>> = {
    distributor: DISTRIBUTOR,
    ingester: INGESTER,
    querier: QUERIER,
    queryFrontend: QUERY_FRONTEND,
    storeGateway: STORE_GATEWAY,
    compactor: COMPACTOR,
    ruler: RULER,
    gateway: GATEWAY,
};

/** Affinity and spread of a workload's pods; empty where the stack survives nothing. */
export function placement(alike: Alike, { platform }: CortexValuesArgs, kind: Shape["kind"]) {
    const affinity = hostAntiAffinity(alike.labels, platform.survives);
    const zones = zoneSpread(alike, platform.survives);
    // While a Deployment rolls, pods of the old version would count against those of the new.
    const perVersion = kind === "Deployment" ? { matchLabelKeys: ["pod-template-hash"] } : {};
    return {
        ...(affinity && { affinity }),
        ...(zones && { topologySpreadConstraints: zones.map((zone) => ({ ...zone, ...perVersion })) }),
    };
}

/** What every workload has: replicas and where they stand, budget, resources, security. */
export function workload(name: Workload, args: CortexValuesArgs) {
    const shape = SHAPES[name];
    const replicas = args.settings.replicas[name];
    return {
        replicas,
        ...placement(cortexReplicated[name], args, shape.kind),
        ...args.platform.scheduling,
        // The chart makes it for two replicas and more.
        podDisruptionBudget: { maxUnavailable: 1 },
        terminationGracePeriodSeconds: shape.grace,
        resources: args.platform.survives === "nothing" ? shape.small : shape.full,
        // Several replicas may have no host to spare for one more. A single one is replaced after the new one is
        // ready; otherwise Helm would call a Deployment ready that has no pod yet.
        ...(shape.kind === "Deployment" &&
            replicas === 1 && { strategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } } }),
        securityContext: { enabled: true, ...restrictedPod(name === "gateway" ? 101 : 10001) },
        containerSecurityContext: { enabled: true, ...restrictedContainer() },
    };
}

/**
 * Whether the process itself lives. Never `/ready`, which the chart asks: it fails while others are away (a querier for the
 * frontend, a ring's members, the cluster's DNS), and a restart mends nothing of that.
 */
export const ALIVE = { httpGet: { path: "/services", port: "http-metrics" } };

/** What Cortex' own workloads have: a soft memory limit, a monitor, and, where they use buckets, the key pair. */
export function cortexWorkload(name: Workload, args: CortexValuesArgs, extraEnv: object[] = []) {
    const common = workload(name, args);
    const usesBuckets = !["distributor", "queryFrontend"].includes(name);
    return {
        ...common,
        // Of what keeps data the chart asks neither: it may replay its log for long.
        ...(SHAPES[name].kind === "Deployment" && { startupProbe: ALIVE, livenessProbe: { ...ALIVE, ...PATIENT } }),
        podAnnotations: {
            // The ServiceMonitor's target: annotations would have other scrapers find it once more.
            "prometheus.io/scrape": "false",
            ...(usesBuckets && rotationAnnotation(args.access)),
        },
        env: [
            { name: "GOMEMLIMIT", value: softMemoryLimit(common.resources) },
            ...(usesBuckets && args.access.rotation !== undefined
                ? ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"].map(fromSecret)
                : []),
            ...extraEnv,
        ],
        serviceMonitor: { enabled: true },
    };
}

/** Go collects harder as it nears the limit, instead of running into it. */
function softMemoryLimit({ limits }: Resources): string {
    return `${mebibytes(limits.memory, 1 / 0.9)}MiB`;
}

function fromSecret(key: string) {
    return { name: key, valueFrom: { secretKeyRef: { name: S3_SECRET, key } } };
}
