import { parseArgs } from "node:util";
import { cores, gibibytes } from "../plan/quantities";
import { run } from "../command";
import { table } from "../table";
import { readLoad } from "./load";
import { sizeOf, stackFile, type Size } from "./stack";

const TEXT = { type: "string" } as const;

/**
 * `npm run size -- [--series 1M] [--interval 30s] [--logs 1TB/day] [--spans 10MB/s] [--queries 10]
 * [--retention metrics=1y,logs=30d,traces=14d] [--zones 3]`: what a load needs, how that is known, and the settings.
 */
async function main(): Promise<void> {
    const { values } = parseArgs({
        options: {
            ...{ series: TEXT, interval: TEXT, logs: TEXT, spans: TEXT, queries: TEXT, retention: TEXT, zones: TEXT },
            json: { type: "boolean" },
        },
    });
    const size = sizeOf(readLoad(values));
    console.log(values.json === true ? JSON.stringify(size, null, 2) : print(size));
    return Promise.resolve();
}

function print(size: Size): string {
    const { figures, stored, ceilings, drives, limits } = size;
    const rows = figures.map(({ setting, replicas, cpu, memory, volume, formula }) => [
        ...[setting, String(replicas), cores(cpu), gibibytes(memory), gibibytes(volume?.bytes ?? 0), formula],
    ]);
    const sum = (of: (figure: Size["figures"][number]) => number) =>
        figures.reduce((total, figure) => total + of(figure) * figure.replicas, 0);
    const sources = [...new Set([...figures, ...stored].map(({ source }) => source))];
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

run(main);
