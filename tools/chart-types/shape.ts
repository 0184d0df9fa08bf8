/**
 * What is known of one key of a chart's values.
 * - leaf: TypeScript types, joined by "|"; "unknown" and "object" mean that the source says nothing closer
 * - map: named fields; `rest` is there where the keys are the user's own
 */
export type Shape = Leaf | List | MapShape;

export interface Leaf {
    readonly kind: "leaf";
    readonly types: readonly string[];
}

export interface List {
    readonly kind: "list";
    readonly element: Shape;
    /** Types that stand beside the list. */
    readonly or: readonly string[];
}

export interface MapShape {
    readonly kind: "map";
    readonly fields: ReadonlyMap<string, Shape>;
    readonly rest: Shape | undefined;
    /** Types that stand beside the map. */
    readonly or: readonly string[];
}

export function leaf(...types: string[]): Leaf {
    return { kind: "leaf", types };
}

export const UNKNOWN = leaf("unknown");

export function list(element: Shape, or: readonly string[] = []): List {
    return { kind: "list", element, or };
}

export function map(fields: Iterable<readonly [string, Shape]>, rest?: Shape, or: readonly string[] = []): MapShape {
    return { kind: "map", fields: new Map(fields), rest, or };
}

export const OPEN = map([], UNKNOWN);

export function isVague(shape: Shape): boolean {
    return shape.kind === "leaf" && shape.types.includes("unknown");
}

/** Types of both; a literal says more than the type it belongs to, and any type more than "object". */
function joinTypes(base: readonly string[], over: readonly string[]): string[] {
    const literals = base.some((type) => type.startsWith('"'));
    const added = over.filter((type) => !(literals && type === "string"));
    return [...new Set([...base, ...added])];
}

/** The structure takes the place of a mere "object"; the leaf's other types stand beside it. */
function beside(types: readonly string[], structure: List | MapShape): Shape {
    return {
        ...structure,
        or: joinTypes(
            structure.or,
            types.filter((type) => type !== "object"),
        ),
    };
}

/**
 * Joins what two sources say of the same key. `base` is the one that knows better (a schema before the defaults, a
 * subchart before its parent): it decides whether a map takes keys of the user's own.
 */
export function merge(base: Shape, over: Shape): Shape {
    if (isVague(base)) {
        return over;
    }
    if (isVague(over)) {
        return base;
    }
    if (base.kind === "leaf") {
        return over.kind === "leaf" ? leaf(...joinTypes(base.types, over.types)) : beside(base.types, over);
    }
    if (over.kind === "leaf") {
        return beside(over.types, base);
    }
    const or = joinTypes(base.or, over.or);
    if (base.kind === "list" || over.kind === "list") {
        if (base.kind === "list" && over.kind === "list") {
            return list(merge(base.element, over.element), or);
        }
        // A list here and a map there: the chart takes both, as it does for a key that it only passes on.
        const structure = base.kind === "map" ? base : over;
        return { ...structure, or: joinTypes(or, ["unknown[]"]) };
    }
    if (base.rest !== undefined && base.fields.size === 0) {
        // Any key is right there: those of the other source are examples.
        return { ...base, or };
    }
    const fields = new Map(base.fields);
    for (const [key, shape] of over.fields) {
        const known = fields.get(key);
        fields.set(key, known === undefined ? shape : merge(known, shape));
    }
    return map(fields, base.rest, or);
}

/** A copy in which the key at `path` is what `change` makes of it; maps on the way are made where missing. */
export function alter(shape: Shape, path: readonly string[], change: (at: Shape | undefined) => Shape): Shape {
    const [key, ...others] = path;
    if (key === undefined) {
        return change(shape);
    }
    const parent = shape.kind === "map" ? shape : map([]);
    const child = parent.fields.get(key);
    const changed = others.length === 0 ? change(child) : alter(child ?? map([]), others, change);
    return { ...parent, fields: new Map(parent.fields).set(key, changed) };
}
