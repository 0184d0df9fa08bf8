import { examine, show, type Check, type Finding } from "../finding";
import { at } from "../plain";
import { CLUSTER_CHART, type Release } from "../release";

export interface SafetyConfig {
    /** What was deployed on the first day and must stay: by release, path and value. */
    readonly immutable?: Readonly<Record<string, Readonly<Record<string, string | number | boolean>>>>;
}

/** Names are said, and what data was written with stays. */
export function safety(release: Release, { immutable = {} }: SafetyConfig): Finding[] {
    const kept = Object.entries(immutable[release.name] ?? {}).map(([path, wanted]): Check => (r) => {
        const found = r.get(path);
        if (found === wanted) return [];
        const why = "what was written until now would no longer be found";
        return [
            {
                path,
                found: show(r, path, found),
                wanted: JSON.stringify(wanted),
                why,
                setting: `it back, or the policy's immutable.${r.name}`,
            },
        ];
    });
    return examine(release, [...(release.chart === CLUSTER_CHART ? [] : [named]), placed, ...kept]);
}

const named: Check = (release) => {
    const name = at(release.props, "name");
    const generated =
        typeof name === "string" && new RegExp(`^.*${escape(release.resource)}-[0-9a-f]{7,8}$`).test(name);
    if (typeof name === "string" && name !== "" && !generated) return [];
    const why = "addresses follow from it, and each new stack would have others";
    return [
        {
            path: "name",
            found: generated ? `${name}, generated` : "absent",
            wanted: "a name",
            why,
            setting: "the release's name",
        },
    ];
};

const placed: Check = (release) => {
    const path = release.chart === CLUSTER_CHART ? "metadata.namespace" : "namespace";
    const namespace = at(release.props, path);
    if (typeof namespace === "string" && namespace !== "" && namespace !== "default") return [];
    const found = typeof namespace === "string" && namespace !== "" ? namespace : "absent";
    const why = "it lands where the kubeconfig of whoever deploys points";
    return [{ path, found, wanted: "a namespace of its own", why, setting: `the release's ${path}` }];
};

function escape(text: string): string {
    return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
