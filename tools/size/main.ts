import { resolve } from "node:path";
import { readConfig } from "../../components/platform/config";
import { readSettings, type Settings } from "../../components/platform/settings";
import { report } from "../../components/settings/report";
import type { Raw } from "../../components/settings/slice";
import { cores, gibibytes } from "../plan/quantities";
import { readStackFile } from "../plan/stack-file";
import { command, UsageError } from "../command";
import { table } from "../table";
import { readClusters, refuseSenders, textOf } from "./clusters";
import { DEFAULTS, defaultsOf, readLoad } from "./load";
import { refusedOf, sizeOf, stackFile, wholeGib, type Size } from "./stack";

function print(size: Size, stack?: Raw): string {
    const { stored, ceilings, rooms, drives, limits, unsized } = size;
    const figures = [...size.figures, ...(size.gateway ? [size.gateway] : [])];
    const rows = figures.map(({ setting, replicas, cpu, memory, volume, formula }) => [
        ...[setting, String(replicas), cores(cpu), gibibytes(memory), gibibytes(volume?.bytes ?? 0), formula],
    ]);
    const sum = (of: (figure: Size["figures"][number]) => number) =>
        figures.reduce((total, figure) => total + of(figure) * figure.replicas, 0);
    const sources = [...new Set([...figures, ...stored, ...rooms].map(({ source }) => source))];
    return [
        table(
            "Workloads (requests and volume of one pod)",
            ["setting", "replicas", "CPU", "memory", "volume", "how"],
            rows,
        ),
        `In sum ${cores(sum(({ cpu }) => cpu))} CPU and ${gibibytes(sum(({ memory }) => memory))} memory; everything else asks for about 10 CPU and 25 GiB.\n`,
        ...sizes("Buckets, full", stored, gibibytes),
        table(
            "Limits, at least",
            ["setting", "value", "how"],
            ceilings.map(({ setting, value, formula }) => [setting, String(value), formula]),
        ),
        ...sizes("Further sizes of one pod, at least", rooms, wholeGib),
        ...(drives
            ? [
                  `MinIO: ${drives.servers} servers × ${drives.drivesPerServer} drives of ${gibibytes(drives.driveSize)}: ${drives.formula}\n`,
              ]
            : []),
        ...(unsized.length > 0 ? [`Not sized\n${unsized.map((what) => `  ${what}`).join("\n")}\n`] : []),
        ...limits.map((limit) => `Note: ${limit}\n`),
        `Sources\n${sources.map((source) => `  ${source}`).join("\n")}\n`,
        `For the stack file${stack ? ", to be merged" : ""}: nothing is below what ${stack ? "it" : "a stack"} has${stack ? "" : " by default"}\n\n${stackFile("observability", size, stack)}`,
    ].join("\n");
}

/** A table of sizes, where there are any. */
function sizes(title: string, of: Size["stored"] | Size["rooms"], written: (bytes: number) => string): string[] {
    if (of.length === 0) return [];
    const rows = of.map(({ setting, bytes, formula }) => [setting, written(bytes), formula]);
    return [table(title, ["setting", "size", "how"], rows)];
}

interface Stack {
    readonly settings: Settings;
    /** As its file has them. */
    readonly raw: Raw;
}

function readStack(name: string): Stack {
    const { project, config } = readStackFile(resolve(__dirname, "../.."), name);
    const settings = readSettings(config, project, {});
    if (settings.platform.survives === "nothing")
        throw new UsageError(`${name} survives nothing, and single processes have no formula: write survives: node`);
    return { settings, raw: Object.fromEntries(readConfig(config, project).raw) };
}

const said = (what: string, otherwise: string) => `${what} The stack's, or ${otherwise}, if absent.`;

export default command(module, {
    name: "size",
    about: "What a load needs, how that is known, and the settings to paste into a stack file. No stack is read but that of --stack.",
    options: {
        stack: {
            value: "STACK",
            about: "Sizes the stores that this stack's file chooses, for the load that it states, in a layout that it has. Cortex, Loki, Tempo and MinIO if absent.",
        },
        series: { value: "AMOUNT", about: said("Active series.", DEFAULTS.series) },
        interval: { value: "TIME", about: said("Time between two samples of a series.", DEFAULTS.interval) },
        logs: { value: "RATE", about: said("Log lines, uncompressed.", DEFAULTS.logs) },
        spans: { value: "RATE", about: said("Spans, as they are received.", DEFAULTS.spans) },
        queries: { value: "AMOUNT", about: said("Range queries a second on metrics.", DEFAULTS.queries) },
        errors: { value: "RATE", about: "Applications' errors, such as 10k/day. The stack's if absent." },
        retention: {
            value: "SIGNAL=TIME,…",
            about: said(
                "How long data is kept.",
                Object.entries(DEFAULTS.retention)
                    .map(([kept, time]) => `${kept}=${time}`)
                    .join(","),
            ),
        },
        zones: {
            value: "COUNT",
            about: said("Zones that nodes stand in; 1 to survive a node alone.", DEFAULTS.zones),
        },
        clusters: {
            value: "FILE",
            about: "A list of clusters that send here, in YAML: their names, how many are alike, what each sends.",
        },
        json: { about: "For machines." },
    },
    run: ({ json, clusters, stack: name, ...load }) => {
        const sent = clusters === undefined ? undefined : readClusters(textOf(clusters), clusters);
        const stack = name === undefined ? undefined : readStack(name);
        if (name !== undefined && stack && sent) refuseSenders(name, stack.settings);
        const size = sizeOf(readLoad(load, stack && defaultsOf(stack.settings)), sent, stack?.settings);
        const refused = refusedOf(size, stack?.raw);
        if (refused.length > 0) throw new UsageError(`no stack can be made for this load: ${report(refused)}`);
        console.log(json ? JSON.stringify(size, null, 2) : print(size, stack?.raw));
    },
});
