/** `name = expression`. */
export interface Attribute {
    readonly attribute: string;
    readonly line: number;
    /** Names that the expression reads, such as `loki.write.store.receiver`. */
    readonly reads: readonly string[];
    /** The expression where it is a plain text, number or truth. */
    readonly value: string | undefined;
    /** Members of the expression where it is an object, with those of its values that are plain. */
    readonly members: ReadonlyMap<string, string>;
}

/** `name "label" { … }`. */
export interface Block {
    readonly block: string;
    readonly label: string | undefined;
    readonly line: number;
    readonly body: readonly Statement[];
}

export type Statement = Attribute | Block;

/** Where a text is not Alloy's language. */
export class AlloySyntaxError extends Error {}

interface Token {
    readonly kind: "name" | "text" | "number" | "sign" | "line" | "end";
    readonly text: string;
    readonly line: number;
}

/**
 * Reads Alloy's configuration language.
 * @throws AlloySyntaxError with the line, at the first place that is none
 */
export function parseAlloy(text: string): Statement[] {
    return new Parser(tokens(text)).body("end");
}

const TOKEN =
    /(?<blank>[ \t\r]+|\/\/[^\n]*|\/\*[\s\S]*?\*\/)|(?<line>\n)|(?<text>"(?:[^"\\\n]|\\.)*"|`[^`]*`)|(?<number>\d[\w.]*)|(?<name>[A-Za-z_]\w*)|(?<sign>==|!=|<=|>=|&&|\|\||[=(){}[\],.:+\-*/%^!<>])/y;

function tokens(text: string): Token[] {
    const found: Token[] = [];
    let line = 1;
    for (let at = 0; at < text.length;) {
        TOKEN.lastIndex = at;
        const match = TOKEN.exec(text);
        if (match === null) throw new AlloySyntaxError(`line ${line}: ${text.slice(at, at + 20).split("\n")[0] ?? ""}`);
        const groups: Record<string, string | undefined> = match.groups ?? {};
        const [kind] = Object.entries(groups).find(([, value]) => value !== undefined) ?? ["blank"];
        if (kind !== "blank") found.push({ kind: kind as Token["kind"], text: match[0], line });
        line += match[0].split("\n").length - 1;
        at = TOKEN.lastIndex;
    }
    return [...found, { kind: "end", text: "the end", line }];
}

const OPERATORS = new Set(["==", "!=", "<", "<=", ">", ">=", "&&", "||", "+", "-", "*", "/", "%", "^"]);

class Parser {
    private at = 0;
    private reads: string[] = [];
    private members = new Map<string, string>();

    constructor(private readonly tokens: readonly Token[]) {}

    /** Statements up to the end of a block or of the text. */
    body(end: "}" | "end"): Statement[] {
        const statements: Statement[] = [];
        for (;;) {
            this.skipLines();
            if (end === "end" ? this.next.kind === "end" : this.is("}")) return statements;
            statements.push(this.statement());
            if (this.next.kind !== "line" && this.next.kind !== "end" && !this.is("}"))
                this.fail("the end of the line");
        }
    }

    private statement(): Statement {
        const { line } = this.next;
        const names = [this.take("name", "a name")];
        while (this.is(".")) {
            this.at++;
            names.push(this.take("name", "a name"));
        }
        const name = names.join(".");
        if (names.length === 1 && this.is("=")) {
            this.at++;
            return { attribute: name, line, ...this.value() };
        }
        const label = this.next.kind === "text" ? this.take("text", "a label").slice(1, -1) : undefined;
        this.expect("{");
        const body = this.body("}");
        this.expect("}");
        return { block: name, label, line, body };
    }

    private value(): Pick<Attribute, "reads" | "value" | "members"> {
        this.reads = [];
        this.members = new Map();
        const value = this.plain();
        return { reads: this.reads, value, members: this.members };
    }

    /** An expression, and its value where it is plain. */
    private plain(): string | undefined {
        const start = this.at;
        this.expression();
        const [only] = this.tokens.slice(start, this.at);
        if (this.at !== start + 1 || only === undefined) return undefined;
        if (only.kind === "name" && !/^(true|false)$/.test(only.text)) return undefined;
        return unquoted(only.text);
    }

    private expression(): void {
        this.operand();
        while (OPERATORS.has(this.next.text) && this.next.kind === "sign") {
            this.at++;
            this.skipLines();
            this.operand();
        }
    }

    private operand(): void {
        if (this.is("-") || this.is("!")) this.at++;
        const { kind, text } = this.next;
        if (kind === "text" || kind === "number") this.at++;
        else if (kind === "name") this.path();
        else if (text === "[")
            this.list("[", "]", () => {
                this.expression();
            });
        else if (text === "{")
            this.list("{", "}", () => {
                this.member();
            });
        else if (text === "(")
            this.list("(", ")", () => {
                this.expression();
            });
        else this.fail("a value");
        for (;;) {
            if (this.is("["))
                this.list("[", "]", () => {
                    this.expression();
                });
            else if (this.is("("))
                this.list("(", ")", () => {
                    this.expression();
                });
            else if (this.is(".")) {
                this.at++;
                this.take("name", "a name");
            } else return;
        }
    }

    private path(): void {
        const names = [this.take("name", "a name")];
        while (this.is(".")) {
            this.at++;
            names.push(this.take("name", "a name"));
        }
        if (names.length > 1) this.reads.push(names.join("."));
    }

    /** `key = value` or `key: value` of an object. */
    private member(): void {
        const key = unquoted(this.next.text);
        if (this.next.kind === "name" || this.next.kind === "text") this.at++;
        else this.fail("a key");
        if (this.is("=") || this.is(":")) this.at++;
        else this.fail("=");
        const value = this.plain();
        if (value !== undefined) this.members.set(key, value);
    }

    private list(open: string, close: string, item: () => void): void {
        this.expect(open);
        this.skipLines();
        while (!this.is(close)) {
            item();
            this.skipLines();
            if (this.is(",")) this.at++;
            else if (!this.is(close)) this.fail(`, or ${close}`);
            this.skipLines();
        }
        this.at++;
    }

    private get next(): Token {
        return this.tokens[Math.min(this.at, this.tokens.length - 1)] as Token;
    }

    private is(sign: string): boolean {
        return this.next.kind === "sign" && this.next.text === sign;
    }

    private skipLines(): void {
        while (this.next.kind === "line") this.at++;
    }

    private expect(sign: string): void {
        if (!this.is(sign)) this.fail(sign);
        this.at++;
    }

    private take(kind: Token["kind"], wanted: string): string {
        const { text } = this.next;
        if (this.next.kind !== kind) this.fail(wanted);
        this.at++;
        return text;
    }

    private fail(wanted: string): never {
        const { text, line, kind } = this.next;
        const found = kind === "line" ? "the end of the line" : text;
        throw new AlloySyntaxError(`line ${line}: ${found} where ${wanted} should stand`);
    }
}

function unquoted(text: string): string {
    return text.replace(/^["`]|["`]$/g, "");
}
