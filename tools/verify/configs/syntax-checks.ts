import { parseGoYaml } from "../../go-yaml";
import { record } from "../../records";
import type { Check } from "../check";
import type { Found } from "../finding";
import { nameOf } from "../cluster-model";
import { alloyProblems } from "./alloy-keys";
import { AlloySyntaxError, parseAlloy } from "./alloy-syntax";
import { agreementsOf, configFiles, type ConfigFile } from "./files";
import { KEYS, keyProblems, type KeyProblem } from "./keys";
import { iniProblems, nginxProblems } from "./other-syntax";

export const configSyntax: Check = {
    name: "config-syntax",
    promise: "Every configuration that a program is told to read is there, in its program's language",
    run: (model) => {
        const { files, missing } = configFiles(model);
        return [
            ...missing.map(({ object, file }) => ({
                object,
                found: `told to read ${file}, which nothing puts there`,
                wanted: "a ConfigMap or Secret of the stack with that key",
                hint: "its name or the mount was changed under `values` of the system's settings",
            })),
            ...files.flatMap((file) =>
                syntaxProblems(file).map((problem) => ({
                    object: nameOf(file.holder),
                    found: `${file.key}: ${problem}`,
                    wanted: `a configuration that ${file.program} can read`,
                    hint: HINT,
                })),
            ),
        ];
    },
};

export const configKeys: Check = {
    name: "config-keys",
    promise: "No configuration holds a key, or a kind of value, that its program's version does not know",
    run: (model) =>
        configFiles(model)
            .files.filter((file) => syntaxProblems(file).length === 0)
            .flatMap((file) => keyFindings(file)),
};

/** Where a configuration comes from. */
export const HINT = "it is made of the system's settings, their `values` among them";

function syntaxProblems({ program, key, text }: ConfigFile): string[] {
    if (program === "nginx") return nginxProblems(text);
    if (key.endsWith(".ini")) return iniProblems(text);
    if (program !== "alloy") return parseGoYaml(text).errors;
    try {
        parseAlloy(text);
        return [];
    } catch (error) {
        if (error instanceof AlloySyntaxError) return [error.message];
        throw error;
    }
}

function keyFindings(file: ConfigFile): Found[] {
    const table = KEYS[file.program];
    if (table === undefined) return [];
    return problemsOf(file).map(({ path, found, wanted }) => ({
        object: nameOf(file.holder),
        // A Secret's values are nobody's to read in a report.
        found: `${file.key}: ${path} is ${file.holder.object.kind === "Secret" && found.startsWith('"') ? "a text" : found}`,
        wanted,
        hint: `${file.program} ${table.version} would not start; ${HINT}`,
    }));
}

function problemsOf({ program, kind, text }: ConfigFile): KeyProblem[] {
    const table = KEYS[program];
    if (table === undefined) return [];
    if (program === "alloy") return alloyProblems(table, parseAlloy(text));
    const { value } = parseGoYaml(text);
    const type = kind === "runtime" ? (table.runtime ?? "any") : table.root;
    const refusesEmpty = agreementsOf(program)?.refusesEmptySections === true && kind === "main";
    return [...keyProblems(table, value, type), ...(refusesEmpty ? emptyNodes(value) : [])];
}

function emptyNodes(config: unknown): KeyProblem[] {
    return Object.entries(record(config))
        .filter(([, value]) => value === null || (typeof value === "object" && Object.keys(value).length === 0))
        .map(([path]) => ({ path, found: "an empty section", wanted: "keys in it, or no such section" }));
}
