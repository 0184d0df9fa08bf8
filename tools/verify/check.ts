import type { Finding, Found } from "./finding";
import type { World } from "./cluster-model";

/** One question asked of everything that a stack gives to the cluster. */
export interface Check {
    /** Kebab-case, stable: it stands in reports and annotations. */
    readonly name: string;
    /** What a clean answer promises, in one sentence for people. */
    readonly promise: string;
    readonly run: (world: World) => Found[];
    /** Why the question cannot be asked on this machine; undefined where it can. */
    readonly unasked?: () => string | undefined;
}

/** The findings of all checks, in the checks' order, then by object. */
export function findings(checks: readonly Check[], world: World): Finding[] {
    return checks.filter(isAsked).flatMap(({ name, run }) =>
        run(world)
            .map((found) => ({ check: name, ...found }))
            .sort((a, b) => a.object.localeCompare(b.object)),
    );
}

function isAsked({ unasked }: Check): boolean {
    return unasked?.() === undefined;
}
