import { type Shape, UNKNOWN, map } from "./shape";

/** Adds the keys that templates read by their whole path though the defaults leave them out. */
export function addReadKeys(shape: Shape, templates: string): Shape {
    const reads = new Set([...templates.matchAll(/\.Values((?:\.[A-Za-z_]\w*)+)/g)].map((match) => match[1] ?? ""));
    const paths = [...reads].map((path) => path.split(".").slice(1));
    // Shorter ones first: a key that is read as a whole is nothing closer than unknown.
    return paths.sort((a, b) => a.length - b.length).reduce(addPath, shape);
}

function addPath(shape: Shape, path: readonly string[]): Shape {
    const [key, ...others] = path;
    if (key === undefined || shape.kind !== "map") {
        return shape;
    }
    const known = shape.fields.get(key);
    const child = known ?? (others.length === 0 ? UNKNOWN : map([]));
    return { ...shape, fields: new Map(shape.fields).set(key, addPath(child, others)) };
}
