import type { Finding, Found } from "./finding";
import type { ClusterModel } from "./cluster-model";

/** One question asked of everything that a stack gives to the cluster. */
export interface Check {
    /** Kebab-case, stable: it stands in reports and annotations. */
    readonly name: string;
    /** What a clean answer promises, in one sentence for people. */
    readonly promise: string;
    readonly run: (model: ClusterModel) => Found[];
    /** Why the question cannot be asked on this machine; undefined where it can. */
    readonly skipReason?: () => string | undefined;
}

/** The findings of all checks, in the checks' order, then by object. */
export function findings(checks: readonly Check[], model: ClusterModel): Finding[] {
    return checks.filter(isAsked).flatMap(({ name, run }) =>
        run(model)
            .map((found) => ({ check: name, ...found }))
            .sort((a, b) => a.object.localeCompare(b.object)),
    );
}

function isAsked({ skipReason }: Check): boolean {
    return skipReason?.() === undefined;
}
