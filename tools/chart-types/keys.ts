import ts from "typescript";
import type { ChartKeys } from "../../components/settings/chart-keys";

/**
 * The same keys once more as a value, which the program checks a user's `values` with: types are gone when it runs.
 * @param types the file of a chart's types
 * @param settings where `components/settings` is, from the file
 */
export function keysFile(types: string, settings: string): string {
    const source = ts.createSourceFile("values.gen.ts", types, ts.ScriptTarget.Latest, true);
    const declared = source.statements.find(ts.isInterfaceDeclaration);
    if (declared === undefined) throw new Error("there is no interface in the file of types");
    const keys = keysOf(declared.members);
    const lines = Object.entries(keys).map(([key, below]) => `    ${JSON.stringify(key)}: ${JSON.stringify(below)},`);
    const [head = ""] = types.split("\n");
    return [
        head,
        `import type { ChartKeys } from "${settings}/chart-keys";`,
        "",
        "export const chartKeys: ChartKeys = {",
        ...lines,
        "};",
        "",
    ].join("\n");
}

/** The name of the file of keys beside a file of types. */
export function keysName(types: string): string {
    return types.replace(/\.gen\.ts$/, "-keys.gen.ts");
}

function keysOf(members: ts.NodeArray<ts.TypeElement>): Record<string, ChartKeys> {
    return Object.fromEntries(
        members.map((member) => {
            if (ts.isIndexSignatureDeclaration(member)) return ["*", below(member.type)];
            if (!ts.isPropertySignature(member) || member.type === undefined) {
                throw new Error(`${member.getText()} is no key`);
            }
            const { name } = member;
            return [ts.isStringLiteral(name) ? name.text : name.getText(), below(member.type)];
        }),
    );
}

/** What may stand below a type; 1 where that is anything. */
function below(type: ts.TypeNode): ChartKeys {
    if (ts.isParenthesizedTypeNode(type)) return below(type.type);
    if (ts.isTypeLiteralNode(type)) return keysOf(type.members);
    // A list among the defaults shows an item that is right, not all that an item may have.
    if (!ts.isUnionTypeNode(type)) return 1;
    // Beside a map a chart may take a text, which has no keys; beside one whose keys are anything, anything.
    const maps = type.types.filter(
        (each) => ts.isTypeLiteralNode(each) || ts.isArrayTypeNode(each) || ts.isTypeReferenceNode(each),
    );
    const [only, ...others] = maps;
    return only === undefined || others.length > 0 ? 1 : below(only);
}
