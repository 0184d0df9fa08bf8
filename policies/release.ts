import { CHART_DEFAULTS } from "./chart-defaults.gen";
import { at, isMap, isTakenAway, keysOf, mergeUnder, plain, Unchecked, UNKNOWN, type Values } from "./plain";

/** A resource as the engine shows it to a policy. */
export interface Shown {
    readonly type: string;
    /** Logical name in the program. */
    readonly name: string;
    readonly props: Readonly<Record<string, unknown>>;
    /** Undefined where the engine does not say. */
    readonly protect: boolean | undefined;
}

const RELEASE = "kubernetes:helm.sh/v3:Release";
const CLUSTER = "kubernetes:postgresql.cnpg.io/v1:Cluster";

/** The name under which rules know CloudNativePG's custom resource: its spec takes the place of a chart's values. */
export const CLUSTER_CHART = "postgresql.cnpg.io/Cluster";

/** The operator's defaults, which stand in its API's documentation and not in a chart. */
const CLUSTER_DEFAULTS: Values = {
    "spec.instances": 1,
    "spec.enablePDB": true,
    "spec.affinity.enablePodAntiAffinity": true,
    "spec.affinity.podAntiAffinityType": "preferred",
    "spec.affinity.topologyKey": "kubernetes.io/hostname",
};

/** A Helm release, or a custom resource that runs workloads itself, as rules read it. */
export class Release {
    private readonly defaults: Values;
    /** Version of the chart whose defaults are read; undefined where none are known. */
    readonly defaultsOf: string | undefined;

    constructor(
        /** Name in the cluster. */
        readonly name: string,
        /** Chart without repository, mirror and version. */
        readonly chart: string,
        /** Undefined where it is not given or not known. */
        readonly version: string | undefined,
        readonly values: unknown,
        readonly protect: boolean | undefined,
        /** Everything that the resource was given. */
        readonly props: Values,
        /** Logical name in the program. */
        readonly resource: string,
    ) {
        const known = CHART_DEFAULTS[chart] ?? {};
        const nearest = version !== undefined && version in known ? version : Object.keys(known).at(-1);
        this.defaultsOf = chart === CLUSTER_CHART ? "v1" : nearest;
        this.defaults = chart === CLUSTER_CHART ? CLUSTER_DEFAULTS : (known[nearest ?? ""] ?? {});
    }

    /**
     * A value as the chart reads it: what is given, over the chart's default.
     * @throws Unchecked where it is unknown until deployed.
     */
    get(path: string): unknown {
        const given = at(this.values, path);
        if (given === undefined && !isTakenAway(this.values, path)) return this.defaults[path];
        return given === undefined ? undefined : mergeUnder(given, this.defaults[path]);
    }

    /** A value only if it is given, null included. */
    given(path: string): unknown {
        return at(this.values, path);
    }

    /** Whether a rule that reads this path may rely on a default. */
    isDefault(path: string): boolean {
        return this.given(path) === undefined;
    }

    /** Whether defaults of another version of the chart are read. */
    get readsOtherDefaults(): boolean {
        return this.defaultsOf !== undefined && this.chart !== CLUSTER_CHART && this.defaultsOf !== this.version;
    }

    /** A number, also where it is written as a text. */
    number(path: string): number | undefined {
        const value = this.get(path);
        if (typeof value === "number") return value;
        if (typeof value === "string" && /^\d+$/.test(value)) return Number(value);
        return undefined;
    }
}

/** What rules read of a resource; undefined where it is neither a release nor a database cluster. */
export function releaseOf(shown: Shown): Release | undefined {
    if (shown.type !== RELEASE && shown.type !== CLUSTER) return undefined;
    const props: Values = Object.fromEntries(
        Object.keys(shown.props).map((key) => [key, plain(() => shown.props[key])]),
    );
    if (shown.type === CLUSTER) {
        const name = isMap(props["metadata"]) ? props["metadata"]["name"] : undefined;
        const called = typeof name === "string" ? name : shown.name;
        return new Release(called, CLUSTER_CHART, "v1", props, shown.protect, props, shown.name);
    }
    const version = typeof props["version"] === "string" && props["version"] !== "" ? props["version"] : undefined;
    const chart = typeof props["chart"] === "string" ? chartName(props["chart"], version) : "";
    const name = typeof props["name"] === "string" && props["name"] !== "" ? props["name"] : shown.name;
    return new Release(name, chart, version, props["values"] ?? {}, shown.protect, props, shown.name);
}

/** The chart's name in what a Release calls its chart: a name, `repository/name`, a folder, an archive, or an address. */
export function chartName(chart: string, version: string | undefined): string {
    const last =
        chart
            .replace(/[\\/]+$/, "")
            .split(/[\\/]/)
            .at(-1) ?? chart;
    if (!last.endsWith(".tgz")) return last.replace(/[:@].*$/, "");
    const stem = last.slice(0, -".tgz".length);
    if (version !== undefined && stem.endsWith(`-${version}`)) return stem.slice(0, -version.length - 1);
    return /^(.+?)-v?\d+\.\d+\.\d+/.exec(stem)?.[1] ?? stem;
}

/** Keys of a path again, for messages: the setting's path without quotes. */
export function spoken(path: string): string {
    return keysOf(path).join(".");
}

/** Refuses to go on where something that a rule needs as a whole is unknown. */
export function known<T>(value: T, path: string): Exclude<T, typeof UNKNOWN> {
    if (value === UNKNOWN) throw new Unchecked(path, "unknown until deployed");
    return value as Exclude<T, typeof UNKNOWN>;
}
