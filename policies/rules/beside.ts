import { violation, type Finding } from "../finding";
import { at, isMap, plain, texts } from "../plain";
import type { Release, Shown } from "../release";

/** The operator's chart makes no budget, so one has to stand beside it. */
export function budgetsBeside(releases: readonly Release[], shown: readonly Shown[]): Finding[] {
    const budgets = shown
        .filter(({ type }) => type === "kubernetes:policy/v1:PodDisruptionBudget")
        .map(({ props }) => plain(() => props));
    return releases
        .filter((release) => release.chart === "cloudnative-pg" && (release.number("replicaCount") ?? 1) > 1)
        .filter(({ name }) => {
            const labels = budgets.map((budget) => at(budget, "spec.selector.matchLabels"));
            return !labels.some((each) => isMap(each) && each["app.kubernetes.io/instance"] === name);
        })
        .map((release) =>
            violation(release, {
                path: "(beside) PodDisruptionBudget",
                found: "absent",
                wanted: "one that selects the release's pods",
                why: "a drain of two nodes stops failovers",
                setting: "observability:survives",
            }),
        );
}

/** MinIO's root key opens every bucket; no other release may be given the Secret that holds it. */
export function rootCredentials(releases: readonly Release[]): Finding[] {
    const roots = releases.filter(({ chart }) => chart === "minio").map((minio) => minio.get("existingSecret"));
    return releases
        .filter(({ chart }) => chart !== "minio")
        .flatMap((release) =>
            texts(release.values)
                .filter(({ text }) => text !== "" && roots.includes(text))
                .map(({ path, text }) =>
                    violation(release, {
                        path: path.join("."),
                        found: text,
                        wanted: "the Secret of the store's own user",
                        why: "a store that leaks it gives every other store's data away",
                        setting: "the release's values",
                    }),
                ),
        );
}
