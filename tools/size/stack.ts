import { stringify } from "yaml";
import type { KubernetesVersion } from "../../components/kubernetes/versions";
import { kindOf } from "../../components/platform/roles";
import { parseSettings } from "../../components/platform/settings";
import type { SettingsProblem } from "../../components/settings/problem";
import { byteCount } from "../../components/settings/units";
import { at } from "../records";
import { GIB, type Ceiling, type Figure, type Sized, type Stored } from "../../components/sizing/figure";
import type { Load } from "../../components/sizing/load";
import { GIVEN, resourcesOf, workloadOf } from "./workloads";
import { gatewayFigure, together, type Sent } from "./clusters";
import { drivesFor, type DriveFigure } from "./object-store";
import { needsOf, SIGNALS } from "./systems";

/** A platform of the size that a load asks for. */
export interface Size {
    /** What the stack itself has to carry; what clusters send comes on top. */
    readonly load: Load;
    /** The ingest gateway, where clusters send here. */
    readonly gateway?: Figure;
    readonly figures: readonly Figure[];
    readonly sizes: readonly Sized[];
    readonly stored: readonly Stored[];
    readonly ceilings: readonly Ceiling[];
    readonly drives: DriveFigure;
    /** Version of Kubernetes that it takes, where that is newer than the settings assume. */
    readonly kubernetes: KubernetesVersion | undefined;
    /** What no longer scales, and where to go from there. */
    readonly limits: readonly string[];
}

/** @param sent what other clusters send to the stack, beside its own load. */
export function sizeOf(load: Load, sent?: Sent): Size {
    const kept = sent === undefined ? load : together(load, sent);
    const needs = SIGNALS.flatMap((signal) => needsOf(signal, kept, {}, load));
    const figures = needs.flatMap((each) => each.figures);
    const sizes = needs.flatMap((each) => each.sizes ?? []);
    const stored = needs.flatMap((each) => each.stored);
    const ceilings = needs.flatMap((each) => each.ceilings);
    const drives = drivesFor(stored, load.zones);
    const limits = needs.flatMap((each) => each.limits);
    if (drives.tooLarge) limits.push("MinIO's drives pass 16 TiB: use an outside S3 (`objectStore: { kind: s3 }`).");
    const kubernetes = needs.map((each) => each.kubernetes).find((version) => version !== undefined);
    const gateway = sent && { gateway: gatewayFigure(sent, load.interval) };
    return { load, figures, sizes, ...gateway, stored, ceilings, drives, kubernetes, limits };
}

/** Memory may pass what is asked for by half, as queries and replays do, before the kernel ends the pod. */
const LIMIT = 1.5;
/** What the settings allow without a word. */
const ALLOWED = Object.fromEntries(SIGNALS.map((signal) => [signal, kindOf(signal, {}).defaults("zone", {})]));

/** The size as the settings of a stack, by role. */
export function settingsOf({
    load,
    figures,
    sizes,
    gateway,
    ceilings,
    drives,
    kubernetes,
}: Size): Record<string, unknown> {
    const settings: Record<string, unknown> = {
        survives: load.zones > 1 ? "zone" : "node",
        ...(kubernetes !== undefined && { kubernetes }),
        load: load.stated,
        objectStore: {
            kind: "minio",
            servers: drives.servers,
            drivesPerServer: drives.drivesPerServer,
            driveSize: gibibytes(drives.driveSize),
        },
    };
    const day = (seconds: number) => (seconds % 86_400 === 0 ? `${seconds / 86_400}d` : `${seconds}s`);
    put(settings, ["metrics", "retention"], day(load.retention.metrics));
    put(settings, ["logs", "retention"], day(load.retention.logs));
    put(settings, ["traces", "retention"], day(load.retention.traces));
    put(settings, ["kubePrometheusStack", "prometheus", "scrapeInterval"], `${load.interval}s`);
    for (const { setting, value } of ceilings) {
        if (value > Number(at(ALLOWED, setting))) put(settings, setting.split("."), value);
    }
    for (const { setting, bytes } of sizes) {
        if (bytes > byteCount(String(at(ALLOWED, setting)))) put(settings, setting.split("."), gibibytes(bytes));
    }
    if (gateway) put(settings, gateway.setting.split("."), gateway.replicas);
    for (const figure of figures) {
        const { setting, replicas, cpu, memory, volume } = figure;
        put(settings, setting.split("."), replicas);
        if (volume) put(settings, volume.setting.split("."), gibibytes(volume.bytes));
        if (cpu <= GIVEN.cpu && memory <= GIVEN.memory) continue;
        const limit = gibibytes(Math.max(GIVEN.limit, memory * LIMIT));
        const { memory: own } = workloadOf(figure);
        if (own !== undefined) put(settings, own.split("."), limit);
        put(settings, resourcesOf(figure).split("."), {
            requests: { cpu: String(cpu), memory: gibibytes(memory) },
            limits: { memory: limit },
        });
    }
    return settings;
}

/** What the settings refuse of a size: it would be of no use in a stack file. */
export function refusedOf(size: Size): readonly SettingsProblem[] {
    const required = { cluster: "cluster", domain: "observability.example.com" };
    const parsed = parseSettings({ ...required, ...settingsOf(size) });
    return "problems" in parsed ? parsed.problems : [];
}

/** The settings as the lines of a stack file. */
export function stackFile(project: string, size: Size): string {
    const config = Object.fromEntries(
        Object.entries(settingsOf(size)).map(([key, value]) => [`${project}:${key}`, value]),
    );
    return stringify({ config }, { lineWidth: 0, compat: "yaml-1.1" });
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
