import { INGEST_LABEL } from "../../components/kubernetes/access-labels";
import type { Plan } from "../plan/engine";
import { summarize, type PlanSummary } from "../plan/summary";

/** An address in the cluster that somebody was told: `SERVICE.NAMESPACE.svc`, with the port where it has one. */
interface Address {
    readonly service: string;
    readonly namespace: string;
}

const ADDRESS = /([a-z0-9_.-]+)\.([a-z0-9-]+)\.svc(?:\.cluster\.local)?(:\d+)?/g;

function addressesIn(value: unknown): Address[] {
    const found = [...JSON.stringify(value).matchAll(ADDRESS)].map(([, host = "", namespace = "", port = ""]) => ({
        service: `${host.split(".").at(-1) ?? host}${port}`,
        namespace,
    }));
    return found.filter(({ namespace }) => namespace !== "kube-system");
}

/**
 * The page with the picture of a stack, made from its plan: where each release is, whose addresses its values hold, and
 * what it waits for. What operators and Services add inside of a namespace is not in a plan, and not drawn.
 */
export function architecture(stack: string, plan: Plan): string {
    const summary = summarize(stack, plan);
    return [
        "# Architecture",
        "",
        `<!-- Made by \`npm run architecture\` from the plan of ${stack}; a test says when it is stale. -->`,
        "",
        "Each box is a Helm release in its namespace. An arrow says that a release, or what it installs, is told an address in",
        "another namespace: it calls it, to push, to query, to alert, to keep blocks. Scrapes and probes go everywhere and are not",
        "drawn.",
        "",
        ...fenced(picture(summary, plan)),
        "",
        "## What waits for what",
        "",
        "Order is stated, not waited for by chance: an arrow leads from what must be ready to what may start then.",
        "",
        ...fenced(order(summary)),
        "",
        "## Releases",
        "",
        "| Release | Chart | Namespace | Workloads |",
        "| --- | --- | --- | --- |",
        ...[...summary.releases]
            .sort((a, b) => a.release.localeCompare(b.release))
            .map(
                ({ release, chart, namespace, workloads }) =>
                    `| ${release} | ${chart} | ${namespace} | ${workloads.map(({ name, replicas }) => `${name} ${replicas === undefined ? "per node" : `× ${replicas}`}`).join(", ") || "-"} |`,
            ),
        "",
        "## Buckets",
        "",
        "| User of the object store | Buckets that it opens |",
        "| --- | --- |",
        ...summary.access.map(({ user, buckets }) => `| ${user} | ${buckets.join(", ")} |`),
        "",
    ].join("\n");
}

function fenced(lines: readonly string[]): string[] {
    return ["```mermaid", "flowchart LR", ...lines, "```"];
}

function picture(summary: PlanSummary, plan: Plan): string[] {
    const inside = new Map<string, string[]>();
    const add = (namespace: string, node: string) => inside.set(namespace, [...(inside.get(namespace) ?? []), node]);
    for (const { release, namespace } of summary.releases) add(namespace, `${idOf(release)}["${release}"]`);
    for (const { type, name, inputs } of plan.resources) {
        if (!type.startsWith("kubernetes:postgresql.cnpg.io/") || !type.endsWith(":Cluster")) continue;
        add((inputs.metadata as { namespace: string }).namespace, `${idOf(name)}[("${name}")]`);
    }
    const edges = plan.resources.flatMap(({ type, inputs }) => {
        if (type !== "kubernetes:helm.sh/v3:Release") return [];
        const told = addressesIn(inputs.values).filter(({ namespace }) => namespace !== inputs.namespace);
        return told.map((address) => edge(idOf(String(inputs.name)), address));
    });
    const open = openToApplications(plan);
    const pushes = addressesIn(summary.outputs.push)
        .filter(({ namespace }) => open.has(namespace))
        .map((address) => edge("applications", address));
    return [
        ...[...inside]
            .sort(([a], [b]) => a.localeCompare(b))
            .flatMap(([namespace, nodes]) => [
                `    subgraph ${idOf(`ns ${namespace}`)}["${namespace}"]`,
                ...[...nodes].sort().map((node) => `        ${node}`),
                "    end",
            ]),
        "    applications([applications])",
        "    people([people])",
        ...merged([...edges, ...pushes]),
        "    people --> kps",
    ];
}

/** Namespaces of which a policy lets in the label that applications' namespaces carry. */
function openToApplications(plan: Plan): Set<string> {
    const label = JSON.stringify(INGEST_LABEL);
    return new Set(
        plan.resources
            .filter(
                ({ type, inputs }) => type.endsWith(":NetworkPolicy") && JSON.stringify(inputs.spec).includes(label),
            )
            .map(({ inputs }) => (inputs.metadata as { namespace: string }).namespace),
    );
}

interface Edge {
    readonly from: string;
    readonly to: string;
    readonly service: string;
}

function edge(from: string, { service, namespace }: Address): Edge {
    return { from, to: idOf(`ns ${namespace}`), service };
}

/** One arrow for each pair, with every address on it. */
function merged(edges: readonly Edge[]): string[] {
    const services = new Map<string, Set<string>>();
    for (const { from, to, service } of edges) {
        const key = `${from} ${to}`;
        services.set(key, (services.get(key) ?? new Set()).add(service));
    }
    return [...services]
        .map(([key, labels]) => {
            const [from = "", to = ""] = key.split(" ");
            return `    ${from} -- "${[...labels].sort().join("<br>")}" --> ${to}`;
        })
        .sort();
}

function order({ releases }: PlanSummary): string[] {
    const nodes = new Set(releases.flatMap(({ release, waitsFor }) => [release, ...waitsFor]));
    return [
        ...[...nodes].sort().map((name) => `    ${idOf(name)}["${name}"]`),
        ...releases
            .flatMap(({ release, waitsFor }) => waitsFor.map((other) => `    ${idOf(other)} --> ${idOf(release)}`))
            .sort(),
    ];
}

/** Mermaid reads dashes and spaces in an id as its own. */
function idOf(name: string): string {
    return name.replace(/\W+/g, "_");
}
