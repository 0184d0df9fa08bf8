/** A field of a struct, as it is written. */
export interface GoField {
    /** Undefined for an embedded type. */
    readonly name: string | undefined;
    readonly type: GoType;
    readonly tag: string;
}

export type GoType = string | { readonly fields: readonly GoField[] };

/** Types that a package declares. */
export interface GoPackage {
    readonly types: ReadonlyMap<string, { type: GoType; imports: ReadonlyMap<string, string> }>;
    /** Types that read YAML or text in a way of their own, so that their fields say nothing. */
    readonly opaque: ReadonlySet<string>;
}

/** Reads the type declarations of gofmt's one form: a field a line, a struct's end on a line of its own. */
export function goPackage(sources: readonly string[]): GoPackage {
    const types = new Map<string, { type: GoType; imports: ReadonlyMap<string, string> }>();
    const opaque = new Set<string>();
    for (const source of sources) {
        const imports = importsOf(source);
        for (const [name, type] of declarations(source)) if (!types.has(name)) types.set(name, { type, imports });
        for (const name of opaqueTypes(source)) opaque.add(name);
    }
    return { types, opaque };
}

function* declarations(source: string): Generator<[string, GoType]> {
    const lines = source.split("\n");
    let grouped = false;
    for (let at = 0; at < lines.length; at++) {
        const line = lines[at] ?? "";
        if (line === "type (" || line === ")") grouped = line === "type (";
        const declared = /^(type |\t)(\w+) (?:= )?(struct ?\{\}?|[\w.*[\]]+)\s*(?:\/\/.*)?$/.exec(line);
        const [, lead, name, type] = declared ?? [];
        if (name === undefined || type === undefined || (lead === "\t" && !grouped)) continue;
        if (type === "struct {") yield [name, struct(lines, at + 1).type];
        else yield [name, type === "struct{}" ? { fields: [] } : type];
    }
}

function importsOf(source: string): Map<string, string> {
    const block = /^import \(\n([\s\S]*?)^\)/m.exec(source)?.[1] ?? /^import .*$/m.exec(source)?.[0] ?? "";
    const imports = new Map<string, string>();
    for (const [, alias, path = ""] of block.matchAll(/^(?:import )?\s*(\w+ )?"([^"]+)"/gm)) {
        const last =
            path
                .split("/")
                .filter((part) => !/^v\d+$/.test(part))
                .at(-1) ?? "";
        imports.set(alias?.trim() ?? last.replace(/^go-|\.v\d+$/g, ""), path);
    }
    return imports;
}

/** The struct whose first field stands at a line; `end` is its closing one. */
function struct(lines: readonly string[], start: number): { type: GoType; end: number; tag: string } {
    const fields: GoField[] = [];
    for (let at = start; at < lines.length; at++) {
        const line = (lines[at] ?? "").replace(/(^|\s)\/\/(?=[^`]*$).*$/, "").trim();
        const closing = /^\}\s*(?:`(.*)`)?$/.exec(line);
        if (closing) return { type: { fields }, end: at, tag: closing[1] ?? "" };
        const nested = /^(\w+)\s+((?:\[\]|\*)*)struct \{$/.exec(line);
        if (nested) {
            const inner = struct(lines, at + 1);
            // A list of nameless structs is read like one of them: nobody's pinned configuration has any.
            fields.push({ name: nested[1], type: inner.type, tag: inner.tag });
            at = inner.end;
            continue;
        }
        const [, names, type, tag = ""] = /^(\w+(?:, \w+)*)\s+([^`\s][^`]*?)\s*(?:`(.*)`)?$/.exec(line) ?? [];
        if (names !== undefined && type !== undefined) {
            for (const name of names.split(", ")) fields.push({ name, type, tag });
            continue;
        }
        const [, embedded, embeddedTag = ""] = /^(\*?[\w.]+)\s*(?:`(.*)`)?$/.exec(line) ?? [];
        if (embedded !== undefined) fields.push({ name: undefined, type: embedded, tag: embeddedTag });
    }
    throw new Error("a struct without an end");
}

/** Readers of their own, but for those that set defaults and then read the fields by way of an alias of the type. */
function opaqueTypes(source: string): string[] {
    const reader = /^func \((?:\w+ )?\*?(\w+)(?:\[\w+\])?\) (?:UnmarshalYAML|UnmarshalText)\([\s\S]*?^\}/gm;
    return [...source.matchAll(reader)].flatMap(([body, name = ""]) => {
        const alias = new RegExp(`type \\w+ ${name}\\b|\\(\\*(plain|rawConfig|raw)\\)|unmarshal\\(&?\\(?\\*?${name}`);
        return alias.test(body) ? [] : [name];
    });
}
