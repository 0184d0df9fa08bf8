import type { Around } from "../../settings/slice";
import { each, GB, GIB, HEADROOM, of, volume, type Needs, type Room } from "../../sizing/figure";
import { headBytes, headCores, MIMIR } from "../../sizing/head";
import type { Load } from "../../sizing/load";
import { QUEUE } from "./object-specs";
import type { VmSettings } from "./settings";
import { vmReplicated } from "./workloads";

const COPIES = 2;
/** One in each zone; they grow, and become no more. */
const SERVERS = 3;
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
 * it stays below Prometheus, whose figures stand here.
 */
export function vmNeeds(
    { series, interval, retention }: Load,
    { prometheusReplicas }: Around,
    { objects }: Pick<VmSettings, "objects">,
): Needs {
    const samples = series / interval;
    // Months go as a whole, and both of a pair's samples stay until the month's files are merged.
    const seconds = retention.metrics + MONTH * prometheusReplicas;
    const bytes = samples * seconds * SAMPLE * INDEX;
    // With one server away the others hold its share.
    const held = (series * COPIES) / (SERVERS - COPIES + 1);
    const server = each(headCores(held), headBytes(held) * HEADROOM);
    return {
        figures: [
            {
                ...of(vmReplicated.vmstorage),
                replicas: SERVERS,
                ...server,
                volume: volume("metrics.volumes.vmstorage", (bytes * COPIES * FREE) / SERVERS, 200),
                formula:
                    "as Prometheus with all series; disk: samples/s × (retention and a month for each of the pair) × 2 copies ÷ 3 × 1 B × 1.2 for the index ÷ 0.8",
                source: SETUP,
            },
        ],
        ...(objects && { rooms: scrapers(samples) }),
        stored: [
            {
                setting: "metrics.buckets.backup",
                bytes: bytes * COPIES,
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
                      "VictoriaMetrics' three servers pass 64 GiB: `replicationFactor: 3` takes six, `survives: node` any number.",
                  ]
                : [],
    };
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
