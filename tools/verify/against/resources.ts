import { isDeepStrictEqual } from "node:util";
import { RELEASE, type PlannedResource } from "../../plan/engine";
import { at, record } from "../../records";
import { effects } from "../../render/effects";
import type { RenderedObject } from "../../render/manifests";
import type { Found } from "../finding";
import type { Given } from "../cluster-model";

/** A resource of the program that Pulumi would delete, or delete and make anew. */
export interface Lost {
    readonly resource: PlannedResource;
    /** Why it is not the same resource any more, for people. */
    readonly why: string;
}

/** What of the earlier program would not stay. Pulumi knows a resource by its URN, and its place in the cluster by name. */
export function lostResources(before: Given, after: Given): Lost[] {
    const now = new Map(after.plan.resources.map((resource) => [resource.urn, resource]));
    return before.plan.resources
        .filter(({ custom, type }) => custom && !type.startsWith("pulumi:providers:"))
        .flatMap((resource) => {
            const is = now.get(resource.urn);
            const why = is === undefined ? gone(resource, after) : replaced(resource, is);
            return why === undefined ? [] : [{ resource, why }];
        });
}

function gone(resource: PlannedResource, after: Given): string {
    const twin = after.plan.resources.find(
        (each) => each.type === resource.type && isDeepStrictEqual(placeOf(each), placeOf(resource)),
    );
    return twin === undefined || placeOf(resource).every((part) => part === undefined)
        ? "the program has it no more"
        : `the program knows it as ${twin.urn} now, and has no alias that says so`;
}

/** Inputs whose change makes Pulumi replace: pulumi-kubernetes' `forceNewFields`, and all that a random value is made of. */
function replaced(was: PlannedResource, is: PlannedResource): string | undefined {
    if (was.type.startsWith("random:")) {
        return isDeepStrictEqual(was.inputs, is.inputs) ? undefined : "its inputs change, so that it is made anew";
    }
    const [from, to] = [placeOf(was), placeOf(is)].map((place) => place.map(String).join("/"));
    return from === to ? undefined : `${from ?? ""} becomes ${to ?? ""}`;
}

/** Namespace and name in the cluster. */
function placeOf({ type, inputs }: PlannedResource): unknown[] {
    const named = type === RELEASE ? inputs : record(at(inputs, "metadata"));
    return [named.namespace, named.name];
}

/** A Release or a protected resource that would not stay. Other objects are judged by what they are. */
export function resourcesAtStake(lost: readonly Lost[], objects: readonly RenderedObject[]): Found[] {
    return lost
        .filter(({ resource }) => resource.protect || resource.type === RELEASE)
        .map(({ resource, why }) => ({
            object: objectOf(resource),
            found: [
                why,
                ...(resource.type === RELEASE ? [takenAlong(resource, objects)] : []),
                ...(resource.protect ? ["it is protected, so that Pulumi will refuse"] : []),
            ].join("; "),
            wanted: "it stays what and where it is",
            hint: resource.protect
                ? `undo it; where it is meant, move what it holds first, then: pulumi state unprotect '${resource.urn}'`
                : "undo it; where it is meant, move what it holds first",
        }));
}

function takenAlong(release: PlannedResource, objects: readonly RenderedObject[]): string {
    const own = objects.filter((each) => each.release === release.inputs.name && each.hook === undefined);
    const grave = own.filter(({ object }) => effects(object, undefined).some((effect) => effect.grave));
    const names = grave.map(({ object }) => `${object.kind} ${object.metadata.name}`).sort();
    const along = `${own.length} objects go with it`;
    return names.length === 0 ? along : `${along}, among them ${names.join(", ")}`;
}

/** How findings call a resource. */
export function objectOf(resource: PlannedResource): string {
    const [namespace, name] = placeOf(resource);
    if (resource.type === RELEASE) return `${String(namespace)}/Release/${String(name)}`;
    const kind = at(resource.inputs, "kind");
    const parts = typeof kind === "string" ? [namespace, kind, name] : ["Resource", resource.name];
    return parts.filter((part) => typeof part === "string").join("/");
}
