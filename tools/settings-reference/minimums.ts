import { settingOf, type Only, type Workload } from "../../components/kubernetes/workload";
import { WORKLOADS } from "../../components/platform/workloads";

/** The page docs/reference/production-minimums.md, made from what each system says of its workloads. */
export function minimumsPage(): string {
    const needed = WORKLOADS.filter(({ least }) => least !== undefined);
    const set = needed.filter(({ setting }) => setting !== undefined);
    const fixed = needed.filter(({ setting }) => setting === undefined);
    const free = WORKLOADS.filter(({ least, perNode }) => least === undefined && perNode !== true);
    return [
        "# Production minimums",
        "",
        "<!-- Made by `npm run settings-reference` from components/platform/workloads.ts; a test says when it is stale. -->",
        "",
        "With `survives: node` or `survives: zone` no setting may be lower than this: the settings refuse it,",
        "[policies](../../policies/README.md) and [`npm run verify`](../how-to/verify.md) find what comes to it by a chart's values.",
        "",
        "| setting | at least | with fewer |",
        "| --- | --- | --- |",
        ...firsts(set).map((workload) => row([code(settingOf(workload)), leastIn(workload), whyOf(workload)])),
        "",
        "## What is no setting",
        "",
        "Policies and `verify` ask the same of what only a chart's values can change.",
        "",
        "| values | number | with another |",
        "| --- | --- | --- |",
        ...fixed.map((workload) => {
            const number = `${workload.exactly === true ? "exactly" : "at least"} ${leastIn(workload)}`;
            return row([code(settingOf(workload)), number, whyOf(workload)]);
        }),
        "",
        "## What has no minimum",
        "",
        "One is enough, or there is none to count.",
        "",
        "| workload | setting | why |",
        "| --- | --- | --- |",
        ...free.map(({ key, setting, why }) => row([code(key), setting === undefined ? "" : code(setting), why])),
        "",
    ].join("\n");
}

/** One for each setting: several workloads may have their number of the same. */
function firsts(workloads: readonly Workload[]): Workload[] {
    return workloads.filter((each, i) => workloads.findIndex(({ setting }) => setting === each.setting) === i);
}

function leastIn({ least }: Workload): string {
    const { node = 1, zone = 1 } = least ?? {};
    return node === zone ? String(node) : `${node}; with \`survives: zone\` ${zone}`;
}

function whyOf({ why, only }: Workload): string {
    return only === undefined ? why : `${why}; ${alsoOf(only)}`;
}

function alsoOf({ in: shapes, words, why }: Only): string {
    return `${shapes.includes("node") ? "" : "with `survives: zone` "}${words}: ${why}`;
}

function code(text: string): string {
    return `\`${text}\``;
}

function row(cells: readonly string[]): string {
    return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}
