import { writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { resolve } from "node:path";
import { BenchError } from "../bench/cpu";
import { command, progress, UsageError } from "../command";
import { onPath } from "../on-path";
import { readStackFile } from "../plan/stack-file";
import { PROGRAMS } from "../programs";
import { renderedModel } from "../verify/rendered";
import { measure, type Measured, type Size } from "./measure";
import { print } from "./print";
import { KINDS, type Kind } from "./stores";

const NEEDED: Readonly<Record<Kind, readonly string[]>> = {
    cortex: ["cortex", "memcached", "nginx"],
    thanos: ["thanos", "nginx"],
    victoriametrics: ["vmstorage", "vminsert", "vmselect", "vmauth"],
};
const ALL = ["helm", "minio", "prometheus"];
/** Three sizes, each ten times the one before. The first is of the day before, and is asked for when it is stored. */
const SIZES: readonly Size[] = [
    { series: 1_000, samples: 480, interval: 30 },
    { series: 10_000, samples: 60, interval: 30 },
    { series: 100_000, samples: 6, interval: 30 },
];

interface Given {
    readonly base: string | undefined;
    readonly only: readonly string[];
    readonly share: string;
    readonly asks: string;
    readonly out: string | undefined;
}

async function run({ base, only, share, asks, out }: Given): Promise<void> {
    const kinds = only.map((name) => KINDS.find((kind) => kind === name) ?? name);
    const unknown = kinds.filter((kind) => !(KINDS as readonly string[]).includes(kind));
    if (unknown.length > 0) throw new UsageError(`--only ${unknown.join(", ")}: there is ${KINDS.join(", ")}`);
    const [part, times] = [Number(share), Number(asks)];
    if (!(part > 0)) throw new UsageError(`--share ${share}: a number above 0, such as 0.5`);
    if (!Number.isInteger(times) || times < 1) throw new UsageError(`--asks ${asks}: a whole number, at least 1`);
    const wanted = kinds.length === 0 ? KINDS : (kinds as Kind[]);
    const absent = [...ALL, ...wanted.flatMap((kind) => NEEDED[kind])].filter((program) => !onPath(program));
    if (absent.length > 0) throw new BenchError(`not on PATH: ${[...new Set(absent)].join(", ")}`);
    const sizes = SIZES.map((size) => ({ ...size, samples: Math.max(1, Math.round(size.samples * part)) }));
    const here = resolve(__dirname, "../..");
    const all: Measured[] = [];
    const stacks = [
        ...(base === undefined ? [] : [{ name: "Cortex, base", kind: "cortex" as const, root: resolve(base) }]),
        ...wanted.map((kind) => ({ name: TITLES[kind], kind, root: here })),
    ];
    for (const { name, kind, root } of stacks) {
        const told = (what: string) => {
            progress(`${name}: ${what}`);
        };
        told("rendered");
        all.push(await measure({ name, kind, model: await prod(root, kind), sizes, asks: times, told }));
        if (out !== undefined) writeFileSync(out, JSON.stringify({ sizes, all }, null, 2));
    }
    const on = { cpus: cpus().length, model: cpus()[0]?.model ?? "unknown", memory: totalmem() / 2 ** 30 };
    console.log(print(all, { ...on, versions: versionsOf(wanted) }));
}

const TITLES: Readonly<Record<Kind, string>> = {
    cortex: "Cortex",
    thanos: "Thanos",
    victoriametrics: "VictoriaMetrics",
};

/** Prod as it stands in the repository, with the store. */
function prod(root: string, kind: Kind) {
    const file = readStackFile(root, "prod");
    const config = { ...file.config, "observability:metrics": JSON.stringify({ kind }) };
    const secretKeys = [...file.secretKeys, "observability:metrics"];
    return renderedModel({ root, stack: "prod", file: { ...file, config, secretKeys } });
}

function versionsOf(kinds: readonly Kind[]): Record<string, string> {
    const of = { cortex: PROGRAMS.cortex, thanos: PROGRAMS.thanos, victoriametrics: PROGRAMS.victoriametrics };
    return Object.fromEntries(kinds.map((kind) => [TITLES[kind], of[kind].version]));
}

export default command(module, {
    name: "bench:metrics",
    about: `The metrics stores as prod's configuration is rendered, in their real programs on this machine, one after another with the same
load: what a sample costs in CPU time, memory and bytes, how soon queries are answered, what a killed process loses, and which rules are
answered otherwise than by Prometheus.`,
    options: {
        base: { value: "FOLDER", about: "Another checkout, whose Cortex is measured in the same run, first." },
        only: { value: "KIND", about: `Of these alone: ${KINDS.join(", ")}.`, many: true },
        share: { value: "NUMBER", about: "Of the samples of each size, this share.", default: "1" },
        asks: { value: "N", about: "Times that each of ten queries is asked.", default: "20" },
        out: { value: "FILE", about: "Where all figures go, as JSON." },
    },
    run,
});
