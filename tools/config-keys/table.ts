import type { GoPackages } from "./go-packages";
import { goPackage, type GoField, type GoPackage, type GoType } from "./go-types";

/** Where a type is written: its package with what that imports, and the type around it. */
interface Place {
    readonly path: string;
    readonly imports: ReadonlyMap<string, string>;
    readonly owner: string;
}

const BASIC: Readonly<Record<string, string>> = {
    bool: "bool",
    string: "string",
    "[]byte": "string",
    float32: "float",
    float64: "float",
    "time.Duration": "duration",
    "github.com/prometheus/common/model.Duration": "days",
    "github.com/prometheus/common/model.LabelName": "string",
    "github.com/prometheus/common/config.Secret": "string",
};

/** Follows struct tags from a type to everything that it can hold. */
export class TableBuilder {
    private readonly packages = new Map<string, GoPackage | undefined>();
    private readonly names = new Map<string, string>();
    private readonly types: Record<string, Record<string, string>> = {};
    /** Maps that take in another's keys: done last, since a type may hold itself. */
    private readonly taken: { into: Record<string, string>; from: string; prefix: string }[] = [];
    /** Types that are not on this machine, or read in a way of their own: what is below them is taken as it comes. */
    readonly open = new Set<string>();

    constructor(
        private readonly source: GoPackages,
        /** Name of the struct tag. */
        private readonly tag: "yaml" | "alloy",
    ) {}

    /** All types that were met. */
    finish(): Record<string, Record<string, string>> {
        // The innermost were met first.
        for (const { into, from, prefix } of this.taken) {
            for (const [key, type] of Object.entries(this.types[from] ?? {})) into[prefix + key] ??= type;
        }
        return this.types;
    }

    /** The table's type for a declared type of Go. */
    declared(path: string, name: string): string {
        const whole = `${path}.${name}`;
        if (BASIC[whole] !== undefined) return BASIC[whole];
        const known = this.names.get(whole);
        if (known !== undefined) return known;
        const found = this.package(path);
        const declaration = found?.types.get(name);
        if (found === undefined || declaration === undefined || found.opaque.has(name)) {
            this.open.add(whole);
            return "any";
        }
        const { type, imports } = declaration;
        if (typeof type === "string") return this.type(type, { path, imports, owner: name });
        return this.record(this.newName(whole), type.fields, { path, imports });
    }

    private type(type: GoType, place: Place): string {
        const { path, imports, owner } = place;
        if (typeof type !== "string") return this.record(this.newName(`${path}.${owner}`), type.fields, place);
        const bare = type.replace(/^\*/, "");
        if (BASIC[bare] !== undefined) return BASIC[bare];
        if (/^u?int\d*$/.test(bare)) return "int";
        if (bare.startsWith("[]")) return `[]${this.type(bare.slice(2), place)}`;
        const [, value] = /^map\[[\w.]+\](.+)$/.exec(bare) ?? [];
        if (value !== undefined) return `{}${this.type(value, place)}`;
        const [, alias, name = ""] = /^(?:(\w+)\.)?(\w+)$/.exec(bare) ?? [];
        if (name === "" || name === "any") return "any";
        return this.declared(alias === undefined ? path : (imports.get(alias) ?? alias), name);
    }

    private record(name: string, fields: readonly GoField[], { path, imports }: Omit<Place, "owner">): string {
        const place = { path, imports, owner: name };
        const keys: Record<string, string> = {};
        this.types[name] = keys;
        for (const field of fields) {
            const written = new RegExp(`\\b${this.tag}:"([^"]*)"`).exec(field.tag)?.[1];
            if (this.tag === "alloy") this.block(keys, field, written, place);
            else this.key(keys, field, written, place);
        }
        return name;
    }

    private key(keys: Record<string, string>, field: GoField, written: string | undefined, place: Place): void {
        const [own = "", ...options] = (written ?? "").split(",");
        const goName = field.name ?? (typeof field.type === "string" ? field.type.replace(/^.*\./, "") : "");
        if (written === "-" || !/^\*?[A-Z]/.test(goName)) return;
        const type = this.type(field.type, below(place, goName));
        if (!options.includes("inline")) keys[own === "" ? goName.toLowerCase() : own] = type;
        else if (type === "any") keys["*"] = "any";
        else if (type.startsWith("{}")) keys["*"] = type.slice(2);
        else this.taken.push({ into: keys, from: type, prefix: "" });
    }

    /** A block's type stands behind `block `, an argument is `attr`; a block with choices brings `NAME.CHOICE`. */
    private block(keys: Record<string, string>, field: GoField, written: string | undefined, place: Place): void {
        const [name = "", kind, optional] = (written ?? "").split(",");
        if (kind === "attr") {
            keys[name] = optional === undefined ? "attr!" : "attr";
            return;
        }
        if (kind !== "block" && kind !== "enum" && kind !== "squash") return;
        const type = this.type(field.type, below(place, field.name ?? "")).replace("[]", "");
        const prefix = kind === "enum" ? `${name}.` : "";
        if (kind === "block") keys[name] = `block ${type}`;
        else if (type === "any") keys[`${prefix}*`] = "block any";
        else this.taken.push({ into: keys, from: type, prefix });
    }

    private package(path: string): GoPackage | undefined {
        if (!this.packages.has(path)) {
            const sources = this.source.sources(path);
            this.packages.set(path, sources && goPackage(sources));
        }
        return this.packages.get(path);
    }

    /** The shortest end of the path that no other type has taken. */
    private newName(whole: string): string {
        const parts = whole.split("/");
        const taken = new Set(this.names.values());
        let count = 1;
        while (count < parts.length && taken.has(parts.slice(-count).join("/"))) count++;
        const name = parts.slice(-count).join("/");
        this.names.set(whole, name);
        return name;
    }
}

/** The place of a nameless struct, which is named after the field that has it. */
function below({ path, imports, owner }: Place, field: string): Place {
    return { path, imports, owner: `${owner.replace(/^.*\./, "")}.${field}` };
}
