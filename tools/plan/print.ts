import type { Finding, Verdict } from "./policies";
import { cores, gibibytes } from "./quantities";
import { settingEntries } from "../settings-reference/entries";
import type { Shortfall } from "../size/shortfall";
import { table } from "../table";
import type { PlanSummary } from "./summary";
import type { Workload } from "./workloads";

/** The plan for people. */
export function print(plan: PlanSummary): string {
    const releases = plan.releases.map((r) => [
        r.release,
        `${r.chart} ${r.version}`,
        r.namespace,
        r.protected ? "yes" : "no",
        r.waitsFor.join(", ") || "-",
    ]);
    const workloads = plan.releases.flatMap((r) => r.workloads.map((w) => [r.release, ...workloadRow(w)]));
    return [
        `Plan of stack ${plan.stack}: ${Object.entries(plan.resources)
            .map(([type, n]) => `${n} ${type}`)
            .join(", ")}`,
        table("Releases", ["release", "chart", "namespace", "protected", "waits for"], releases),
        table(
            "Workloads (requests of one pod's main container)",
            ["release", "workload", "replicas", "CPU", "memory", "disk"],
            workloads,
        ),
        `In total (one node counted for what runs on each): ${cores(plan.requests.cpu)} CPU, ${gibibytes(plan.requests.memory)} memory, ${gibibytes(plan.requests.disk)} disk\n`,
        table(
            "Buckets, by the only policy that opens them",
            ["policy", "buckets"],
            plan.access.map((a) => [a.user, a.buckets.join(", ")]),
        ),
        table(
            "Secrets (values never leave the state, encrypted, and the cluster)",
            ["secret", "keys"],
            plan.secrets.map((s) => [s.name, s.keys.join(", ") || "known when deployed"]),
        ),
        table(
            "Unknown until deployed",
            ["resource"],
            plan.unknown.map((name) => [name]),
        ),
        table("Outputs", ["output", "value"], flat(plan.outputs)),
    ].join("\n");
}

/** What is below the stated load, and what of it a running stack cannot change; empty where nothing is. */
export function printShortfalls(below: readonly Shortfall[]): string {
    if (below.length === 0) return "";
    const rows = below.map(({ setting, set, needed, formula }) => [setting, set, needed, formula]);
    const fixed = settingEntries()
        .filter(({ path, meaning }) => meaning.immutable !== undefined && below.some(({ setting }) => setting === path))
        .map(({ path }) => path);
    const note = `  A running stack keeps these as they were first (docs/reference/settings.md): ${fixed.join(", ")}\n`;
    return [
        table("Warning: below what the stated load needs", ["setting", "is", "write", "how"], rows),
        ...(fixed.length > 0 ? [note] : []),
    ].join("");
}

/** The verdict of the policies for people. */
export function printVerdict(verdict: Verdict): string {
    const settings = ["the stack's own settings", ...(verdict.config === undefined ? [] : [verdict.config])].join(
        " and ",
    );
    const lists: [string, Finding[]][] = [
        ["Mandatory: a deployment is refused", verdict.mandatory],
        ["Advisory", verdict.advisory],
        ["Unchecked: depends on what only a deployment can tell", verdict.unchecked],
    ];
    const count = ({ length }: Finding[], word: string) => `${length} ${word}`;
    return [
        `Policies: ${verdict.policies} of ${verdict.pack} with ${settings}: ${
            verdict.mandatory.length > 0 ? "refused" : "passed"
        } (${[
            count(verdict.mandatory, "mandatory"),
            count(verdict.advisory, "advisory"),
            count(verdict.unchecked, "unchecked"),
        ].join(", ")})`,
        ...lists.flatMap(([title, findings]) => (findings.length === 0 ? [] : [`  ${title}`, ...findings.map(lines)])),
        "",
    ].join("\n");
}

function lines({ policy, resource, message }: Finding): string {
    return `    ${policy} (${resource})\n${message.replace(/^/gm, "      ")}`;
}

function workloadRow(w: Workload): string[] {
    return [
        w.name,
        w.replicas === undefined ? "per node" : String(w.replicas),
        cores(w.cpu),
        gibibytes(w.memory),
        gibibytes(w.disk),
    ];
}

function flat(value: object, prefix = ""): string[][] {
    return Object.entries(value).flatMap(([key, inner]: [string, unknown]) =>
        typeof inner === "object" && inner !== null
            ? flat(inner, `${prefix}${key}.`)
            : [[`${prefix}${key}`, String(inner)]],
    );
}
