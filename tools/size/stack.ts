import { stringify } from "yaml";
import { cortexDefaults } from "../../components/metrics/cortex/settings";
import { lokiDefaults } from "../../components/logs/loki/settings";
import { lokiReplicated } from "../../components/logs/loki/workloads";
import { WORKLOADS } from "../../components/platform/workloads";
import type { Place, Workload } from "../../components/kubernetes/workload";
import { at } from "../records";
import { GIB, GIVEN, type Ceiling, type Figure, type Stored } from "./figure";
import type { Load } from "./load";
import { logsNeeds } from "./logs";
import { metricsNeeds } from "./metrics";
import { drivesFor, type DriveFigure } from "./object-store";
import { tracesNeeds } from "./traces";

/** A platform of the size that a load asks for. */
export interface Size {
    readonly load: Load;
    readonly figures: readonly Figure[];
    readonly stored: readonly Stored[];
    readonly ceilings: readonly Ceiling[];
    readonly drives: DriveFigure;
    /** What no longer scales, and where to go from there. */
    readonly limits: readonly string[];
}

export function sizeOf(load: Load): Size {
    const needs = [metricsNeeds(load), logsNeeds(load), tracesNeeds(load)];
    const figures = needs.flatMap((each) => each.figures);
    const stored = needs.flatMap((each) => each.stored);
    const ceilings = needs.flatMap((each) => each.ceilings);
    const drives = drivesFor(stored, load.zones);
    return { load, figures, stored, ceilings, drives, limits: limitsOf(load, figures, drives) };
}

/** Series that one Prometheus should not pass: past this its replay of the log takes longer than people wait. */
const ONE_PROMETHEUS = 10_000_000;
/** Bytes of memory past which a restart replays a log for longer than an upgrade should wait. */
const ONE_INGESTER = 32 * GIB;
/** Bytes of logs a second, 30 TB a day, beyond which Loki's documentation has no figures. */
const ONE_LOKI = 30e12 / 86_400;

function limitsOf(load: Load, figures: readonly Figure[], drives: DriveFigure): string[] {
    return [
        ...(load.series > ONE_PROMETHEUS
            ? [
                  "One pair of Prometheus holds at most about 10 million series: split targets among pairs, or scrape with the collectors.",
              ]
            : []),
        ...(load.logs > ONE_LOKI
            ? ["Loki's compactor is one process: beyond 30 TB a day make cells, each with a part of the tenants."]
            : []),
        ...(figures.some(({ setting, memory }) => setting === lokiReplicated.ingester.setting && memory > ONE_INGESTER)
            ? ["Loki's three ingesters, one for each zone, pass 32 GiB: `survives: node` lets there be more of them."]
            : []),
        ...(drives.tooLarge ? ["MinIO's drives pass 16 TiB: use an outside S3 (`objectStore: { kind: s3 }`)."] : []),
    ];
}

/** The workload whose number a setting is, where a chart runs it. */
export function workloadOf(setting: string): Workload & { readonly place: Place } {
    const found = WORKLOADS.find((each) => each.setting === setting);
    if (found?.place === undefined) throw new Error(`${setting} is the number of no chart's workload.`);
    return { ...found, place: found.place };
}

/** Where the user's own values have a workload's resources. */
export function resourcesOf(setting: string): string {
    const { values = "", place } = workloadOf(setting);
    return `${values}.${place.resources}`;
}

/** Memory may pass what is asked for by half, as queries and replays do, before the kernel ends the pod. */
const LIMIT = 1.5;
/** What the settings allow without a word. */
const ALLOWED = { metrics: cortexDefaults("zone"), logs: lokiDefaults("zone") };

/** The size as the settings of a stack, by role. */
export function settingsOf({ load, figures, ceilings, drives }: Size): Record<string, unknown> {
    const settings: Record<string, unknown> = {
        survives: load.zones > 1 ? "zone" : "node",
        load: load.stated,
        objectStore: {
            kind: "minio",
            servers: drives.servers,
            drivesPerServer: drives.drivesPerServer,
            driveSize: gibibytes(drives.driveSize),
        },
    };
    const day = (seconds: number) => `${Math.ceil(seconds / 86_400)}d`;
    put(settings, ["metrics", "retention"], day(load.retention.metrics));
    put(settings, ["logs", "retention"], day(load.retention.logs));
    put(settings, ["traces", "retention"], day(load.retention.traces));
    put(settings, ["kubePrometheusStack", "prometheus", "scrapeInterval"], `${load.interval}s`);
    for (const { setting, value } of ceilings) {
        if (value > Number(at(ALLOWED, setting))) put(settings, setting.split("."), value);
    }
    for (const { setting, replicas, cpu, memory, volume } of figures) {
        put(settings, setting.split("."), replicas);
        if (volume) put(settings, volume.setting.split("."), gibibytes(volume.bytes));
        if (cpu <= GIVEN.cpu && memory <= GIVEN.memory) continue;
        const limit = gibibytes(Math.max(GIVEN.limit, memory * LIMIT));
        const { memory: own } = workloadOf(setting);
        if (own !== undefined) put(settings, own.split("."), limit);
        put(settings, resourcesOf(setting).split("."), {
            requests: { cpu: String(cpu), memory: gibibytes(memory) },
            limits: { memory: limit },
        });
    }
    return settings;
}

/** The settings as the lines of a stack file. */
export function stackFile(project: string, size: Size): string {
    const config = Object.fromEntries(
        Object.entries(settingsOf(size)).map(([key, value]) => [`${project}:${key}`, value]),
    );
    return stringify({ config }, { lineWidth: 0 });
}

function put(target: Record<string, unknown>, path: readonly string[], value: unknown): void {
    const [key = "", ...rest] = path;
    if (rest.length === 0) {
        target[key] = value;
        return;
    }
    const inner = (target[key] ??= {}) as Record<string, unknown>;
    put(inner, rest, value);
}

export function gibibytes(bytes: number): string {
    const whole = bytes / GIB;
    return Number.isInteger(whole) ? `${whole}Gi` : `${Math.ceil(bytes / 2 ** 20)}Mi`;
}
