import { readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import type { Metric, MetricType } from "./table";

/** A tree of Go sources, and what its files leave to the caller. */
export interface GoTree {
    readonly root: string;
    /** Folders under the root; all of it if absent. */
    readonly folders?: readonly string[];
    /** What stands for a namespace that is a variable: callers pass the binary's own. */
    readonly namespace?: string;
    /** Prefixes that registerers add, by the start of the file's path; the longest that fits counts, "" fits all. */
    readonly prefixes?: Readonly<Record<string, string>>;
}

type Names = Map<string, Metric>;

/** The metrics that Go sources declare with client_golang: by `…Opts` structures and by `NewDesc`. */
export function metricsOfGo(tree: GoTree): Names {
    const files = (tree.folders ?? ["."])
        .flatMap((folder) => goFiles(join(tree.root, folder)))
        .map((path) => ({ path: relative(tree.root, path), text: withoutComments(readFileSync(path, "utf8")) }));
    const constants = constantsOf(files);
    const found: Names = new Map();
    for (const file of files) {
        const resolve = resolver(file, constants, tree.namespace);
        for (const { name, metric } of [...optionsIn(file.text, resolve), ...descriptionsIn(file.text, resolve)]) {
            const full = `${prefixOf(file.path, tree.prefixes)}${name}`;
            const known = found.get(full);
            found.set(full, known === undefined ? metric : bothOf(known, metric));
        }
    }
    return found;
}

function bothOf(one: Metric, other: Metric): Metric {
    const labels = one.labels && other.labels ? [...new Set([...one.labels, ...other.labels])].sort() : null;
    return { type: one.type === "unknown" ? other.type : one.type, labels };
}

function prefixOf(path: string, prefixes: GoTree["prefixes"] = {}): string {
    const [longest] = Object.entries(prefixes)
        .filter(([start]) => path.startsWith(start))
        .sort(([a], [b]) => b.length - a.length);
    return longest?.[1] ?? "";
}

function goFiles(folder: string): string[] {
    return readdirSync(folder, { withFileTypes: true, recursive: true })
        .filter((entry) => entry.isFile() && /(?<!_test)\.go$/.test(entry.name))
        .map((entry) => join(entry.parentPath, entry.name));
}

/** Comments become blanks; strings, also those that hold `//`, stay. */
function withoutComments(text: string): string {
    return text.replace(/"(?:[^"\\\n]|\\.)*"|`[^`]*`|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, (token) =>
        token.startsWith("/") ? " " : token,
    );
}

interface GoFile {
    readonly path: string;
    readonly text: string;
}

/** Each text that the sources name: by file, by package, and by the bare name, as a package may be imported under another. */
function constantsOf(files: readonly GoFile[]): Map<string, string> {
    const constants = new Map<string, string>();
    for (const { path, text } of files) {
        for (const [, name = "", value = ""] of text.matchAll(/\b(\w+)(?:\s+string)?\s*:?=\s*"([^"\\]*)"/g)) {
            for (const scope of [path, basename(dirname(path)), ANYWHERE]) constants.set(`${scope}.${name}`, value);
        }
    }
    return constants;
}

const ANYWHERE = "*";

type Resolve = (expression: string) => string | undefined;

/** Reads an expression that gives a text: literals, sums, constants, BuildFQName. */
function resolver(file: GoFile, constants: ReadonlyMap<string, string>, namespace: string | undefined): Resolve {
    const here = basename(dirname(file.path));
    const resolve: Resolve = (expression) => {
        const trimmed = expression.trim();
        const literal = /^"([^"\\]*)"$/.exec(trimmed) ?? /^`([^`]*)`$/.exec(trimmed);
        if (literal) return literal[1];
        const call = /^(?:\w+\.)?BuildFQName\(([\s\S]*)\)$/.exec(trimmed);
        if (call) {
            const parts = splitArguments(call[1] ?? "").map(resolve);
            return parts.some((part) => part === undefined) ? undefined : parts.filter((part) => part !== "").join("_");
        }
        if (trimmed.includes("+")) {
            const parts = trimmed.split("+").map(resolve);
            return parts.some((part) => part === undefined) ? undefined : parts.join("");
        }
        const known = /^\w+$/.test(trimmed)
            ? (constants.get(`${file.path}.${trimmed}`) ?? constants.get(`${here}.${trimmed}`))
            : (constants.get(trimmed) ?? constants.get(trimmed.replace(/^\w+\./, `${ANYWHERE}.`)));
        return known ?? (/namespace$/i.test(trimmed) ? namespace : undefined);
    };
    return resolve;
}

interface Found {
    readonly name: string;
    readonly metric: Metric;
}

const OPTIONS = /\b(Counter|Gauge|Histogram|Summary|Untyped|)(?:Vec)?Opts\s*\{/g;
const TYPES: Readonly<Record<string, MetricType>> = {
    Counter: "counter",
    Gauge: "gauge",
    Histogram: "histogram",
    Summary: "summary",
};

/** `prometheus.CounterOpts{Namespace: …, Name: …}, []string{"label"}`. */
function optionsIn(text: string, resolve: Resolve): Found[] {
    return [...text.matchAll(OPTIONS)].flatMap((match) => {
        const end = closing(text, match.index + match[0].length - 1);
        const fields = fieldsOf(text.slice(match.index + match[0].length, end));
        const parts = ["Namespace", "Subsystem", "Name"].map((field) => {
            const given = fields.get(field);
            return given === undefined ? "" : resolve(given);
        });
        if (parts.some((part) => part === undefined) || parts[2] === "") return [];
        const variable = listAfter(text, end + 1, resolve);
        const constant = constantLabels(fields.get("ConstLabels"));
        const labels = variable && constant ? [...new Set([...constant, ...variable])].sort() : null;
        const type = TYPES[match[1] ?? ""] ?? "unknown";
        return [{ name: parts.filter((part) => part !== "").join("_"), metric: { type, labels } }];
    });
}

/** `prometheus.NewDesc(name, help, labels, constLabels)`. */
function descriptionsIn(text: string, resolve: Resolve): Found[] {
    return [...text.matchAll(/\bNewDesc\s*\(/g)].flatMap((match) => {
        const start = match.index + match[0].length;
        const [name = "", , labels = "nil", constants = "nil"] = splitArguments(
            text.slice(start, closing(text, start - 1)),
        );
        const resolved = resolve(name);
        if (resolved === undefined || resolved === "") return [];
        const [variable, constant] = [list(labels, resolve), constants === "nil" ? [] : constantLabels(constants)];
        const all = variable && constant ? [...new Set([...variable, ...constant])].sort() : null;
        return [{ name: resolved, metric: { type: "unknown" as const, labels: all } }];
    });
}

/** The labels that follow the options among the arguments; none where nothing follows. */
function listAfter(text: string, start: number, resolve: Resolve): string[] | null {
    const rest = text.slice(start, start + 2000);
    const next = /^\s*,?\s*/.exec(rest)?.[0] ?? "";
    if (!next.includes(",") || /^\)/.test(rest.slice(next.length))) return [];
    const [argument = ""] = splitArguments(rest.slice(next.length));
    if (/^\s*(func\b|\w+\s*:=|$)/.test(argument)) return [];
    return list(argument, resolve);
}

function list(expression: string, resolve: Resolve): string[] | null {
    const trimmed = expression.trim();
    if (trimmed === "nil") return [];
    const items = /^\[\]string\s*\{([\s\S]*)\}$/.exec(trimmed)?.[1];
    if (items === undefined) return null;
    const names = splitArguments(items).map(resolve);
    return names.every((name) => name !== undefined) ? names.sort() : null;
}

function constantLabels(expression: string | undefined): string[] | null {
    if (expression === undefined) return [];
    const inside = /\{([\s\S]*)\}/.exec(expression)?.[1];
    if (inside === undefined) return null;
    return [...inside.matchAll(/"(\w+)"\s*:/g)].map(([, name = ""]) => name);
}

function fieldsOf(body: string): Map<string, string> {
    return new Map(
        splitArguments(body).flatMap((field): [string, string][] => {
            const [, name, value] = /^\s*(\w+)\s*:([\s\S]*)$/.exec(field) ?? [];
            return name === undefined || value === undefined ? [] : [[name, value.trim()]];
        }),
    );
}

/** The position of the bracket that closes the one at `open`. */
function closing(text: string, open: number): number {
    let depth = 0;
    for (const { index, 0: token } of text.slice(open).matchAll(TOKEN)) {
        depth += "([{".includes(token) ? 1 : ")]}".includes(token) ? -1 : 0;
        if (depth === 0) return open + index;
    }
    return text.length;
}

const TOKEN = /"(?:[^"\\\n]|\\.)*"|`[^`]*`|[()[\]{},]/g;

/** Arguments up to the bracket that closes their list, or to the end. */
function splitArguments(text: string): string[] {
    const found: string[] = [];
    let [depth, start] = [0, 0];
    for (const { index, 0: token } of text.matchAll(TOKEN)) {
        if ("([{".includes(token)) depth++;
        else if (")]}".includes(token)) depth--;
        if (depth < 0 || (depth === 0 && token === ",")) {
            found.push(text.slice(start, index).trim());
            start = index + 1;
        }
        if (depth < 0) return found.filter((argument) => argument !== "");
    }
    found.push(text.slice(start).trim());
    return found.filter((argument) => argument !== "");
}
