import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { onPath } from "../../on-path";
import { withoutCollector } from "../../short-lived";
import type { Check } from "../check";
import type { Found } from "../finding";
import { nameOf, specOf, type ClusterModel } from "../cluster-model";
import { AGREEMENTS } from "../program";
import { ALLOY_LOAD, LOAD, type Load } from "./alloy-load";
import { configFiles } from "./files";
import { readRules } from "./rule-readers";
import { HINT } from "./syntax-checks";

/** A text that a program is asked about. */
interface Question {
    readonly object: string;
    readonly text: string;
    /** From a Secret: the program's words about it are shown without what they quote. */
    readonly secret: boolean;
    /** Flags of the container that reads it. */
    readonly flags: readonly string[];
}

interface Binary {
    readonly name: string;
    readonly promise: string;
    readonly questions: (model: ClusterModel) => Question[];
    /** Arguments that make it read a file, say what it thinks, and end. */
    readonly args: (file: string, flags: readonly string[]) => string[];
    /** It reads further files that stand behind the first. */
    readonly reads?: "many";
    /** Where it cannot be asked about a file as it stands, and its exit code does not tell. */
    readonly load?: Load;
}

const BINARIES: readonly Binary[] = [
    {
        name: "promtool",
        promise: "promtool finds no fault in a rule of Prometheus",
        questions: rules,
        // Charts bring rules that its lint calls duplicate; that harms nothing.
        args: (file) => ["check", "rules", "--lint=none", file],
        reads: "many",
    },
    {
        name: "amtool",
        promise: "amtool finds no fault in Alertmanager's configuration",
        questions: (model) => configsOf(model, "alertmanager"),
        args: (file) => ["check-config", file],
    },
    ...AGREEMENTS.map(({ program, title, validates }) => ({
        name: program,
        promise: `${title} itself takes its configuration, with each container's flags`,
        questions: (model: ClusterModel) => configsOf(model, program),
        args: (file: string, flags: readonly string[]) => [...flags, `-config.file=${file}`, ...validates],
    })),
    {
        name: "alloy",
        promise: "Alloy itself takes its configuration, and makes every component of it",
        questions: (model) => configsOf(model, "alloy"),
        args: (file) => [...LOAD, file],
        load: ALLOY_LOAD,
    },
];

/** What the programs themselves say, of those whose binary is on PATH. */
export const BINARY_CHECKS: readonly Check[] = BINARIES.map((binary) => ({
    name: `asks-${binary.name}`,
    promise: binary.promise,
    skipReason: () => (onPath(binary.name) ? undefined : `${binary.name} is not on PATH`),
    run: (model) => answers(binary, binary.questions(model)),
}));

function answers({ name, args, reads, load }: Binary, questions: readonly Question[]): Found[] {
    const folder = mkdtempSync(join(tmpdir(), "verify-"));
    const env = withoutCollector(load?.env(folder) ?? process.env);
    const ask = (each: readonly string[]) =>
        spawnSync(name, each, { encoding: "utf8", timeout: LONGEST, cwd: folder, env });
    try {
        const asked = questions.map((question, index) => ({ ...question, file: join(folder, `${index}.yaml`) }));
        for (const { file, text } of asked)
            writeFileSync(file, load === undefined ? text : load.text(text, folder), { mode: 0o600 });
        const [first, ...others] = asked.map(({ file }) => file);
        // Most often all is well, and one start is enough to know.
        if (reads === "many" && first !== undefined && ask([...args(first, []), ...others]).status === 0) return [];
        const told = new Set<string>();
        return asked.flatMap(({ object, file, secret, flags }) => {
            const { status, stdout, stderr, error } = ask(args(file, flags));
            const refused = error?.message ?? load?.refusals(stderr);
            if (status === 0 || refused === "") return [];
            const said = (refused ?? complaint(`${stdout}\n${stderr}`)).replaceAll(file, "the file");
            // Containers with other flags get the same answer about the same file.
            if (told.has(`${object} ${said}`)) return [];
            told.add(`${object} ${said}`);
            return [
                {
                    object,
                    found: `${name}: ${secret ? withoutQuotes(said) : said}`,
                    wanted: `a configuration that ${name} takes`,
                    hint: HINT,
                },
            ];
        });
    } finally {
        rmSync(folder, { recursive: true });
    }
}

/** Milliseconds after which an answer is not waited for any more; the slowest takes about one second. */
const LONGEST = 30_000;

/** The lines that say what is wrong, of an output that may hold much else. */
function complaint(output: string): string {
    const lines = output.split("\n").filter((line) => line.trim() !== "");
    const wrong = lines.filter((line) => /error|failed|invalid|not found|could not|cannot|warn/i.test(line));
    return (wrong.length > 0 ? wrong : lines).slice(-4).join("; ");
}

function withoutQuotes(said: string): string {
    return said.replace(/`[^`]*`|"[^"]*"/g, "…");
}

/** A program's configurations; each once for every set of flags that its containers have beside their part. */
function configsOf(model: ClusterModel, program: string): Question[] {
    return configFiles(model)
        .files.filter((file) => file.program === program && file.kind === "main")
        .flatMap(({ holder, text, readers }) => {
            const all = readers.map(({ args }) =>
                args.filter((arg) => /^--?\w/.test(arg) && !/^--?(config\.file|target)=/.test(arg)),
            );
            const sets = new Map([...(all.length === 0 ? [[]] : all)].map((flags) => [flags.join(" "), flags]));
            return [...sets.values()].map((flags) => ({
                object: nameOf(holder),
                text,
                secret: holder.object.kind === "Secret",
                flags,
            }));
        });
}

function rules(model: ClusterModel): Question[] {
    return readRules(model)
        .filter(({ carriers }) => carriers.length === 0)
        .map(({ object }) => ({
            object: nameOf(object),
            text: stringify({ groups: specOf(object.object).groups }),
            secret: false,
            flags: [],
        }));
}
