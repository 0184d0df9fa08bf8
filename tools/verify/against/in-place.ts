import { RELEASE } from "../../plan/engine";
import type { Check } from "../check";
import { nameOf, type Given } from "../cluster-model";
import { countObjects, objectsAtStake, type ObjectCounts } from "./objects";
import { lostResources, objectOf, resourcesAtStake } from "./resources";
import type { Revision } from "./revision";
import { changedSettings } from "./settings";

/** Whether a stack gets from an earlier revision to what it is now without anything being deleted or made anew. */
export function inPlace(before: Given & Pick<Revision, "ref">): Check {
    return {
        name: "in-place",
        promise: `From ${before.ref} everything is updated in place: nothing that holds data is deleted, made anew or left behind`,
        run: (after) => {
            const lost = lostResources(before, after);
            const resources = resourcesAtStake(lost, before.objects);
            // What goes with its release, or is a protected resource itself, is told of once.
            const told = new Set(resources.map(({ object }) => object));
            const releases = new Set(
                lost.flatMap(({ resource }) => (resource.type === RELEASE ? [resource.inputs.name] : [])),
            );
            const others = before.objects.filter((each) => !releases.has(each.release) && !told.has(nameOf(each)));
            return [
                ...changedSettings(before.settings, after.settings),
                ...resources,
                ...objectsAtStake(others, after.objects),
            ];
        },
    };
}

/** What stands between two revisions of a stack, in numbers. */
export interface Between {
    readonly objects: ObjectCounts;
    /** Resources that Pulumi refuses to delete or replace, before and after, and those that it would have to. */
    readonly protected: { readonly before: number; readonly after: number; readonly atStake: readonly string[] };
}

export function between(before: Given, after: Given): Between {
    const protectedIn = ({ plan }: Given) => plan.resources.filter(({ protect }) => protect).length;
    return {
        objects: countObjects(before.objects, after.objects),
        protected: {
            before: protectedIn(before),
            after: protectedIn(after),
            atStake: lostResources(before, after)
                .filter(({ resource }) => resource.protect)
                .map(({ resource }) => objectOf(resource))
                .sort(),
        },
    };
}

/** For people. */
export function printBetween({ ref, commit }: Pick<Revision, "ref" | "commit">, numbers: Between): string {
    const { objects, protected: guarded } = numbers;
    const was = guarded.before === guarded.after ? "" : `, ${guarded.before} before`;
    return [
        `Since ${ref} (${commit.slice(0, 12)})`,
        `  objects              ${objects.same} as they were, ${objects.changed} changed, ${objects.added} added, ${objects.removed} removed`,
        `  protected resources  ${guarded.after}${was}; ${guarded.atStake.length} would be deleted or made anew`,
        "",
    ].join("\n");
}
