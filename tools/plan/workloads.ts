import { at, isRecord } from "../records";
import { cpuCores, memoryBytes } from "./quantities";

/** A workload as a chart's values ask for it. */
export interface Workload {
    readonly name: string;
    /** Absent for one pod per node. */
    readonly replicas: number | undefined;
    /** Of one pod's main container, in cores. */
    readonly cpu: number;
    /** Of one pod's main container, in bytes. */
    readonly memory: number;
    /** Of one pod's volumes, in bytes. */
    readonly disk: number;
}

type Values = Record<string, unknown>;

/** Where each chart's values describe workloads. */
const PLACES: Record<string, readonly string[]> = {
    minio: ["."],
    "cloudnative-pg": ["."],
    "plugin-barman-cloud": ["."],
    "prometheus-blackbox-exporter": ["."],
    "prometheus-pushgateway": ["."],
    cortex: [
        ...["distributor", "ingester", "querier", "query_frontend", "store_gateway", "compactor", "ruler", "nginx"],
        ...["memcached-frontend", "memcached-blocks-index", "memcached-blocks", "memcached-blocks-metadata"],
    ],
    loki: [
        ...[
            "gateway",
            "distributor",
            "ingester",
            "querier",
            "queryFrontend",
            "queryScheduler",
            "indexGateway",
            "ruler",
        ],
        ...["compactor", "singleBinary", "chunksCache", "resultsCache", "lokiCanary"],
    ],
    "tempo-distributed": [
        ...[
            "gateway",
            "distributor",
            "ingester",
            "querier",
            "queryFrontend",
            "compactor",
            "metricsGenerator",
            "memcached",
        ],
    ],
    tempo: ["tempo"],
    "kube-prometheus-stack": [
        ...["prometheusOperator", "prometheusOperator.admissionWebhooks.deployment", "prometheus.prometheusSpec"],
        ...["alertmanager.alertmanagerSpec", "grafana", "kube-state-metrics", "prometheus-node-exporter"],
    ],
    "k8s-monitoring": ["alloy-operator", "collectors.*", "destinations.traces.processors.tailSampling.collector"],
};

/** Charts in which a workload without a replica count runs on each node. */
const PER_NODE = new Set(["prometheus-node-exporter"]);

const REPLICAS = ["replicas", "replicaCount", "controller.replicas", "instances"];
const REQUESTS = ["resources.requests", "alloy.resources.requests"];
const CLAIM = "volumeClaimTemplate.spec.resources.requests.storage";
const DISKS = ["persistence.size", "persistentVolume.size", "storage.size", `storageSpec.${CLAIM}`, `storage.${CLAIM}`];

/** The workloads that a chart's values ask for, those switched off left out. */
export function workloads(chart: string, values: Values): Workload[] {
    return (PLACES[chart] ?? []).flatMap((place) => {
        if (!place.endsWith(".*")) return read(chart, place, place === "." ? values : at(values, place));
        const parent = at(values, place.slice(0, -2));
        return isRecord(parent) ? Object.entries(parent).flatMap(([name, node]) => read(chart, name, node)) : [];
    });
}

function read(chart: string, place: string, node: unknown): Workload[] {
    if (!isRecord(node) || node.enabled === false) return [];
    const replicas = REPLICAS.map((path) => at(node, path)).find((value) => typeof value === "number");
    const requests = REQUESTS.map((path) => at(node, path)).find(isRecord) ?? {};
    if (replicas === 0 || (replicas === undefined && Object.keys(requests).length === 0)) return [];
    return [
        {
            name: place === "." ? chart : place.replace(/\.(prometheusSpec|alertmanagerSpec)$/, ""),
            replicas: replicas ?? (isPerNode(place, node) ? undefined : 1),
            cpu: cpuCores(requests.cpu ?? node.allocatedCPU),
            memory: memoryBytes(requests.memory) || cacheMemory(node),
            disk: diskOf(node),
        },
    ];
}

function isPerNode(place: string, node: Values): boolean {
    return PER_NODE.has(place) || (Array.isArray(node.presets) && node.presets.includes("daemonset"));
}

function diskOf(node: Values): number {
    const persistence = node.persistence;
    if (isRecord(persistence) && persistence.enabled === false) return 0;
    const single = DISKS.map((path) => at(node, path)).find((value) => typeof value === "string");
    const drives = typeof node.drivesPerNode === "number" ? node.drivesPerNode : 1;
    return memoryBytes(single) * drives + claimsOf(node).reduce<number>((sum, size) => sum + memoryBytes(size), 0);
}

/** Loki's caches are given the memory for items, in MiB; the chart asks for a fifth more. */
function cacheMemory(node: Values): number {
    return typeof node.allocatedMemory === "number" ? node.allocatedMemory * 1.2 * 2 ** 20 : 0;
}

/** Sizes in lists of claims, in the two forms that charts use. */
function claimsOf(node: Values): unknown[] {
    const claims = at(node, "persistence.claims");
    const templates = at(node, "controller.volumeClaimTemplates");
    return [
        ...(Array.isArray(claims) ? claims.map((claim) => at(claim, "size")) : []),
        ...(Array.isArray(templates)
            ? templates.map((template) => at(template, "spec.resources.requests.storage"))
            : []),
    ];
}
