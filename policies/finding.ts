import { Unchecked } from "./plain";
import type { Release } from "./release";

/** What a rule says about one value of one release. */
export interface Finding {
    readonly kind: "violation" | "unchecked";
    readonly release: string;
    /** Path in the release's values, or in its arguments. */
    readonly path: string;
    readonly found: string;
    readonly wanted: string;
    /** What goes wrong otherwise. */
    readonly why: string;
    /** What to change. */
    readonly setting: string;
}

/** What a check finds wrong; the release is added by {@link examine}. */
export type Wrong = Omit<Finding, "kind" | "release">;

/** One check: everything wrong that it finds. It may throw {@link Unchecked}. */
export type Check = (release: Release) => readonly Wrong[];

/** Runs checks one by one: what one of them cannot know does not keep the others from being made. */
export function examine(release: Release, checks: readonly Check[]): Finding[] {
    const findings: Finding[] = [];
    for (const check of checks) {
        try {
            findings.push(...check(release).map((wrong) => violation(release, wrong)));
        } catch (error) {
            if (!(error instanceof Unchecked)) throw error;
            if (!findings.some(({ kind, path }) => kind === "unchecked" && path === error.path)) {
                findings.push(unchecked(release.name, error.path, error.reason));
            }
        }
    }
    if (!release.readsOtherDefaults) return findings;
    const reason = `${release.chart} ${release.version ?? "without a version"}: where a value is absent, the default of ${release.defaultsOf ?? ""} was taken`;
    return [...findings, unchecked(release.name, "version", reason)];
}

export function violation(release: Release, wrong: Wrong): Finding {
    return { kind: "violation", release: release.name, ...wrong };
}

export function unchecked(release: string, path: string, reason: string): Finding {
    return { kind: "unchecked", release, path, found: reason, wanted: "", why: "", setting: "" };
}

/** The words of a finding. */
export function sentence(finding: Finding): string {
    const { kind, release, path, found, wanted, why, setting } = finding;
    if (kind === "unchecked") return `${release}: not checked: ${path}: ${found}`;
    return `${release}: ${path} is ${found}, wanted ${wanted}: ${why}. Change ${setting}.`;
}

/** A value for a message. Never used for what may be a credential. */
export function show(release: Release, path: string, value: unknown): string {
    const text = value === undefined ? "absent" : JSON.stringify(value);
    if (value === undefined || !release.isDefault(path)) return text;
    const { readsOtherDefaults, chart, defaultsOf = "" } = release;
    return `${text} (${readsOtherDefaults ? `the default of ${chart} ${defaultsOf}` : "the chart's default"})`;
}
