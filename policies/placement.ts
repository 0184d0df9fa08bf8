import { parse } from "yaml";
import { isMap, Unchecked, UNKNOWN, type Values } from "./plain";

const HOST = "kubernetes.io/hostname";
const ZONE = /(^|\/)zone$/;

/**
 * Affinity and spread, as maps or as a text of YAML that the chart runs through its template engine. Actions that give a
 * value or a block are left out; a text with conditions or loops cannot be judged.
 */
export function structured(value: unknown, path: string): unknown {
    if (typeof value !== "string") return value;
    if (/\{\{-?\s*(if|else|range|with|define|end)\b/.test(value))
        throw new Unchecked(path, "a template with conditions");
    const text = value
        .split("\n")
        .filter((line) => !/^\s*\{\{.*\}\}\s*$/.test(line))
        .join("\n")
        .replace(/(["']?)\{\{.*?\}\}\1/g, "template");
    try {
        return parse(text) as unknown;
    } catch {
        throw new Unchecked(path, "a text that is not YAML");
    }
}

/** Topology keys over which anti-affinity keeps pods apart, required or preferred. */
export function antiAffinity(affinity: unknown, required: boolean): string[] {
    const rules = isMap(affinity) ? affinity["podAntiAffinity"] : undefined;
    if (!isMap(rules)) return [];
    const terms = required
        ? maps(rules["requiredDuringSchedulingIgnoredDuringExecution"])
        : maps(rules["preferredDuringSchedulingIgnoredDuringExecution"]).map((each) => each["podAffinityTerm"]);
    return maps(terms).flatMap((term) => (selects(term) ? [String(term["topologyKey"])] : []));
}

/** Constraints of a spread that select pods at all. */
export function constraints(spread: unknown): Values[] {
    return maps(spread).filter(selects);
}

/** Whether pods may never share a host. */
export function hostAntiAffinity(affinity: unknown, spread: unknown): boolean {
    return (
        antiAffinity(affinity, true).includes(HOST) ||
        constraints(spread).some((each) => each["topologyKey"] === HOST && isHard(each))
    );
}

/** How pods are kept from sharing a zone. */
export function zoneSpread(affinity: unknown, spread: unknown): "required" | "preferred" | "not at all" {
    const byZone = constraints(spread).filter((each) => ZONE.test(String(each["topologyKey"])));
    if (byZone.some(isHard) || antiAffinity(affinity, true).some((key) => ZONE.test(key))) return "required";
    const soft = byZone.length > 0 || antiAffinity(affinity, false).some((key) => ZONE.test(key));
    return soft ? "preferred" : "not at all";
}

export function isHard(constraint: Values): boolean {
    return constraint["whenUnsatisfiable"] !== "ScheduleAnyway";
}

/** Of a chart's default only what rules look at. */
export function bare(value: unknown, path: string): unknown {
    const read = structured(value, path);
    if (Array.isArray(read)) {
        return maps(read).map(({ topologyKey, whenUnsatisfiable, nodeTaintsPolicy }) => ({
            labelSelector: {},
            topologyKey,
            whenUnsatisfiable,
            ...(nodeTaintsPolicy === undefined ? {} : { nodeTaintsPolicy }),
        }));
    }
    const terms = (keys: readonly string[]) => keys.map((topologyKey) => ({ labelSelector: {}, topologyKey }));
    const required = terms(antiAffinity(read, true));
    const preferred = terms(antiAffinity(read, false));
    if (required.length + preferred.length === 0) return {};
    return {
        podAntiAffinity: {
            ...(required.length > 0 ? { requiredDuringSchedulingIgnoredDuringExecution: required } : {}),
            ...(preferred.length > 0
                ? {
                      preferredDuringSchedulingIgnoredDuringExecution: preferred.map((podAffinityTerm) => ({
                          podAffinityTerm,
                      })),
                  }
                : {}),
        },
    };
}

/** A term without a selector selects no pod. */
function selects(term: Values): boolean {
    return "labelSelector" in term;
}

function maps(value: unknown): Values[] {
    if (value === UNKNOWN || (Array.isArray(value) && value.includes(UNKNOWN))) {
        throw new Unchecked("placement", "unknown until deployed");
    }
    return Array.isArray(value) ? value.filter(isMap) : [];
}
