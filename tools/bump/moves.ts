import { basename } from "node:path";
import { CHARTS, GROUPS, type ChartGroup, type PinnedChart } from "../charts";
import { UsageError } from "../command";
import { compareVersions } from "../versions";
import { choose, offersOf, type Offer } from "./offers";
import { readPin } from "./pins";

/** A chart and where its pin goes. */
export interface Move {
    readonly chart: PinnedChart;
    readonly from: Pick<Offer, "version" | "appVersion" | "digest">;
    readonly to: Offer;
}

/** What is asked for on the command line: charts with the version that they shall have, or without for the newest. */
export type Request = ReadonlyMap<string, string | undefined>;

/** Reads `NAME [VERSION] …`. */
export function readRequest(words: readonly string[]): Request {
    const request = new Map<string, string | undefined>();
    for (const word of words) {
        const last = [...request.keys()].at(-1);
        if (!/^v?\d/.test(word)) request.set(word, undefined);
        else if (last === undefined || request.get(last) !== undefined)
            throw new UsageError(`${word}: of which chart?`);
        else request.set(last, word);
    }
    return request;
}

/**
 * Where the asked charts' pins go, and those of the charts that move with them. Pins are read from `root`.
 * @throws Error where a chart or a version is not known, or would move back.
 */
export async function movesOf(root: string, request: Request, mirror: string | undefined): Promise<Move[]> {
    const asked = new Map([...request].map(([name, version]) => [chartOf(name).pin.name, version]));
    const [first = ""] = asked.keys();
    const group = GROUPS.find(({ charts }) => charts.includes(first)) ?? alone(first);
    const apart = [...asked.keys()].filter((name) => !group.charts.includes(name));
    if (apart.length > 0)
        throw new Error(`${first} does not move together with ${apart.join(", ")}: one after the other`);
    const moves: Move[] = [];
    for (const name of group.charts) {
        const chart = chartOf(name);
        const { repository, ...from } = readPin(root, chart);
        const appVersion = group.oneProgram ? moves[0]?.to.appVersion : undefined;
        const wanted = { version: asked.get(name), appVersion, below: group.below };
        const to = choose(name, await offersOf(name, repository, mirror), wanted);
        if (compareVersions(to.version, from.version) < 0) {
            throw new Error(`${name} ${to.version} is before ${from.version}, which is pinned: pins move forwards`);
        }
        // What the index said of a version is not forgotten where a mirror stands for the repository.
        const digest = to.digest ?? (to.version === from.version ? from.digest : undefined);
        moves.push({ chart, from, to: { ...to, digest } });
    }
    return moves;
}

function alone(name: string): ChartGroup {
    return { charts: [name], oneProgram: false, below: undefined, image: undefined };
}

/** A chart by its own name, or by that of a system's folder whose charts move together. */
function chartOf(name: string): PinnedChart {
    const exact = CHARTS.find(({ pin }) => pin.name === name);
    if (exact !== undefined) return exact;
    const ofSystem = CHARTS.filter(({ folder }) => basename(folder) === name);
    const [first] = ofSystem;
    if (first === undefined) {
        throw new UsageError(`there is no chart ${name}: there are ${CHARTS.map(({ pin }) => pin.name).join(", ")}`);
    }
    const together = GROUPS.some(({ charts }) => ofSystem.every(({ pin }) => charts.includes(pin.name)));
    if (ofSystem.length > 1 && !together) {
        throw new Error(`${name} has several charts: name ${ofSystem.map(({ pin }) => pin.name).join(" or ")}`);
    }
    return first;
}

/** Whether a move changes the pin at all. */
export function isMove({ from, to }: Move): boolean {
    return from.version !== to.version || from.digest !== to.digest || from.appVersion !== to.appVersion;
}

/** The group's constant with the version of an image, and where it stands. */
export function imageConstant(moves: readonly Move[]): { name: string; folder: string } | undefined {
    const [first] = moves;
    const name = GROUPS.find(({ charts }) => charts.includes(first?.chart.pin.name ?? ""))?.image;
    return first === undefined || name === undefined ? undefined : { name, folder: first.chart.folder };
}
