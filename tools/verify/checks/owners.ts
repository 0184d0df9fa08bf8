import { identityOf, PROGRAM, type RenderedObject } from "../../render/manifests";
import type { Check } from "../check";
import { nameOf } from "../cluster-model";

/** Helm refuses to install over an object of another release, in the middle of an `up`; of two that the program gives, the last one wins. */
export const owners: Check = {
    name: "owners",
    promise: "Every object is made once: by one release, or by the program",
    run: (model) => {
        const makers = new Map<string, RenderedObject[]>();
        // A hook's object is made anew at its events and may go between them: one name may then be several objects in turn.
        for (const each of model.objects.filter(({ hook }) => hook === undefined))
            makers.set(identityOf(each), [...(makers.get(identityOf(each)) ?? []), each]);
        return [...makers.values()]
            .filter(({ length }) => length > 1)
            .map(([first, ...others]) => ({
                object: nameOf(first as RenderedObject),
                found: `made by ${[first as RenderedObject, ...others].map(maker).join(" and ")}`,
                wanted: "one maker: Helm refuses what another release owns",
                hint: "give one of them another name, or leave it out of one",
            }));
    },
};

function maker({ release }: RenderedObject): string {
    return release === PROGRAM ? "the program" : `release ${release}`;
}
