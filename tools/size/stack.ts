import { stringify } from "yaml";
import { mergeValues } from "../../components/kubernetes/merge-values";
import type { Survives } from "../../components/kubernetes/placement";
import type { KubernetesVersion } from "../../components/kubernetes/versions";
import { minioDefaults } from "../../components/object-store/minio/settings";
import { kindOf, storeKindOf, type Store } from "../../components/platform/roles";
import { parseSettings, type Settings } from "../../components/platform/settings";
import type { SettingsProblem } from "../../components/settings/problem";
import type { Raw } from "../../components/settings/slice";
import { byteCount } from "../../components/settings/units";
import { at, isRecord } from "../records";
import { asWritten } from "../settings-reference/entries";
import { GIB, type Ceiling, type Figure, type Room, type Stored } from "../../components/sizing/figure";
import type { Load } from "../../components/sizing/load";
import { GIVEN, resourcesOf, workloadOf } from "./workloads";
import { gatewayFigure, together, type Sent } from "./clusters";
import { drivesFor, type DriveFigure } from "./object-store";
import { larger, raised, shown } from "./own";
import { needsOf, roomsOf, SIGNALS, unsized } from "./systems";

/** A platform of the size that a load asks for. */
export interface Size {
    /** What the stack itself has to carry; what clusters send comes on top. */
    readonly load: Load;
    /** The systems that stand in the roles. */
    readonly kinds: Readonly<Record<Store, string>>;
    /** The ingest gateway, where clusters send here. */
    readonly gateway?: Figure;
    readonly figures: readonly Figure[];
    readonly stored: readonly Stored[];
    readonly ceilings: readonly Ceiling[];
    /** Sizes beside those of the figures, or more of them. */
    readonly rooms: readonly Room[];
    /** Undefined where buckets are in a store outside. */
    readonly drives: DriveFigure | undefined;
    /** Version of Kubernetes that it takes, where that is newer than the settings assume. */
    readonly kubernetes: KubernetesVersion | undefined;
    /** What no longer scales, and where to go from there. */
    readonly limits: readonly string[];
    /** What nothing is said of, and why. */
    readonly unsized: readonly string[];
}

/**
 * @param sent what other clusters send to the stack, beside its own load.
 * @param stack whose stores these are; those that a stack has where nothing is written, if it is left out.
 */
export function sizeOf(load: Load, sent?: Sent, stack?: Settings): Size {
    const kept = sent === undefined ? load : together(load, sent);
    const chosen = stack ?? {};
    const needs = SIGNALS.flatMap((signal) => needsOf(signal, kept, chosen, load));
    const figures = needs.flatMap((each) => each.figures);
    const stored = needs.flatMap((each) => each.stored);
    const ceilings = needs.flatMap((each) => each.ceilings);
    const layout = stack?.objectStore ?? minioDefaults(load.zones > 1 ? "zone" : "node");
    const drives = layout.kind === "minio" && stored.length > 0 ? drivesFor(layout, stored) : undefined;
    const limits = needs.flatMap((each) => each.limits);
    if (drives?.tooLarge) limits.push("MinIO's drives pass 16 TiB: use an outside S3 (`objectStore: { kind: s3 }`).");
    const kubernetes = needs.map((each) => each.kubernetes).find((version) => version !== undefined);
    const gateway = sent && { gateway: gatewayFigure(sent, load.interval) };
    const unsaid = unsized(chosen, load);
    if (layout.kind !== "minio" && stored.length > 0)
        unsaid.push(`objectStore (${layout.kind}): the buckets fill outside of this stack.`);
    const kinds = Object.fromEntries(SIGNALS.map((signal) => [signal, kindOf(signal, chosen).kind]));
    return {
        ...{ load, kinds: kinds as Size["kinds"], figures, ...gateway, stored, ceilings, drives, kubernetes, limits },
        rooms: [...needs.flatMap((each) => each.rooms ?? []), ...(stack === undefined ? [] : roomsOf(stack, load))],
        unsized: unsaid,
    };
}

/** Memory may pass what is asked for by half, as queries and replays do, before the kernel ends the pod. */
const LIMIT = 1.5;

/**
 * The size as the settings of a stack, by role.
 * @param stack what the stack's file has: nothing is below that, nor below the defaults of what it does not say.
 */
export function settingsOf(size: Size, stack: Raw = {}): Record<string, unknown> {
    const parsed = parseSettings({ ...REQUIRED, survives: survivesOf(size), ...stack });
    const has = "settings" in parsed ? asWritten(parsed.settings) : stack;
    const asked = askedOf(size, has);
    // A load is what is asked, however little of it.
    const settings: Record<string, unknown> = { ...raised(asked, has), load: asked.load };
    if (at(has, "survives") === "zone") settings.survives = "zone";
    for (const figure of size.figures) putLimit(settings, figure);
    return settings;
}

function survivesOf({ load }: Size): Survives {
    return load.zones > 1 ? "zone" : "node";
}

/** A pod's memory limit is not below what it asks for, of which the stack may have more, and the same wherever it stands. */
function putLimit(settings: Record<string, unknown>, figure: Figure): void {
    const resources = resourcesOf(figure);
    const limit = at(settings, `${resources}.limits.memory`);
    if (limit === undefined) return;
    const places = [`${resources}.limits.memory`, workloadOf(figure).memory].filter((place) => place !== undefined);
    const highest = [...places, `${resources}.requests.memory`].reduce(
        (most: unknown, place) => larger(most, at(settings, place)),
        limit,
    );
    for (const place of places) put(settings, place.split("."), highest);
}

/** @param has what the stack has. */
function askedOf(size: Size, has: object): Record<string, unknown> {
    const { load, kinds, figures, gateway, ceilings, rooms, drives, kubernetes } = size;
    const settings: Record<string, unknown> = {
        survives: survivesOf(size),
        ...(kubernetes !== undefined && { kubernetes }),
        load: load.stated,
        ...(drives && {
            objectStore: {
                kind: "minio",
                servers: drives.servers,
                drivesPerServer: drives.drivesPerServer,
                driveSize: gibibytes(drives.driveSize),
            },
        }),
    };
    for (const signal of SIGNALS) {
        const kind = storeKindOf(signal, { [signal]: { kind: kinds[signal] } });
        if (kind.needs === undefined) continue;
        if (kind !== storeKindOf(signal, {})) put(settings, [signal, "kind"], kind.kind);
        put(settings, [signal, "retention"], day(load.retention[signal]));
    }
    put(settings, ["kubePrometheusStack", "prometheus", "scrapeInterval"], `${load.interval}s`);
    // What the settings allow without a word.
    for (const { setting, value } of ceilings) {
        if (value > Number(at(has, setting))) put(settings, setting.split("."), value);
    }
    if (gateway) put(settings, gateway.setting.split("."), gateway.replicas);
    for (const figure of figures) putFigure(settings, figure);
    for (const { setting, bytes } of rooms) {
        // Not a number where neither this nor the stack says one.
        const written = byteCount(String(at(settings, setting) ?? at(has, setting)));
        if (!(written >= bytes)) put(settings, setting.split("."), wholeGib(bytes));
    }
    return settings;
}

function day(seconds: number): string {
    return seconds % 86_400 === 0 ? `${seconds / 86_400}d` : `${seconds}s`;
}

function putFigure(settings: Record<string, unknown>, figure: Figure): void {
    const { setting, replicas, cpu, memory, memorySetting, volume } = figure;
    put(settings, setting.split("."), replicas);
    if (volume) put(settings, volume.setting.split("."), gibibytes(volume.bytes));
    if (memorySetting !== undefined) {
        put(settings, memorySetting.split("."), gibibytes(memory));
        if (cpu > GIVEN.cpu) put(settings, [...resourcesOf(figure).split("."), "requests", "cpu"], String(cpu));
        return;
    }
    if (cpu <= GIVEN.cpu && memory <= GIVEN.memory) return;
    const limit = gibibytes(Math.max(GIVEN.limit, memory * LIMIT));
    const { memory: own } = workloadOf(figure);
    if (own !== undefined) put(settings, own.split("."), limit);
    put(settings, resourcesOf(figure).split("."), {
        requests: { cpu: String(cpu), memory: gibibytes(memory) },
        limits: { memory: limit },
    });
}

const REQUIRED = { cluster: "cluster", domain: "observability.example.com" };

/**
 * What the settings refuse of a size: it would be of no use in a stack file.
 * @param stack what the stack's file has beside it.
 */
export function refusedOf(size: Size, stack?: Raw): readonly SettingsProblem[] {
    const parsed = parseSettings(mergeValues({ ...REQUIRED, ...stack }, settingsOf(size, stack)));
    return "problems" in parsed ? parsed.problems : [];
}

/**
 * The settings as the lines of a stack file.
 * @param stack what the stack's file has: of each key that is printed all of it but credentials, so that no mode that a
 * setting turns on is turned off by what is printed.
 */
export function stackFile(project: string, size: Size, stack?: Raw): string {
    const asked = settingsOf(size, stack);
    const { settings, left } = shown(Object.fromEntries(Object.entries(stack ?? {}).filter(([key]) => key in asked)));
    const config = Object.fromEntries(
        Object.entries(asked).map(([key, value]) => {
            const own = settings[key];
            return [`${project}:${key}`, isRecord(own) && isRecord(value) ? mergeValues(own, value) : value];
        }),
    );
    const comment = left.map((path) => `# Not shown, and to stay in the file: ${project}:${path}\n`).join("");
    return comment + stringify({ config }, { lineWidth: 0, compat: "yaml-1.1" });
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

/** Rounded up. */
export function wholeGib(bytes: number): string {
    return `${Math.ceil(bytes / GIB)}Gi`;
}

export function gibibytes(bytes: number): string {
    const whole = bytes / GIB;
    return Number.isInteger(whole) ? `${whole}Gi` : `${Math.ceil(bytes / 2 ** 20)}Mi`;
}
