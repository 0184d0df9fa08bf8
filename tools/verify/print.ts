import { cores, gibibytes } from "../plan/quantities";
import { table } from "../table";
import type { Check } from "./check";
import type { Finding } from "./finding";
import type { Footprint, SystemFootprint } from "./footprint";

/**
 * The checks and what they found, for people.
 * @param what was checked, as `stack prod`.
 */
export function print(what: string, checks: readonly Check[], findings: readonly Finding[]): string {
    const width = Math.max(0, ...checks.map(({ name }) => name.length));
    const blocks = checks.map(({ name, promise, skipReason }) => {
        const own = findings.filter(({ check }) => check === name);
        const why = skipReason?.();
        const state = why !== undefined ? "-" : own.length === 0 ? "ok" : String(own.length);
        const text = why === undefined ? promise : `skipped: ${why}`;
        return [`  ${name.padEnd(width)}  ${state.padStart(3)}  ${text}`, ...own.map(lines)].join("\n");
    });
    return [
        `Verified ${what}: ${checks.length} checks, ${findings.length === 0 ? "no findings" : `${findings.length} findings`}`,
        ...blocks,
        "",
    ].join("\n");
}

function lines({ object, found, wanted, hint }: Finding): string {
    return [
        `    ${object}`,
        ...[`found   ${found}`, `wanted  ${wanted}`, `hint    ${hint}`].map((line) => `      ${line}`),
    ].join("\n");
}

/** The findings as GitHub's workflow commands, which become annotations of the run. */
export function annotations(findings: readonly Finding[]): string[] {
    return findings.map(
        ({ check, object, found, wanted, hint }) =>
            `::error title=${property(`${check}: ${object}`)}::${data(`found ${found}\nwanted ${wanted}\n${hint}`)}`,
    );
}

// Escapes of the workflow commands: actions/toolkit, packages/core/src/command.ts
function data(text: string): string {
    return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function property(text: string): string {
    return data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}

/** What the stack asks of the cluster, by release, and the nodes that hold it. */
export function printFootprint({ systems, total, node, nodes }: Footprint): string {
    const row = (name: string, each: Omit<SystemFootprint, "system">) => [
        ...[name, String(each.objects), String(each.pods), String(each.perNode)],
        ...[cores(each.cpu), gibibytes(each.memory), gibibytes(each.disk)],
    ];
    const size = `of ${node.cpu} CPU and ${gibibytes(node.memory)} for pods`;
    return [
        table(
            "Footprint (requests; of what runs on each node one pod is counted)",
            ["release", "objects", "pods", "per node", "CPU", "memory", "disk"],
            [...systems.map((each) => row(each.system, each)), row("total", total)],
        ),
        nodes === undefined
            ? `It fits on no number of nodes ${size}: a pod is larger, or more zones are asked for.`
            : `It fits on ${nodes} ${nodes === 1 ? "node" : "nodes"} ${size}, hosts and zones kept apart as required.`,
        "",
    ].join("\n");
}
