import type { Survives } from "./catalogue/workload";
import { isMap, plain } from "./plain";

/** What a release is held to. */
export interface Demands {
    /** What may be lost at any time; `nothing` asks for no copies. */
    readonly survives?: Survives | "nothing";
    /** Whether what holds data must be protected from deletion. */
    readonly protect?: boolean;
    /** Workloads, by their keys, that the stack's settings switch off. */
    readonly absent?: readonly string[];
    /** Beginnings of OCI addresses or folders that charts may come from. */
    readonly mirrors?: readonly string[];
}

/** A resource as far as it tells where it belongs and what it states. */
export interface Seen {
    readonly urn: string;
    readonly type: string;
    readonly props: Readonly<Record<string, unknown>>;
    readonly opts: { readonly parent?: string };
}

/** The component around all releases of a platform. Its inputs are that stack's settings, with their defaults. */
const PLATFORM = "observability:index:Platform";

const ORDER: readonly unknown[] = ["nothing", "node", "zone"];

const parents = new Map<string, string | undefined>();
const stated = new Map<string, Demands>();

/** Keeps what a resource says for those below it: the engine shows a parent before its children. */
export function remember({ urn, type, props, opts }: Seen): void {
    parents.set(urn, opts.parent);
    if (type !== PLATFORM) return;
    const told = plain(() => props);
    const { survives, protectData, chartMirror, absent } = isMap(told) ? told : {};
    stated.set(urn, {
        ...(isSurvives(survives) && { survives }),
        ...(typeof protectData === "boolean" && { protect: protectData }),
        ...(typeof chartMirror === "string" && { mirrors: [chartMirror] }),
        ...(Array.isArray(absent) && { absent: absent.filter((key) => typeof key === "string") }),
    });
}

/**
 * What a resource is held to: the words of the pack's configuration, and what the platform around it says of itself where
 * they are silent. Of `survives` the greater counts, so that a configuration is the least that a stack's own word may say.
 */
export function demandsOn<C extends Demands>(urn: string, configured: C): C & Demands {
    const own = statedAround(urn);
    const survives = ORDER.indexOf(own.survives) > ORDER.indexOf(configured.survives) ? own.survives : undefined;
    return { ...own, ...configured, ...(survives !== undefined && { survives }) };
}

function statedAround(urn: string): Demands {
    for (let at: string | undefined = urn; at !== undefined && at !== ""; at = parents.get(at)) {
        const own = stated.get(at);
        if (own !== undefined) return own;
    }
    return {};
}

function isSurvives(value: unknown): value is Demands["survives"] {
    return typeof value === "string" && ORDER.includes(value);
}
