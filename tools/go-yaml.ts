import { parseAllDocuments, type Tags } from "yaml";

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
    if (document === undefined) return { value: null, errors: [] };
    const errors = document.errors.map(({ message }) => message.split("\n")[0] ?? message);
    if (errors.length > 0) return { value: null, errors };
    try {
        return { value: document.toJS({ maxAliasCount: -1 }) as unknown, errors };
    } catch (error) {
        // An alias of what is nowhere is met only here.
        if (error instanceof ReferenceError) return { value: null, errors: [error.message] };
        throw error;
    }
}
