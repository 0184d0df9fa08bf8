import {
    isAlias,
    isMap,
    isScalar,
    isSeq,
    LineCounter,
    parseAllDocuments,
    type Document,
    type ErrorCode,
    type Node,
    type Scalar,
} from "yaml";

/** The file is not what Pulumi's CLI could read, or not what anybody meant. */
export class StackFileError extends Error {}

/**
 * A stack file's value as Pulumi's CLI reads it, by Go's yaml.v3: words and numbers of YAML 1.1 and 1.2 at once (`010` is
 * 8, `yes` is a text), dates as Go prints them, keys as texts, merge keys. Whole numbers beyond 2^53 are bigints.
 * @param name of the file, for messages.
 * @throws StackFileError
 */
export function parseStackYaml(text: string, name: string): unknown {
    const lines = new LineCounter();
    const options = { schema: "failsafe", uniqueKeys: false, lineCounter: lines } as const;
    const documents = [...parseAllDocuments(text.replace(/^\uFEFF/, ""), options)];
    const refuse = (what: string, offset = 0): never => {
        throw new StackFileError(`${name}, line ${lines.linePos(offset).line}: ${what}.`);
    };
    const [document, second] = documents;
    for (const { errors } of documents) {
        const [error] = errors;
        if (error !== undefined) refuse(wordsOf(error.code), error.pos[0]);
    }
    if (second !== undefined) {
        refuse("a second document begins, of which Pulumi would read nothing", second.range[0]);
    }
    return document?.contents == null ? null : new Reader(document, refuse).value(document.contents);
}

const WRONG: Partial<Record<ErrorCode, string>> = {
    BAD_ALIAS: "an asterisk begins the name of an anchor; in quotes it is a text",
    BAD_INDENT: "its indentation fits to none above, or a bracket before it is open",
    BAD_SCALAR_START: "a character begins it that YAML keeps for itself; in quotes it is a text",
    BLOCK_AS_IMPLICIT_KEY: "two keys stand in one line; a text with a colon and a space belongs in quotes",
    MISSING_CHAR: "a quote, a bracket or a colon is missing",
    TAB_AS_INDENT: "a tab indents it, where YAML takes spaces alone",
};

/** The parser's own messages repeat the text around, in which a credential may stand. */
function wordsOf(code: ErrorCode): string {
    return WRONG[code] ?? "it is not YAML";
}

type Refuse = (what: string, offset?: number) => never;

class Reader {
    constructor(
        private readonly document: Document,
        private readonly refuse: Refuse,
    ) {}

    value(node: Node | null): unknown {
        const given = this.resolved(node);
        if (given === null) return null;
        if (isMap(given)) return this.map(given);
        if (isSeq(given)) return given.items.map((item) => this.value(item as Node | null));
        return this.scalar(given as Scalar<string>);
    }

    private resolved(node: Node | null): Node | null {
        if (!isAlias(node)) return node;
        const target = node.resolve(this.document);
        return target ?? this.refuse(`no anchor is called ${node.source}`, node.range?.[0]);
    }

    private map(map: Node): Record<string, unknown> {
        if (!isMap(map)) return this.refuse("a map is merged with what is none", map.range?.[0]);
        const own = new Map<string, unknown>();
        const merged = new Map<string, unknown>();
        for (const { key, value } of map.items) {
            const keyNode = this.resolved(key as Node | null);
            if (keyNode !== null && !isScalar(keyNode)) {
                return this.refuse("a map or a list stands where a key belongs", keyNode.range?.[0]);
            }
            const name = keyNode === null ? "<nil>" : textOf(this.scalar(keyNode as Scalar<string>));
            if (name === "<<") {
                for (const [inner, each] of this.merged(value as Node | null)) {
                    if (!merged.has(inner)) merged.set(inner, each);
                }
                continue;
            }
            if (own.has(name)) this.refuse(`the key ${name} stands there twice`, keyNode?.range?.[0]);
            own.set(name, this.value(value as Node | null));
        }
        // Go hands maps on with their keys in this order.
        const all = [...new Map([...merged, ...own])].sort(([a], [b]) => (a < b ? -1 : 1));
        return Object.fromEntries(all);
    }

    private merged(node: Node | null): [string, unknown][] {
        const given = this.resolved(node);
        const maps = isSeq(given) ? given.items.map((item) => this.resolved(item as Node | null)) : [given];
        return maps.flatMap((map) => {
            if (!isMap(map)) return this.refuse("a map is merged with what is none", map?.range?.[0]);
            return Object.entries(this.map(map));
        });
    }

    private scalar(node: Scalar<string>): unknown {
        const { tag } = node;
        if (tag?.endsWith(":binary") === true) return Buffer.from(node.value, "base64").toString();
        const plain = node.type === "PLAIN" && tag === undefined;
        if (!plain && !(tag !== undefined && /:(int|float|bool|null)$/.test(tag))) return node.value;
        const value = resolve(node.value);
        return typeof value === "number" && !Number.isFinite(value)
            ? this.refuse("a number that JSON does not have", node.range?.[0])
            : value;
    }
}

const WORDS = new Map<string, unknown>([
    ...["true", "True", "TRUE"].map((word) => [word, true] as const),
    ...["false", "False", "FALSE"].map((word) => [word, false] as const),
    ...["", "~", "null", "Null", "NULL"].map((word) => [word, null] as const),
    ...[".nan", ".NaN", ".NAN"].map((word) => [word, Number.NaN] as const),
    ...["inf", "Inf", "INF"].flatMap((word) => [
        [`.${word}`, Infinity] as const,
        [`+.${word}`, Infinity] as const,
        [`-.${word}`, -Infinity] as const,
    ]),
]);

/** What a plain text stands for, in the order in which yaml.v3 asks. */
function resolve(text: string): unknown {
    if (WORDS.has(text)) return WORDS.get(text);
    if (!/^[-+.\d]/.test(text)) return text;
    return timestamp(text) ?? integer(text.replaceAll("_", "")) ?? float(text) ?? text;
}

function integer(text: string): number | bigint | undefined {
    const [, sign = "", prefix = "", digits = ""] =
        /^([-+]?)(0[xX]|0[bB]|0[oO]|0(?=[0-7]))?([\da-fA-F]+)$/.exec(text) ?? [];
    const base = { "": /^\d+$/, "0x": /^[\da-f]+$/i, "0b": /^[01]+$/, "0o": /^[0-7]+$/, "0": /^[0-7]+$/ };
    const kind = prefix.toLowerCase() as keyof typeof base;
    if (!base[kind].test(digits)) return undefined;
    const size = BigInt((kind === "0" ? "0o" : kind) + digits);
    const value = sign === "-" ? -size : size;
    if (value < -(2n ** 63n) || value >= 2n ** 64n) return undefined;
    return value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;
}

function float(text: string): number | undefined {
    const plain = text.startsWith(".") ? text : text.replaceAll("_", "");
    return /^[-+]?(\.\d+|\d+(\.\d*)?)([eE][-+]?\d+)?$/.test(plain) ? Number(plain) : undefined;
}

const TIME = /^(\d{4})-(\d\d?)-(\d\d?)(?:([Tt ])(\d\d?):(\d\d?):(\d\d?)(?:[.,](\d{1,9}))?(Z|[-+]\d\d:\d\d)?)?$/;

/** A moment in the words in which Go prints it, for that is what the program is given. */
function timestamp(text: string): string | undefined {
    const [, year, month = "", day = "", between, hour = "0", minute = "0", second = "0", part = "", zone] =
        TIME.exec(text) ?? [];
    if (year === undefined || (between !== undefined && (zone === undefined) !== (between === " "))) return undefined;
    const two = (digits: string) => digits.padStart(2, "0");
    const date = `${year}-${two(month)}-${two(day)}`;
    const time = `${two(hour)}:${two(minute)}:${two(second)}`;
    const moment = new Date(`${date}T${time}Z`);
    if (Number.isNaN(moment.getTime()) || !moment.toISOString().startsWith(`${date}T${time}`)) return undefined;
    const fraction = part.replace(/0+$/, "");
    const offset =
        zone === undefined || zone === "Z" ? "+0000 UTC" : `${zone.replace(":", "")} ${zone.replace(":", "")}`;
    return `${date} ${time}${fraction === "" ? "" : `.${fraction}`} ${offset}`;
}

/** A scalar as the engine hands it to a program, and as Go prints one that is a key. */
export function textOf(value: unknown): string {
    if (value === null) return "<nil>";
    return typeof value === "string" ? value : toJson(value);
}

/** A value as JSON; bigints are numbers in it. */
export function toJson(value: unknown): string {
    if (Array.isArray(value)) return `[${value.map(toJson).join(",")}]`;
    if (typeof value === "object" && value !== null) {
        return `{${Object.entries(value)
            .map(([key, inner]) => `${JSON.stringify(key)}:${toJson(inner)}`)
            .join(",")}}`;
    }
    return typeof value === "bigint" ? String(value) : JSON.stringify(value);
}
