import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

/** What the engine would hand to the program from `Pulumi.<stack>.yaml`. */
export interface StackFile {
    readonly project: string;
    readonly config: Record<string, string>;
    readonly secretKeys: string[];
}

/** Stands for a value that only the stack's secrets provider can decrypt: a right text and a right URL at once. */
export const ENCRYPTED = "https://encrypted-in-the-stack-file.invalid";

/** Reads a stack's file as the engine does; encrypted values become a placeholder that is marked secret. */
export function readStackFile(root: string, stack: string): StackFile {
    const project = (parse(readFileSync(join(root, "Pulumi.yaml"), "utf8")) as { name: string }).name;
    const file = parse(readFileSync(join(root, `Pulumi.${stack}.yaml`), "utf8")) as {
        config?: Record<string, unknown>;
    } | null;
    const config: Record<string, string> = {};
    const secretKeys: string[] = [];
    for (const [key, value] of Object.entries(file?.config ?? {})) {
        if (holdsSecret(value)) secretKeys.push(key);
        const plain = withoutCiphertext(value);
        config[key] = typeof plain === "string" ? plain : JSON.stringify(plain);
    }
    return { project, config, secretKeys };
}

function isSecure(value: unknown): boolean {
    return typeof value === "object" && value !== null && Object.keys(value).length === 1 && "secure" in value;
}

function holdsSecret(value: unknown): boolean {
    return isSecure(value) || (typeof value === "object" && value !== null && Object.values(value).some(holdsSecret));
}

function withoutCiphertext(value: unknown): unknown {
    if (isSecure(value)) return ENCRYPTED;
    if (Array.isArray(value)) return value.map(withoutCiphertext);
    if (typeof value === "object" && value !== null) {
        return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutCiphertext(inner)]));
    }
    return value;
}
