import type { Alike, Labels, Standing, Survives } from "./placement";

/** What may be lost at any time, where something has to survive. */
export type Loss = Exclude<Survives, "nothing">;

/** An autoscaler in a chart's values, which overrules the replica count. */
export interface Scaler {
    readonly on: string;
    readonly least: string;
}

/** A pod disruption budget in a chart's values. */
export interface Budget {
    readonly at: string;
    /** Key below it that makes the budget; absent where giving limits makes it. */
    readonly switch?: string;
    /** Path of a limit beside it, which holds where the budget itself gives none. */
    readonly beside?: string;
}

/** Where a chart's values, or a custom resource, describe a workload: paths from their root. */
export interface Place {
    /** Name of the chart, or group and kind of the custom resource. */
    readonly chart: string;
    /** The workload's own map; empty where the whole is one workload, ending in `.*` for every map below it. */
    readonly at: string;
    readonly replicas: string;
    readonly resources: string;
    /** Values that switch it off, unless they are true. */
    readonly needs: readonly string[];
    /** A value that says whether there is such a workload at all. */
    readonly onlyIf?: { readonly path: string; readonly is: unknown };
    readonly scalers: readonly Scaler[];
    /** Map of the collector that k8s-monitoring has an operator make, as a pod on each node too. */
    readonly collector?: string;
    readonly affinity?: string;
    /** A value that asks an operator for required (`is`) host anti-affinity. */
    readonly apart?: { readonly path: string; readonly is: unknown; readonly topology?: string };
    readonly spread?: string;
    readonly budget?: Budget;
    /** Path of the update strategy, or of its type. */
    readonly strategy?: string;
}

/** What a count has to be beside being enough. */
export interface Only {
    /** Where this is asked. */
    readonly in: readonly Survives[];
    readonly holds: (count: number) => boolean;
    /** What holds, such as `an odd number`. */
    readonly words: string;
    readonly why: string;
}

/** A workload of a system: how many of it production needs, and where it stands. */
export interface Workload {
    /** `system.workload`, as policies and `verify` call it. */
    readonly key: string;
    /** Setting with its number; absent where only the chart's values have one. */
    readonly setting?: string;
    /** Setting with the user's own values of the chart. */
    readonly values?: string;
    /** Setting of its memory limit, where the store derives more from it than a limit. */
    readonly memory?: string;
    /** Fewest replicas; absent where one, or a number that is no setting, is enough. */
    readonly least?: Readonly<Record<Loss, number>>;
    /** More than the minimum is wrong too. */
    readonly exactly?: boolean;
    readonly only?: Only;
    /** What goes wrong with fewer; without a minimum, why none is needed. */
    readonly why: string;
    readonly standing: Standing;
    /** Labels that no other pods have all of; absent for pods that nobody has to find. */
    readonly labels?: Labels;
    /** One pod on each node: there is no count. */
    readonly perNode?: boolean;
    /** Seconds that its stop may take: to hand over, or to write out what only memory holds. */
    readonly grace?: number;
    /** Absent for pods that no chart makes. */
    readonly place?: Place;
}

/** A workload whose number is a setting. */
export interface Counted extends Workload, Alike {
    readonly setting: string;
    readonly labels: Labels;
}

/** What the workloads of a system have in common. */
export interface System {
    /** First part of their keys. */
    readonly name: string;
    /** The system's slice of the settings. */
    readonly settings: string;
    readonly chart?: string;
    /** Setting with the user's own values of the chart, where it is not `values` of the slice. */
    readonly values?: string;
    /** Labels of a workload's pods, as the chart calls the workload. */
    readonly labels?: (component: string) => Labels;
    /** Paths below a workload's own map, where they are not what charts commonly have; undefined where there is none. */
    readonly below?: Partial<Record<Common, string | undefined>>;
    readonly budget?: Budget;
    readonly needs?: readonly string[];
}

type Common = keyof typeof COMMON;

/** What charts commonly call things in a workload's map. */
const COMMON = {
    replicas: "replicas",
    resources: "resources",
    affinity: "affinity",
    spread: "topologySpreadConstraints",
    strategy: "strategy",
};

/** What is said of one workload; all else follows from its name and its system. */
export interface Row extends Pick<
    Workload,
    "memory" | "exactly" | "only" | "why" | "labels" | "perNode" | "grace" | "setting"
> {
    /** A number for both losses, or one for each. */
    readonly least?: number | Readonly<Record<Loss, number>>;
    readonly standing?: Standing;
    /** What the chart calls it in labels, where that is not the name with dashes. */
    readonly component?: string;
    /** Second part of its key, where that is not what the chart calls it. */
    readonly role?: string;
    /** Its map in the chart's values, where that is not its name. */
    readonly at?: string;
    /** Values below its map that have to be true, where they are not the system's. */
    readonly needs?: readonly string[];
    /** Autoscalers below its map. */
    readonly scalers?: readonly Scaler[];
    /** What stands elsewhere than the system's rules have it: paths from the root of the values. */
    readonly place?: Partial<Place>;
}

/** An autoscaler's values, by the usual names. */
export function scaler(at: string): Scaler {
    return { on: `${at}.enabled`, least: `${at}.minReplicas` };
}

/** Workloads whose numbers are the settings `replicas.<name>` of the slice. */
export function counted<K extends string>(
    system: System,
    rows: Readonly<Record<K, Row>>,
): Readonly<Record<K, Counted>> {
    const made = (Object.entries(rows) as [K, Row][]).map(([name, row]) => {
        const setting = row.setting ?? `${system.settings}.replicas.${name}`;
        const each = workload(system, name, row);
        return [name, { ...each, ...alike(each), setting }];
    });
    return Object.fromEntries(made) as Readonly<Record<K, Counted>>;
}

/** Where a user sets its number, if need be among the chart's values. */
export function settingOf({ setting, values = "", place }: Workload): string {
    return setting ?? `${values}.${place?.replicas ?? ""}`;
}

/** The workload's pods, as placement needs them. */
export function alike({ key, labels, standing }: Workload): Alike {
    // An empty selector would choose every pod.
    if (labels === undefined) throw new Error(`${key} has no labels.`);
    return { labels, standing };
}

/** One workload, whose number is a setting only where the row names it. */
export function workload(system: System, name: string, row: Row): Workload {
    const { least, component = dashed(name), standing = "stateless", role = component } = row;
    const { memory, exactly, only, why, perNode, grace, setting } = row;
    const labels = row.labels ?? system.labels?.(component);
    return defined({
        key: role === "" ? system.name : `${system.name}.${role}`,
        setting,
        values: system.chart === undefined ? undefined : (system.values ?? `${system.settings}.values`),
        memory,
        least: typeof least === "number" ? { node: least, zone: least } : least,
        ...{ exactly, only, why, standing, labels, perNode, grace },
        place: system.chart === undefined ? undefined : placeOf(system, system.chart, name, row),
    });
}

function placeOf(system: System, chart: string, name: string, row: Row): Place {
    const { at = name, needs = system.needs ?? [], scalers = [], exactly } = row;
    const below = (path: string) => (at === "" ? path : `${at}.${path}`);
    const own: Readonly<Record<Common, string | undefined>> = { ...COMMON, ...system.below };
    const path = (key: Common) => (own[key] === undefined ? undefined : below(own[key]));
    const { budget } = system;
    // A lone pod keeps apart from none, and a budget could only stop a drain.
    const several = exactly !== true && {
        affinity: path("affinity"),
        spread: path("spread"),
        budget: budget && defined({ ...budget, at: below(budget.at), beside: budget.beside && below(budget.beside) }),
        strategy: path("strategy"),
    };
    return defined({
        chart,
        at,
        replicas: below(own.replicas ?? COMMON.replicas),
        resources: below(own.resources ?? COMMON.resources),
        needs: needs.map(below),
        scalers: scalers.map(({ on, least }) => ({ on: below(on), least: below(least) })),
        ...several,
        ...row.place,
    });
}

/** `queryFrontend` as labels have it: `query-frontend`. */
function dashed(name: string): string {
    return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** Without the keys that say nothing. */
function defined<T extends object>(value: T): T {
    return Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== undefined)) as T;
}
