import { readFileSync } from "node:fs";
import { cores, gibibytes } from "../plan/quantities";
import { report } from "../../components/settings/report";
import { command, UsageError } from "../command";
import { table } from "../table";
import { readClusters } from "./clusters";
import { DEFAULTS, readLoad } from "./load";
import { refusedOf, sizeOf, stackFile, type Size } from "./stack";

function print(size: Size): string {
    const { sizes, stored, ceilings, drives, limits } = size;
    const figures = [...size.figures, ...(size.gateway ? [size.gateway] : [])];
    const rows = figures.map(({ setting, replicas, cpu, memory, volume, formula }) => [
        ...[setting, String(replicas), cores(cpu), gibibytes(memory), gibibytes(volume?.bytes ?? 0), formula],
    ]);
    const sum = (of: (figure: Size["figures"][number]) => number) =>
        figures.reduce((total, figure) => total + of(figure) * figure.replicas, 0);
    const sources = [...new Set([...figures, ...sizes, ...stored].map(({ source }) => source))];
    return [
        table(
            "Workloads (requests and volume of one pod)",
            ["setting", "replicas", "CPU", "memory", "volume", "how"],
            rows,
        ),
        `In sum ${cores(sum(({ cpu }) => cpu))} CPU and ${gibibytes(sum(({ memory }) => memory))} memory; everything else asks for about 10 CPU and 25 GiB.\n`,
        table(
            "Buckets, full",
            ["setting", "size", "how"],
            stored.map(({ setting, bytes, formula }) => [setting, gibibytes(bytes), formula]),
        ),
        table(
            "Sizes of one pod, at least",
            ["setting", "size", "how"],
            sizes.map(({ setting, bytes, formula }) => [setting, gibibytes(bytes), formula]),
        ),
        table(
            "Limits, at least",
            ["setting", "value", "how"],
            ceilings.map(({ setting, value, formula }) => [setting, String(value), formula]),
        ),
        `MinIO: ${drives.servers} servers × ${drives.drivesPerServer} drives of ${gibibytes(drives.driveSize)}: ${drives.formula}\n`,
        ...limits.map((limit) => `Note: ${limit}\n`),
        `Sources\n${sources.map((source) => `  ${source}`).join("\n")}\n`,
        `For the stack file\n\n${stackFile("observability", size)}`,
    ].join("\n");
}

function textOf(file: string): string {
    try {
        return readFileSync(file, "utf8");
    } catch (error) {
        const { code = "" } = error as NodeJS.ErrnoException;
        throw new UsageError(`${file} cannot be read: ${code === "ENOENT" ? "there is no such file" : code}`);
    }
}

const { retention } = DEFAULTS;

export default command(module, {
    name: "size",
    about: "What a load needs, how that is known, and the settings to paste into a stack file.",
    options: {
        series: { value: "AMOUNT", about: "Active series.", default: DEFAULTS.series },
        interval: { value: "TIME", about: "Time between two samples of a series.", default: DEFAULTS.interval },
        logs: { value: "RATE", about: "Log lines, uncompressed.", default: DEFAULTS.logs },
        spans: { value: "RATE", about: "Spans, as they are received.", default: DEFAULTS.spans },
        queries: { value: "AMOUNT", about: "Range queries a second on metrics.", default: DEFAULTS.queries },
        retention: {
            value: "SIGNAL=TIME,…",
            about: "How long data is kept.",
            default: `metrics=${retention.metrics},logs=${retention.logs},traces=${retention.traces}`,
        },
        zones: {
            value: "COUNT",
            about: "Zones that nodes stand in; 1 to survive a node alone.",
            default: DEFAULTS.zones,
        },
        clusters: {
            value: "FILE",
            about: "A list of clusters that send here, in YAML: their names, how many are alike, what each sends.",
        },
        json: { about: "For machines." },
    },
    run: ({ json, clusters, ...load }) => {
        const sent = clusters === undefined ? undefined : readClusters(textOf(clusters), clusters);
        const size = sizeOf(readLoad(load), sent);
        const refused = refusedOf(size);
        if (refused.length > 0) throw new UsageError(`no stack can be made for this load: ${report(refused)}`);
        console.log(json ? JSON.stringify(size, null, 2) : print(size));
    },
});
