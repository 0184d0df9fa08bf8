import type { Around } from "../../settings/slice";
import { each, GB, GIB, HEADROOM, of, volume, type Needs, type Room } from "../../sizing/figure";
import { headBytes, headCores, MIMIR } from "../../sizing/head";
import type { Load } from "../../sizing/load";
import { QUEUE } from "./object-specs";
import type { VmSettings } from "./settings";
import { vmReplicated } from "./workloads";

/** The settings that sizes depend on. */
type Told = Pick<VmSettings, "objects" | "replicationFactor"> & {
    readonly replicas: Pick<VmSettings["replicas"], "vmstorage">;
};

const MONTH = 31 * 24 * 3600;

const SETUP = "https://docs.victoriametrics.com/guides/understand-your-setup-size/";
/** Bytes of a sample after compression, by that page; an index of a fifth beside it; a fifth of the volume kept free. */
const SAMPLE = 1;
const INDEX = 1.2;
const FREE = 1.25;
/** Where a server is larger than most nodes are. */
const LARGE = 64 * GIB;

/**
 * What VictoriaMetrics needs, and its bucket. Upstream has no figures for cores and memory and asks for a trial; it says that
 * it stays below Prometheus, whose figures stand here. Servers grow, and become no more: each copy is on another of those that
 * the settings have.
 */
export function vmNeeds(
    { series, interval, retention }: Load,
    { prometheusReplicas }: Around,
    { objects, replicationFactor: copies, replicas: { vmstorage: servers } }: Told,
): Needs {
    const samples = series / interval;
    // Months go as a whole, and both of a pair's samples stay until the month's files are merged.
    const seconds = retention.metrics + MONTH * prometheusReplicas;
    const bytes = samples * seconds * SAMPLE * INDEX;
    // With as many servers away as copies outlive, the others hold their share.
    const held = (series * copies) / (servers - copies + 1);
    const server = each(headCores(held), headBytes(held) * HEADROOM);
    return {
        figures: [
            {
                ...of(vmReplicated.vmstorage),
                replicas: servers,
                ...server,
                volume: volume("metrics.volumes.vmstorage", (bytes * copies * FREE) / servers, 200),
                formula: `as Prometheus with series × ${copies} ÷ ${servers - copies + 1} (${counted(copies)} on ${servers} servers, ${copies - 1} away); disk: samples/s × (retention and a month for each of the pair) × ${counted(copies)} ÷ ${servers} × 1 B × 1.2 for the index ÷ 0.8`,
                source: SETUP,
            },
        ],
        ...(objects && { rooms: scrapers(samples) }),
        stored: [
            {
                setting: "metrics.buckets.backup",
                bytes: bytes * copies,
                formula: "what all servers hold",
                source: SETUP,
            },
        ],
        ceilings: [
            {
                setting: "metrics.limits.maxHourlySeries",
                value: Math.ceil(series * HEADROOM),
                formula: "series, half as many again for those that come and go within an hour",
            },
        ],
        limits:
            server.memory > LARGE
                ? [
                      `VictoriaMetrics' ${servers} servers pass 64 GiB each: more of them hold less each. With \`survives: zone\` two copies take three, three copies six; \`survives: node\` takes any number.`,
                  ]
                : [],
    };
}

function counted(copies: number): string {
    return `${copies} ${copies === 1 ? "copy" : "copies"}`;
}

/** Hours that vmagent holds while the store is away, as in upstream's example; bytes of a sample on the way, compressed. */
const [AWAY, SENT] = [6 * 3600, 3];
const QUEUED = "https://docs.victoriametrics.com/victoriametrics/vmagent/#calculating-disk-space-for-persistence-queue";

/** Of each vmagent. How much of the load objects name is not known beforehand: all of it is assumed. */
function scrapers(samples: number): Room[] {
    const all = "as if objects named all series, which each vmagent scrapes";
    return [
        {
            setting: "metrics.memory.vmagent",
            bytes: (samples / 25_000) * GB * HEADROOM,
            formula: `${all}: 1 GB for 25 000 samples/s, as what passes them on in other stores, and half as much again`,
            source: MIMIR,
        },
        {
            setting: "metrics.volumes.vmagent",
            bytes: (samples * AWAY * SENT) / QUEUE,
            formula: `${all}: samples/s × 6 h without the store × 3 B ÷ 0.8`,
            source: QUEUED,
        },
    ];
}
