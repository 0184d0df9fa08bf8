import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { nearest } from "../../components/settings/nearest";
import { pathOf } from "../../components/settings/problem";
import { UsageError } from "../command";
import { isRecord } from "../records";
import { parseStackYaml, StackFileError, textOf, toJson } from "./stack-yaml";

/** What the engine would hand to the program from `Pulumi.<stack>.yaml`. */
export interface StackFile {
    readonly project: string;
    readonly config: Record<string, string>;
    /** Keys with something encrypted in them, as the engine names them to the program. */
    readonly secretKeys: string[];
    /** Each place that is encrypted: `observability:alerting.slack.apiUrl`. The engine knows them, the program does not. */
    readonly secretPaths: string[];
}

/** Stands for a value that only the stack's secrets provider can decrypt: a right text and a right URL at once. */
export const ENCRYPTED = "https://encrypted-in-the-stack-file.invalid";

/** There is no such stack. */
export class NoStackError extends UsageError {}

/** Stacks that a project has a file of. */
function stacksOf(root: string): string[] {
    return readdirSync(root)
        .flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? [])
        .sort();
}

/**
 * Reads a stack's file as the engine does; encrypted values become a placeholder that is marked secret.
 * @throws StackFileError where the CLI could not read it, NoStackError where there is none.
 */
export function readStackFile(root: string, stack: string): StackFile {
    if (!existsSync(join(root, `Pulumi.${stack}.yaml`))) {
        throw new NoStackError(`there is no stack ${stack}: there are ${stacksOf(root).join(", ")}`);
    }
    const named = parseStackYaml(readFileSync(join(root, "Pulumi.yaml"), "utf8"), "Pulumi.yaml");
    const project = isRecord(named) && typeof named.name === "string" ? named.name : "";
    const name = `Pulumi.${stack}.yaml`;
    return stackFileOf(readFileSync(join(root, name), "utf8"), name, project);
}

/** The same of a stack file's text. */
export function stackFileOf(text: string, name: string, project: string): StackFile {
    const file = parseStackYaml(text, name) ?? {};
    if (!isRecord(file))
        throw new StackFileError(`${name} is no map with the key config: write config: and the settings below it.`);
    const stray = Object.keys(file).find((key) => key.startsWith(`${project}:`) || isMisspelt(key));
    if (stray !== undefined) {
        const meant = isMisspelt(stray) ? "is not config" : "stands outside of config";
        throw new StackFileError(`${name}: ${stray} ${meant}, below which alone Pulumi reads settings.`);
    }
    const given = file.config ?? {};
    if (!isRecord(given))
        throw new StackFileError(
            `${name}: config is no map: write a setting on each line below it, as in Pulumi.dev.yaml.`,
        );
    const config: Record<string, string> = {};
    const secretKeys: string[] = [];
    const secretPaths: string[] = [];
    const placeholders = new Map<string, string>();
    for (const [written, value] of Object.entries(given)) {
        const key = configKey(written, project, name);
        if (Object.hasOwn(config, key)) throw new StackFileError(`${name}: ${key} is given twice, in two spellings.`);
        const places = encryptedPlaces(value, key);
        if (places.length > 0) secretKeys.push(key);
        secretPaths.push(...places);
        config[key] = asConfig(withoutCiphertext(value, placeholders));
    }
    return { project, config, secretKeys, secretPaths };
}

/** Pulumi passes over what it does not know. */
function isMisspelt(key: string): boolean {
    return key !== "config" && nearest(key.toLowerCase(), ["config"]) !== undefined;
}

/** A key without a namespace is the project's. */
function configKey(written: string, project: string, file: string): string {
    const parts = written.split(":");
    const [namespace = "", middle, last] = parts;
    if (parts.length === 1) return `${project}:${written}`;
    if (parts.length === 2) return written;
    if (parts.length === 3 && middle === "config") return `${namespace}:${last ?? ""}`;
    throw new StackFileError(`${file}: ${written} is no key of a configuration, which is namespace:name.`);
}

/** The engine hands on texts, and maps and lists as JSON; nothing is an empty text. */
function asConfig(value: unknown): string {
    if (value === null) return "";
    return typeof value === "object" ? toJson(value) : textOf(value);
}

function isSecure(value: unknown): boolean {
    return isRecord(value) && Object.keys(value).length === 1 && typeof value.secure === "string";
}

function encryptedPlaces(value: unknown, path: string): string[] {
    if (isSecure(value)) return [path];
    if (Array.isArray(value)) return value.flatMap((item, i) => encryptedPlaces(item, pathOf(path, [i])));
    if (!isRecord(value)) return [];
    return Object.entries(value).flatMap(([key, inner]) => encryptedPlaces(inner, pathOf(path, [key])));
}

/** @param placeholders by ciphertext: two credentials are not taken for one. */
function withoutCiphertext(value: unknown, placeholders: Map<string, string>): unknown {
    if (isRecord(value) && isSecure(value)) {
        const cipher = String(value.secure);
        const number = placeholders.size === 0 ? "" : `/${placeholders.size + 1}`;
        const known = placeholders.get(cipher) ?? ENCRYPTED + number;
        placeholders.set(cipher, known);
        return known;
    }
    if (Array.isArray(value)) return value.map((item) => withoutCiphertext(item, placeholders));
    if (!isRecord(value)) return value;
    return Object.fromEntries(
        Object.entries(value).map(([key, inner]) => [key, withoutCiphertext(inner, placeholders)]),
    );
}
