import type { Place } from "../../components/kubernetes/workload";
import { WORKLOADS } from "../../components/platform/workloads";
import { at, isRecord, record } from "../records";
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

const CLAIM = "volumeClaimTemplate.spec.resources.requests.storage";
const DISKS = ["persistence.size", "persistentVolume.size", "storage.size", `storageSpec.${CLAIM}`, `storage.${CLAIM}`];

/** The workloads that a chart's values ask for, those switched off left out. */
export function workloads(chart: string, values: Values): Workload[] {
    const places = WORKLOADS.filter(({ place }) => place?.chart === chart);
    const known = new Set(places.map(({ place }) => place?.at));
    return places.flatMap(({ place, perNode = false }) => {
        if (place === undefined) return [];
        if (!place.at.endsWith(".*")) return read(place, perNode, values);
        const parent = place.at.slice(0, -2);
        const found = at(values, parent);
        return Object.keys(isRecord(found) ? found : {})
            .filter((name) => !known.has(`${parent}.${name}`))
            .flatMap((name) => read(moved(place, `${parent}.${name}`), perNode, values));
    });
}

/** What a plan calls a workload: its map, without what every workload of the chart has around it. */
export function nameIn({ chart, at }: Pick<Place, "chart" | "at">): string {
    return at === ""
        ? chart
        : at.replace(/\.(prometheusSpec|alertmanagerSpec|thanosRulerSpec)$/, "").replace(/^collectors\./, "");
}

/** A place of many, for one of them. */
function moved(place: Place, to: string): Place {
    const here = (path: string) => path.replace(place.at, to);
    return { ...place, at: to, replicas: here(place.replicas), resources: here(place.resources) };
}

function read(place: Place, perNode: boolean, values: Values): Workload[] {
    const node = place.at === "" ? values : at(values, place.at);
    if (!isRecord(node) || node.enabled === false) return [];
    const given = at(values, place.replicas);
    const replicas = typeof given === "number" ? given : undefined;
    const requests = record(at(values, `${place.resources}.requests`));
    if (replicas === 0 || (replicas === undefined && Object.keys(requests).length === 0)) return [];
    return [
        {
            name: nameIn(place),
            replicas: replicas ?? (perNode || isDaemon(node) ? undefined : 1),
            cpu: cpuCores(requests.cpu ?? node.allocatedCPU),
            memory: memoryBytes(requests.memory) || cacheMemory(node),
            disk: diskOf(node),
        },
    ];
}

function isDaemon({ presets }: Values): boolean {
    return Array.isArray(presets) && presets.includes("daemonset");
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
