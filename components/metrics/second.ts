import type { SettingsProblem } from "../settings/problem";
import { roleSlice, type StoreKind } from "../settings/slice";
import { cortexKind } from "./cortex/kind";
import { noSecondMetricsKind } from "./none/kind";
import { thanosKind } from "./thanos/kind";
import { vmKind } from "./victoriametrics/kind";

/** The key of the second store in a stack file, beside that of the first. */
export const SECOND = "secondMetrics";

/** The systems that may stand beside the first metrics store; the first is the default. */
export const secondMetricsKinds = [noSecondMetricsKind, cortexKind, thanosKind, vmKind] as const;
const STORES: readonly StoreKind[] = [cortexKind, thanosKind, vmKind];

const slice = roleSlice(secondMetricsKinds, {
    description: "A second metrics store beside the first, to move from one to the other.",
    example: "{ kind: thanos }",
});

export const secondMetricsSlice: typeof slice = {
    ...slice,
    rules: (settings, platform) => slice.rules(settings, platform).map(ofSecond),
};

/** The kind of the second store; undefined where there is none. */
export function secondKindOf(settings: { readonly secondMetrics?: unknown }): StoreKind | undefined {
    const given = settings.secondMetrics;
    const kind = typeof given === "object" && given !== null && "kind" in given ? given.kind : undefined;
    return STORES.find((store) => store.kind === kind);
}

/** A store's rules name its settings as those of the first store: the same of the second, in every sentence. */
export function ofSecond({ path, given, allowed, fix }: SettingsProblem): SettingsProblem {
    const renamed = (text: string) => text.replace(/\bmetrics(?=[.:] ?[{\w])/g, SECOND);
    return { path: renamed(path), given, allowed: renamed(allowed), fix: renamed(fix) };
}
