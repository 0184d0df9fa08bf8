import { readFileSync } from "node:fs";
import { z } from "zod";
import { ingestGatewayReplicated } from "../../components/ingest-gateway/workloads";
import type { Settings } from "../../components/platform/settings";
import { loadSettings } from "../../components/settings/load";
import { leastOf } from "../../components/settings/replicas";
import { problem, withoutContent } from "../../components/settings/problem";
import { problemsOf, report } from "../../components/settings/report";
import { about, count, describe, dnsLabel } from "../../components/settings/types";
import { amount, bytesPerSecond } from "../../components/settings/units";
import { GIB, of, type Figure } from "../../components/sizing/figure";
import type { Load } from "../../components/sizing/load";
import { UsageError } from "../command";
import { parseStackYaml, StackFileError } from "../plan/stack-yaml";

/** What other clusters send to a stack. */
export interface Sent {
    readonly clusters: number;
    readonly series: number;
    /** Bytes a second. */
    readonly logs: number;
    readonly spans: number;
}

const { series, logs, spans } = loadSettings.shape;
const named = describe(dnsLabel, { example: "edge" });
const EXAMPLE = "{ name: edge, count: 40, series: 1M, logs: 100GB/day, spans: 1MB/s }";
const cluster = z.strictObject({ name: named, count: count.optional(), series, logs, spans });
const listed = z.array(cluster.register(about, { example: EXAMPLE }));

/**
 * Reads a list of clusters; `count` of them are alike.
 * @throws UsageError where it is none.
 */
export function readClusters(text: string, file: string): Sent {
    const raw = yaml(text, file);
    if (!Array.isArray(raw) || raw.length === 0) throw noList(file, typeof raw === "string" ? "a text" : raw);
    const result = listed.safeParse(raw);
    if (!result.success) throw new UsageError(report(problemsOf(result.error, listed, raw, "clusters"), file));
    const sum = (of: (cluster: z.output<typeof listed>[number]) => number | undefined) =>
        result.data.reduce((total, each) => total + (of(each) ?? 0) * (each.count ?? 1), 0);
    return {
        clusters: sum(() => 1),
        series: sum((each) => amount(String(each.series))),
        logs: sum((each) => bytesPerSecond(each.logs ?? "")),
        spans: sum((each) => bytesPerSecond(each.spans ?? "")),
    };
}

/** @throws UsageError where nothing from outside comes in to a stack. */
export function refuseSenders(name: string, { ingestGateway }: Pick<Settings, "ingestGateway">): void {
    if (ingestGateway.enabled) return;
    throw new UsageError(`${name} takes in no clusters: \`ingestGateway: { enabled: true }\` is missing in its file`);
}

function yaml(text: string, file: string): unknown {
    try {
        return parseStackYaml(text, "what is no YAML");
    } catch (error) {
        if (error instanceof StackFileError) throw noList(file, error.message);
        throw error;
    }
}

/**
 * The text of a list of clusters.
 * @throws UsageError where there is none.
 */
export function textOf(file: string): string {
    try {
        return readFileSync(file, "utf8");
    } catch (error) {
        const { code = "" } = error as NodeJS.ErrnoException;
        const known: Readonly<Record<string, string>> = { ENOENT: "no such file", EISDIR: "a folder" };
        throw noList(file, known[code] ?? `a file that cannot be read (${code})`);
    }
}

function noList(file: string, given: unknown): UsageError {
    const allowed = "a file with a list of clusters, in YAML";
    const fix = `write - ${EXAMPLE} for each, as in examples/clusters.yaml`;
    return new UsageError(report([problem("--clusters", withoutContent(given) ?? "nothing", allowed, fix)], file));
}

/** What the stores of a stack have to keep: its own, and what clusters send. */
export function together(own: Load, sent: Sent): Load {
    return {
        ...own,
        series: own.series + sent.series,
        logs: own.logs + sent.logs,
        spans: own.spans + sent.spans,
    };
}

/** Samples of one push of Prometheus: `max_samples_per_send` of its queues. */
const SAMPLES = 2000;
/** Pushes of 32 KiB, and MiB of them, that a core of nginx passes on in a second. */
const PUSHES_PER_CORE = 3400;
const BYTES_PER_CORE = 107 * 2 ** 20;
/** How far lines and spans are compressed on their way: an assumption. */
const COMPRESSED = 4;

/** The ingest gateway, whose nginx each have one worker, and so a core. */
export function gatewayFigure({ series, logs, spans }: Sent, interval: number): Figure {
    const pushes = series / interval / SAMPLES;
    const cores = pushes / PUSHES_PER_CORE + (logs + spans) / COMPRESSED / BYTES_PER_CORE;
    return {
        ...of(ingestGatewayReplicated.gateway),
        // Half busy, so that those that are left carry what one had.
        replicas: Math.max(leastOf(ingestGatewayReplicated.gateway, "node"), Math.ceil(cores / 0.5)),
        cpu: 1,
        memory: 0.25 * GIB,
        formula:
            "a core for 3,400 pushes of 2,000 samples a second and 428 MiB/s of lines and spans, four times compressed; half busy",
        source: "test/e2e/ingest-throughput.ts, measured with nginx 1.22",
    };
}
