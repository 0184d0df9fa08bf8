import { parseAllDocuments, visit, type Document, type Tags } from "yaml";

/** Go's YAML reader, which Helm, Kubernetes and the stores use, knows neither base-60 numbers nor these types. */
const NOT_IN_GO = ["timestamp", "binary", "omap", "pairs", "set"];

function tags(all: Tags): Tags {
    return all.filter(
        (tag) =>
            typeof tag === "string" ||
            !(tag.format === "TIME" || NOT_IN_GO.some((name) => tag.tag === `tag:yaml.org,2002:${name}`)),
    );
}

/** The documents of a text as Go reads them. */
export function goDocuments(text: string) {
    return [...parseAllDocuments(text, { version: "1.1", customTags: tags, merge: true })];
}

/** The value of a text's first document, and what keeps it from being YAML. */
export function parseGoYaml(text: string): { value: unknown; errors: string[] } {
    const [document] = goDocuments(text);
    return document === undefined ? { value: null, errors: [] } : valueOf(document, text);
}

/**
 * The values of a text's documents.
 * @throws Error with the first thing that keeps one from being YAML.
 */
export function goValues(text: string): unknown[] {
    return goDocuments(text).map((document) => {
        const { value, errors } = valueOf(document, text);
        if (errors.length > 0) throw new Error(`not YAML: ${errors[0]}`);
        return value;
    });
}

function valueOf(document: Document.Parsed, text: string): { value: unknown; errors: string[] } {
    const errors = document.errors.map(({ message }) => message.split("\n")[0] ?? message);
    // Most documents have none, and to walk through each of a release's costs as much as to read it.
    if (errors.length === 0 && text.slice(document.range[0], document.range[2]).includes("*"))
        errors.push(...aliasErrors(document, text));
    if (errors.length > 0) return { value: null, errors };
    try {
        return { value: document.toJS({ maxAliasCount: -1 }) as unknown, errors };
    } catch (error) {
        // What `<<` merges is looked at only here.
        return { value: null, errors: [error instanceof Error ? error.message : String(error)] };
    }
}

/** Aliases of what is not above them, or of what they stand in. */
function aliasErrors(document: Document.Parsed, text: string): string[] {
    const errors: string[] = [];
    visit(document, {
        Alias: (_, alias, path) => {
            const line = text.slice(0, alias.range?.[0]).split("\n").length;
            const of = alias.resolve(document);
            if (of === undefined) errors.push(`no anchor &${alias.source} stands above line ${line}, which names it`);
            else if (path.includes(of)) errors.push(`what &${alias.source} names holds itself at line ${line}`);
        },
    });
    return errors;
}
