import type { Settings } from "../../components/platform/settings";
import { MOST_REPLICAS } from "../../components/settings/types";
import { byteCount } from "../../components/settings/units";
import type { PlanSummary } from "../plan/summary";
import { nameIn, type Workload as Planned } from "../plan/workloads";
import { at } from "../records";
import { asWritten } from "../settings-reference/entries";
import type { Ceiling, Figure, Needs, Room } from "../../components/sizing/figure";
import type { Load } from "../../components/sizing/load";
import { defaultsOf, readLoad } from "./load";
import { GIVEN, resourcesOf, workloadOf } from "./workloads";
import { driveOf } from "./object-store";
import type { Shortfall } from "./shortfall";
import { gibibytes, wholeGib } from "./stack";
import { needsOf, roomsOf, SIGNALS } from "./systems";

/**
 * Where a stack's settings are below what its `load` needs, by the formulas of `npm run size`; nothing where it states
 * none. A signal that is not stated is not looked at, nor is a store without formulas.
 * @param plan what the settings make of each workload, the user's own chart values included.
 */
export function shortfalls(settings: Settings, plan: Pick<PlanSummary, "releases">): Shortfall[] {
    const stated = settings.platform.load ?? {};
    const load: Load = { ...readLoad({}, defaultsOf(settings)), stated };
    const statedOf = { metrics: stated.series, logs: stated.logs, traces: stated.spans };
    const needs = SIGNALS.filter((signal) => statedOf[signal] !== undefined).flatMap((signal) =>
        needsOf(signal, load, settings),
    );
    return [
        ...needs.flatMap(({ figures }) => figures.flatMap((figure) => ofWorkload(figure, planned(figure, plan)))),
        ...needs.flatMap(({ ceilings }) => ceilings.flatMap((ceiling) => ofCeiling(ceiling, settings))),
        ...ofObjectStore(settings, needs),
        ...[...needs.flatMap(({ rooms = [] }) => rooms), ...roomsOf(settings, load)].flatMap((room) =>
            ofRoom(room, settings),
        ),
    ];
}

/** The workload that a figure is about, in the plan. */
function planned(figure: Figure, { releases }: Pick<PlanSummary, "releases">): Planned | undefined {
    const { place } = workloadOf(figure);
    const release = releases.find(({ chart }) => chart === place.chart);
    return release?.workloads.find(({ name }) => name === nameIn(place));
}

/**
 * A workload carries a load by all its pods together: fewer and larger ones, or more and smaller ones, are as good. Where
 * they are too little in sum, each number that is below its figure is told.
 */
function ofWorkload(figure: Figure, workload = NONE): Shortfall[] {
    const { setting, formula, volume } = figure;
    const replicas = workload.replicas ?? 1;
    const requests = `${resourcesOf(figure)}.requests`;
    const { memorySetting = `${requests}.memory` } = figure;
    const short = [
        part(`${requests}.cpu`, workload.cpu, GIVEN.cpu, figure.cpu, String),
        part(memorySetting, workload.memory, GIVEN.memory, figure.memory, gibibytes),
        part(volume?.setting ?? "", workload.disk, 0, volume?.needed ?? 0, gibibytes),
    ].filter(({ has, needs }) => replicas * has < figure.replicas * needs);
    return [
        ...(short.length > 0 && replicas < figure.replicas
            ? [{ setting, set: String(replicas), needed: replicasOf(figure), formula }]
            : []),
        ...short.filter(({ has, needs }) => has < needs).map(({ told }) => ({ ...told, formula })),
    ];
}

/** What settings take, of a load that one stack carries. */
function replicasOf({ replicas }: Figure): string {
    return replicas <= MOST_REPLICAS ? String(replicas) : `${replicas}, above ${MOST_REPLICAS}: cells of it`;
}

const NONE: Planned = { name: "", replicas: 0, cpu: 0, memory: 0, disk: 0 };

/** What each pod has of one thing, at least what it may use without asking for it, and what it needs. */
function part(setting: string, set: number, free: number, needs: number, write: (value: number) => string) {
    return { has: Math.max(set, free), needs, told: { setting, set: write(set), needed: write(needs) } };
}

function ofCeiling({ setting, value, formula }: Ceiling, settings: Settings): Shortfall[] {
    const set = Number(at(asWritten(settings), setting));
    return set < value ? [{ setting, set: String(set), needed: String(value), formula }] : [];
}

function ofRoom({ setting, bytes, formula }: Room, settings: Settings): Shortfall[] {
    const set = String(at(asWritten(settings), setting));
    return byteCount(set) < bytes ? [{ setting, set, needed: wholeGib(bytes), formula }] : [];
}

/** Of MinIO only: an outside store's size is not this stack's. */
function ofObjectStore({ objectStore }: Settings, needs: readonly Needs[]): Shortfall[] {
    if (objectStore.kind !== "minio") return [];
    const { bytes, formula } = driveOf(
        objectStore,
        needs.flatMap(({ stored }) => stored),
    );
    if (byteCount(objectStore.driveSize) >= bytes) return [];
    return [{ setting: "objectStore.driveSize", set: objectStore.driveSize, needed: gibibytes(bytes), formula }];
}
