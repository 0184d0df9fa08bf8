import { plain, RELEASE, UNKNOWN, type Plan, type PlannedResource } from "./engine";
import { chartName } from "../render/digest";
import { workloads, type Workload } from "./workloads";

export interface ReleaseSummary {
    readonly release: string;
    readonly chart: string;
    readonly version: string;
    readonly namespace: string;
    readonly protected: boolean;
    /** Releases and custom resources that must be ready before, its own and those of its component. */
    readonly waitsFor: string[];
    readonly workloads: Workload[];
}

export interface PlanSummary {
    readonly stack: string;
    readonly releases: ReleaseSummary[];
    /** Totals of the main containers, a workload per node counted once. */
    readonly requests: { cpu: number; memory: number; disk: number };
    /** Buckets by the user that may use them. */
    readonly access: { user: string; buckets: string[] }[];
    /** Secrets in the cluster as `namespace/name`, with their keys; none where the whole is unknown until deployed. */
    readonly secrets: { name: string; keys: string[] }[];
    /** What only a deployment can tell. */
    readonly unknown: string[];
    readonly resources: Record<string, number>;
    readonly outputs: Record<string, unknown>;
}

/** What a plan says to people. */
export function summarize(stack: string, plan: Plan): PlanSummary {
    // The program registers what waits for nothing in an order that differs from run to run.
    const releases = sorted(
        plan.resources.filter((r) => r.type === RELEASE).map((r) => releaseOf(r, plan)),
        ({ release }) => release,
    );
    const all = [...releases.flatMap((release) => release.workloads)];
    const sum = (pick: (w: Workload) => number) => all.reduce((total, w) => total + pick(w) * (w.replicas ?? 1), 0);
    return {
        stack,
        releases,
        requests: { cpu: sum((w) => w.cpu), memory: sum((w) => w.memory), disk: sum((w) => w.disk) },
        access: sorted(accessOf(plan), ({ user }) => user),
        secrets: sorted(
            plan.resources
                .filter((r) => r.type === "kubernetes:core/v1:Secret")
                .map((r) => ({ name: fullName(r), keys: keysOf(plain(r.inputs.stringData)) })),
            ({ name }) => name,
        ),
        unknown: plan.resources
            .filter((r) => holds(r.inputs, UNKNOWN))
            .map((r) => `${shortType(r)} ${r.name}`)
            .sort(),
        resources: counts(plan.resources.filter((r) => r.custom).map(shortType)),
        outputs: plain(plan.outputs) as Record<string, unknown>,
    };
}

function releaseOf(resource: PlannedResource, plan: Plan): ReleaseSummary {
    const inputs = resource.inputs as {
        name: string;
        chart: string;
        version: string;
        namespace: string;
        values?: Record<string, unknown>;
    };
    const chart = chartName(inputs.chart, inputs.version);
    return {
        release: inputs.name,
        chart,
        version: inputs.version,
        namespace: inputs.namespace,
        protected: resource.protect,
        waitsFor: waitsFor(resource, plan),
        workloads: workloads(chart, (plain(inputs.values) ?? {}) as Record<string, unknown>),
    };
}

/** A component's dependencies hold for its children: they are registered after it. */
function waitsFor(resource: PlannedResource, plan: Plan): string[] {
    const byUrn = new Map(plan.resources.map((r) => [r.urn, r]));
    const names = new Set<string>();
    for (let at: PlannedResource | undefined = resource; at; at = byUrn.get(at.parent)) {
        for (const urn of at.dependencies) {
            const other = byUrn.get(urn);
            if (other?.type === RELEASE) names.add(other.inputs.name as string);
            if (other?.type.startsWith("kubernetes:postgresql") === true) names.add(`Cluster ${other.name}`);
        }
    }
    return [...names].sort();
}

function accessOf(plan: Plan): PlanSummary["access"] {
    const minio = plan.resources.find((r) => r.type === RELEASE && r.inputs.name === "minio");
    const values = plain(minio?.inputs.values) as
        { policies?: { name: string; statements: { resources: string[] }[] }[] } | undefined;
    return (values?.policies ?? []).map(({ name, statements }) => ({
        user: name,
        buckets: [
            ...new Set(
                statements.flatMap((s) => s.resources.map((arn) => arn.replace("arn:aws:s3:::", "").replace("/*", ""))),
            ),
        ].sort(),
    }));
}

/** The Kubernetes SDK makes one secret of all the data: with one unknown value in it, the keys are unknown too. */
function keysOf(data: unknown): string[] {
    return typeof data === "object" && data !== null ? Object.keys(data).sort() : [];
}

function fullName(resource: PlannedResource): string {
    const { name, namespace } = resource.inputs.metadata as { name: string; namespace: string };
    return `${namespace}/${name}`;
}

function shortType(resource: PlannedResource): string {
    return resource.type.split(":").at(-1) ?? resource.type;
}

function counts(names: string[]): Record<string, number> {
    const result: Record<string, number> = {};
    for (const name of names.sort()) result[name] = (result[name] ?? 0) + 1;
    return result;
}

function sorted<T>(list: readonly T[], key: (each: T) => string): T[] {
    return [...list].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

function holds(value: unknown, mark: string): boolean {
    if (value === mark) return true;
    return typeof value === "object" && value !== null && Object.values(value).some((inner) => holds(inner, mark));
}
