import { parser } from "@prometheus-io/lezer-promql";

type Tree = ReturnType<typeof parser.parse>;
type SyntaxNode = Tree["topNode"];

/** One comparison inside a selector's braces. */
export interface Matcher {
    readonly label: string;
    readonly operator: "=" | "!=" | "=~" | "!~";
    readonly value: string;
}

/** What an expression reads: `metric{label="value"}`. */
export interface Selector {
    /** Undefined where the name itself is matched by a regular expression or not at all. */
    readonly metric: string | undefined;
    /** All but those of the name. */
    readonly matchers: readonly Matcher[];
}

/** Labels that an aggregation or a join names, and what it reads them from: at least one selector must have each. */
export interface Grouping {
    readonly labels: readonly string[];
    readonly selectors: readonly Selector[];
    /** Labels that functions inside have made themselves, as `label_replace` does. */
    readonly made: readonly string[];
}

/** Where an expression is not PromQL, as `column: what stands there`; empty if it is. Types of arguments are promtool's to check. */
export function parseErrors(expr: string): string[] {
    return expr.trim() === "" ? ["column 1: nothing there"] : syntaxErrors(treeOf(expr), expr);
}

/** Where a parser of lezer's could not go on, as `column: what stands there`. */
export function syntaxErrors({ topNode }: Tree, expr: string): string[] {
    return nodesIn(topNode, ({ isError }) => isError).map(
        ({ from }) => `column ${from + 1}: unexpected ${expr.slice(from, from + 20) || "end"}`,
    );
}

/**
 * Every selector of an expression, in the order of the text.
 * @throws if the expression does not parse: what half an expression reads says nothing.
 */
export function metricsOf(expr: string): Selector[] {
    return selectorsIn(parsed(expr), expr);
}

/**
 * Every list of labels in `by`, `on` and `group_left`, with the side it speaks of. `without` and `ignoring` name labels
 * that may well be absent.
 */
export function groupingsOf(expr: string): Grouping[] {
    return nodesIn(parsed(expr), named("AggregateExpr", "BinaryExpr")).flatMap((node) =>
        node.name === "BinaryExpr" ? join(node, expr) : aggregation(node, expr),
    );
}

/** What was parsed: the same expressions are asked for their selectors, their labels and more. */
const trees = new Map<string, Tree>();

function treeOf(expr: string): Tree {
    const tree = trees.get(expr) ?? parser.parse(expr);
    trees.set(expr, tree);
    return tree;
}

function parsed(expr: string): SyntaxNode {
    const errors = parseErrors(expr);
    if (errors.length > 0) throw new Error(`${errors.join(", ")} in ${expr}`);
    return treeOf(expr).topNode;
}

function aggregation(node: SyntaxNode, expr: string): Grouping[] {
    const modifier = node.getChild("AggregateModifier");
    const body = node.getChild("FunctionCallBody");
    if (modifier?.getChild("By") === null || modifier === null || body === null) return [];
    return [grouping(labelsIn(modifier, expr), body, expr)];
}

/** `left op on(a) group_left(b) right`: both sides have a, the side of one has b. */
function join(node: SyntaxNode, expr: string): Grouping[] {
    const clause = node.getChild("MatchingModifierClause");
    const [left, right] = [node.firstChild, node.lastChild];
    if (clause === null || left === null || right === null) return [];
    const [matched = [], copied = []] = clause.getChildren("GroupingLabels").map((labels) => labelsIn(labels, expr));
    const one = clause.getChild("GroupRight") === null ? right : left;
    const on = clause.getChild("On") === null ? [] : [grouping(matched, left, expr), grouping(matched, right, expr)];
    return copied.length === 0 ? on : [...on, grouping(copied, one, expr)];
}

function grouping(labels: string[], side: SyntaxNode, expr: string): Grouping {
    return { labels, selectors: selectorsIn(side, expr), made: madeLabels(side, expr) };
}

function selectorsIn(node: SyntaxNode, expr: string): Selector[] {
    return nodesIn(node, named("VectorSelector")).map((selector) => readSelector(selector, expr));
}

function readSelector(node: SyntaxNode, expr: string): Selector {
    const braces = node.getChild("LabelMatchers");
    const matchers = [
        ...(braces?.getChildren("UnquotedLabelMatcher") ?? []),
        ...(braces?.getChildren("QuotedLabelMatcher") ?? []),
    ].map((matcher) => readMatcher(matcher, expr));
    const bare = node.getChild("Identifier");
    const quoted = braces?.getChild("QuotedLabelName");
    const named = matchers.find(({ label, operator }) => label === "__name__" && operator === "=");
    return {
        metric: bare ? text(bare, expr) : quoted ? unquote(text(quoted, expr)) : named?.value,
        matchers: matchers.filter(({ label }) => label !== "__name__"),
    };
}

function readMatcher(node: SyntaxNode, expr: string): Matcher {
    const [label, operator, value] = childrenOf(node).map((child) => text(child, expr));
    if (label === undefined || value === undefined || !isOperator(operator)) {
        throw new Error(`not a matcher: ${text(node, expr)}`);
    }
    return { label: unquote(label), operator, value: unquote(value) };
}

function isOperator(operator: string | undefined): operator is Matcher["operator"] {
    return operator === "=" || operator === "!=" || operator === "=~" || operator === "!~";
}

/** Where each function that makes a label has its name among the arguments. */
const MAKERS: Readonly<Record<string, number>> = { label_replace: 1, label_join: 1 };

function madeLabels(side: SyntaxNode, expr: string): string[] {
    return nodesIn(side, named("AggregateExpr", "FunctionCall")).flatMap((node) => {
        if (node.name === "AggregateExpr" && node.getChild("AggregateOp")?.getChild("CountValues")) {
            return literals(node, expr, 0);
        }
        const called = node.name === "FunctionCall" ? node.getChild("FunctionIdentifier") : null;
        const position = called === null ? undefined : MAKERS[text(called, expr)];
        return position === undefined ? [] : literals(node, expr, position);
    });
}

function literals(call: SyntaxNode, expr: string, position: number): string[] {
    const argument = call.getChild("FunctionCallBody");
    const found = argument === null ? undefined : childrenOf(argument)[position];
    return found?.name === "StringLiteral" ? [unquote(text(found, expr))] : [];
}

function labelsIn(node: SyntaxNode, expr: string): string[] {
    return nodesIn(node, named("LabelName", "QuotedLabelName")).map((label) => unquote(text(label, expr)));
}

type Wanted = (type: SyntaxNode["type"]) => boolean;

function named(...names: readonly string[]): Wanted {
    return ({ name }) => names.includes(name);
}

/** The node and all below it, as far as they are wanted, in the order of the text. */
function nodesIn(node: SyntaxNode, wanted: Wanted): SyntaxNode[] {
    const found: SyntaxNode[] = [];
    node.cursor().iterate((at) => {
        // To make a node of each costs more than to parse.
        if (wanted(at.type)) found.push(at.node);
    });
    return found;
}

function childrenOf(node: SyntaxNode): SyntaxNode[] {
    const children: SyntaxNode[] = [];
    for (let child = node.firstChild; child !== null; child = child.nextSibling) children.push(child);
    return children;
}

function text(node: SyntaxNode, expr: string): string {
    return expr.slice(node.from, node.to);
}

/** PromQL's strings are Go's: quotes of two kinds with escapes, backticks without. */
function unquote(literal: string): string {
    const inside = literal.slice(1, -1);
    if (literal.startsWith("`")) return inside;
    return /^["']/.test(literal)
        ? inside.replace(/\\(.)/g, (_, escaped: string) => ESCAPES[escaped] ?? escaped)
        : literal;
}

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t" };
