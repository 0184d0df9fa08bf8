import type { Shape } from "./shape";

const INDENT = "    ";

/** TypeScript of a shape. Every property is optional, and null takes a chart's default away. */
export function render(shape: Shape, depth = 0): string {
    switch (shape.kind) {
        case "leaf":
            return shape.types.includes("unknown") ? "unknown" : shape.types.map(named).join(" | ");
        case "list":
            return [elements(render(shape.element, depth)), ...shape.or.map(named)].join(" | ");
        case "map":
            return [body(shape.fields, shape.rest, depth), ...shape.or.map(named)].join(" | ");
    }
}

function named(type: string): string {
    return type === "object" ? "Record<string, unknown>" : type;
}

function elements(element: string): string {
    return /^\w+$/.test(element) ? `${element}[]` : `(${element})[]`;
}

function body(fields: ReadonlyMap<string, Shape>, rest: Shape | undefined, depth: number): string {
    const inner = INDENT.repeat(depth + 1);
    if (fields.size === 0) {
        return `Record<string, ${rest === undefined ? "never" : render(rest, depth)}>`;
    }
    const lines = [...fields]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, child]) => `${inner}${quoted(key)}?: ${nullable(render(child, depth + 1))};`);
    if (rest !== undefined) {
        lines.push(`${inner}[key: string]: unknown;`);
    }
    return `{\n${lines.join("\n")}\n${INDENT.repeat(depth)}}`;
}

function quoted(key: string): string {
    return /^[A-Za-z_$][\w$]*$/.test(key) ? key : JSON.stringify(key);
}

function nullable(type: string): string {
    return type === "unknown" ? type : `${type} | null`;
}
