import type { Attribute, Block, Statement } from "./alloy-syntax";
import { suggestion, type KeyProblem, type KeyTable } from "./keys";

/** What a module may hold beside components: they name things, and have no type in the table. */
const STRUCTURE = new Set(["declare", "argument", "export", "foreach"]);

/**
 * Blocks and arguments that Alloy does not know, arguments that must be there and are not, and names of components that
 * nothing in the same module makes.
 */
export function alloyProblems(table: KeyTable, statements: readonly Statement[]): KeyProblem[] {
    const root = table.types[table.root] ?? {};
    return moduleProblems(table, root, statements, new Map());
}

/** A `declare` is a module of its own: it sees its own components and its arguments alone. */
function moduleProblems(
    table: KeyTable,
    root: Readonly<Record<string, string>>,
    statements: readonly Statement[],
    outer: ReadonlyMap<string, Block>,
): KeyProblem[] {
    const blocks = statements.filter((each) => "block" in each);
    const declared = new Map([
        ...outer,
        ...blocks.filter(({ block }) => block === "declare").map((each) => [each.label ?? "", each] as const),
    ]);
    const made = new Set(blocks.map(({ block, label }) => (label === undefined ? block : `${block}.${label}`)));
    const known = [...Object.keys(root), ...declared.keys()];
    return statements.flatMap((each) => {
        if ("attribute" in each) return [unknown("", each.attribute, each.line, known)];
        if (each.block === "declare") return moduleProblems(table, root, each.body, declared);
        if (STRUCTURE.has(each.block) || each.block.startsWith("import.")) return [];
        const own = declared.get(each.block);
        const found = own
            ? customProblems(each, own)
            : root[each.block] === undefined
              ? [unknown("", each.block, each.line, known)]
              : blockProblems(table, each, root[each.block] ?? "", each.block);
        return [...found, ...lostReads(each, root, declared, made)];
    });
}

function customProblems(use: Block, declaration: Block): KeyProblem[] {
    const names = declaration.body.flatMap((each) =>
        "block" in each && each.block === "argument" ? [each.label ?? ""] : [],
    );
    return use.body.flatMap((each) => {
        const name = "attribute" in each ? each.attribute : each.block;
        return names.includes(name) ? [] : [unknown(`${use.block}.`, name, each.line, names)];
    });
}

function blockProblems(table: KeyTable, { body, line }: Block, type: string, path: string): KeyProblem[] {
    const keys = type === "block any" ? { "*": "any" } : table.types[type.slice("block ".length)];
    if (keys === undefined) throw new Error(`${table.program}'s table has no type ${type}`);
    const given = new Set(body.map((each) => ("attribute" in each ? each.attribute : each.block)));
    const lacking = Object.entries(keys).filter(([name, kind]) => kind === "attr!" && !given.has(name));
    return [
        ...lacking.map(([name]) => ({
            path: `line ${line}, ${path}`,
            found: `no ${name}`,
            wanted: `${name} must be given`,
        })),
        ...body.flatMap((each) => {
            const name = "attribute" in each ? each.attribute : each.block;
            const found = keys[name] ?? keys[name.replace(/\.[^.]*$/, ".*")] ?? keys["*"];
            if (found === undefined) return [unknown(`${path}.`, name, each.line, Object.keys(keys))];
            if ("attribute" in each && isNowhere(each)) {
                const wanted =
                    "an address: what is sent there would be kept, tried again and lost, without a word at the start";
                return [{ path: `line ${each.line}, ${path}.${name}`, found: JSON.stringify(each.value), wanted }];
            }
            if (found.endsWith("any")) return [];
            if (found.startsWith("block") && "block" in each)
                return blockProblems(table, each, found, `${path}.${name}`);
            const wanted = found.startsWith("block") ? `a block, ${name} { … }` : `an argument, ${name} = …`;
            const isWanted = found.startsWith("attr") === "attribute" in each;
            return isWanted
                ? []
                : [
                      {
                          path: `line ${each.line}, ${path}.${name}`,
                          found: "attribute" in each ? "an argument" : "a block",
                          wanted,
                      },
                  ];
        }),
    ];
}

/** Alloy takes an address that is empty or has no host, and says so with the first that it cannot send. */
function isNowhere({ attribute, value }: Attribute): boolean {
    if (value === undefined) return false;
    if (attribute === "url") return !/^https?:\/\/[^/]+/.test(value);
    return (attribute === "endpoint" || attribute === "address") && value === "";
}

/** Names that start as a component's do, and are none that the module makes. */
function lostReads(
    block: Block,
    root: Readonly<Record<string, string>>,
    declared: ReadonlyMap<string, Block>,
    made: ReadonlySet<string>,
): KeyProblem[] {
    return block.body.flatMap((each): KeyProblem[] => {
        if ("block" in each) return lostReads(each, root, declared, made);
        return each.reads.flatMap((name) => {
            const parts = name.split(".");
            const component = [3, 2, 1]
                .map((count) => parts.slice(0, count).join("."))
                .find((kind) => root[kind] !== undefined || declared.has(kind));
            if (component === undefined) return [];
            const whole = parts.slice(0, component.split(".").length + 1).join(".");
            if (made.has(whole) || made.has(component)) return [];
            return [
                {
                    path: `line ${each.line}, ${block.block}.${each.attribute}`,
                    found: whole,
                    wanted: suggestion(whole, [...made]),
                },
            ];
        });
    });
}

function unknown(within: string, name: string, line: number, known: readonly string[]): KeyProblem {
    return { path: `line ${line}, ${within}${name}`, found: "an unknown name", wanted: suggestion(name, known) };
}
