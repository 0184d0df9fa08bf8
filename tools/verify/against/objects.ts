import { isDeepStrictEqual } from "node:util";
import { effects } from "../../render/effects";
import { identityOf, PROGRAM, type RenderedObject } from "../../render/manifests";
import type { Found } from "../finding";
import { nameOf } from "../cluster-model";

type Objects = readonly RenderedObject[];

/** How many objects a change leaves alone, and how many not. */
export interface ObjectCounts {
    readonly same: number;
    readonly changed: number;
    readonly added: number;
    readonly removed: number;
}

/** Objects that the cluster will not update where they are, or that take data or other objects with them. */
export function objectsAtStake(before: Objects, after: Objects): Found[] {
    const now = byIdentity(after);
    return before.flatMap((was) => {
        const is = now.get(identityOf(was));
        const name = nameOf(was);
        const grave = effects(was.object, is?.object)
            .filter((effect) => effect.grave)
            .map(({ text }) => ({ object: name, found: text, ...(is === undefined ? STAYS : SAME_FIELDS) }));
        return is === undefined || !changesHands(was, is) ? grave : [{ object: name, ...handed(was, is) }, ...grave];
    });
}

const STAYS = {
    wanted: "it stays where it is",
    hint: "bring it back, or move what it holds first and delete it by hand",
};

const SAME_FIELDS = {
    wanted: "a change that the cluster makes in place",
    hint: "undo it; where it is meant, delete the object without its pods or data first, so that it is made anew",
};

/** Whether another release has the object now. Hooks belong to none. */
function changesHands(was: RenderedObject, is: RenderedObject): boolean {
    return was.release !== is.release && was.hook === undefined && is.hook === undefined;
}

function handed(was: RenderedObject, is: RenderedObject): Omit<Found, "object"> {
    const owner = ({ release }: RenderedObject) => (release === PROGRAM ? "the program itself" : `release ${release}`);
    return {
        found: `it goes from ${owner(was)} to ${owner(is)}: Helm takes no object that another owns, and deletes its own`,
        wanted: `it stays with ${owner(was)}`,
        hint: "give it another name, or hand it over in two steps: keep and orphan it first, then adopt it",
    };
}

export function countObjects(before: Objects, after: Objects): ObjectCounts {
    const [old, now] = [byIdentity(before), byIdentity(after)];
    const both = [...now].filter(([key]) => old.has(key));
    const same = both.filter(([key, each]) => isDeepStrictEqual(each.object, old.get(key)?.object)).length;
    return {
        ...{ same, changed: both.length - same },
        ...{ added: now.size - both.length, removed: old.size - both.length },
    };
}

function byIdentity(objects: Objects): Map<string, RenderedObject> {
    return new Map(objects.map((each) => [identityOf(each), each]));
}
