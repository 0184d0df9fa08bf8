/** What every command of `npm run` shares: how it is called, what it says of itself, how it fails. */
import { inspect, parseArgs } from "node:util";
import { closest, distance } from "fastest-levenshtein";

/** An option, `--name`. */
export interface Option {
    readonly about: string;
    /** Stands for its value in the usage, `FILE`; without one it is a switch. */
    readonly value?: string;
    /** It may be given more than once. */
    readonly many?: boolean;
    readonly default?: string;
}

/** A word that is no option; words are given in the order in which a command lists them. */
export interface Word {
    readonly about: string;
    /** Taken where it is left out; without one it must be given. */
    readonly default?: string;
    /** It may be given more than once; only the last word can. */
    readonly many?: boolean;
}

type Options = Readonly<Record<string, Option>>;
type Words = Readonly<Record<string, Word>>;

type OptionValue<O extends Option> = O extends { value: string }
    ? O extends { many: true }
        ? string[]
        : O extends { default: string }
          ? string
          : string | undefined
    : boolean;
type WordValue<W extends Word> = W extends { many: true } ? string[] : string;

/** What was given on the command line, by the names of words and options. */
export type Given<W extends Words, O extends Options> = Listed<W, { [K in keyof W]: WordValue<W[K]> }> &
    Listed<O, { [K in keyof O]: OptionValue<O[K]> }>;

/** A command that lists none leaves the type at its bound, which says nothing. */
type Listed<List, Values> = string extends keyof List ? unknown : Values;

/** A command of package.json's `scripts`. */
export interface Command {
    /** Its name there. */
    readonly name: string;
    readonly about: string;
    readonly words: Words;
    readonly options: Options;
    /** May set `process.exitCode`, where it did its work and what it found is no success. */
    readonly run: (given: Readonly<Record<string, unknown>>) => Promise<void> | void;
}

/** The command was called wrongly: one line says how, and the exit code is 2. */
export class UsageError extends Error {}

const HELP: Option = { about: "Prints this." };

/** Describes a command; where its module is the program that Node was given, runs it. */
export function command<const W extends Words, const O extends Options>(
    module: NodeJS.Module,
    told: {
        readonly name: string;
        readonly about: string;
        readonly words?: W;
        readonly options?: O;
        readonly run: (given: Given<W, O>) => Promise<void> | void;
    },
): Command {
    // What `read` returns has the fields of both lists, each of the type that its entry says.
    const made: Command = { words: {}, options: {}, ...told, run: told.run as Command["run"] };
    if (require.main === module) void execute(made, process.argv.slice(2));
    return made;
}

/**
 * Runs a command. An error ends it with its message alone, one of this code's own with its place, and a failing exit code: 2
 * where the call was wrong, else 1.
 */
export async function execute(command: Command, argv: readonly string[]): Promise<void> {
    try {
        if (argv.some((word) => word === "--help" || word === "-h")) console.log(help(command));
        else await command.run(read(command, argv));
    } catch (error) {
        const message = spokenError(error);
        console.error(error instanceof UsageError ? `${command.name}: ${message}` : message);
        process.exitCode = error instanceof UsageError ? 2 : 1;
    }
}

/** What nobody throws who means to refuse something. */
const OWN = [TypeError, ReferenceError, RangeError];

function spokenError(error: unknown): string {
    if (!(error instanceof Error)) return String(error);
    const own = OWN.some((kind) => error instanceof kind) && !("code" in error);
    if (own || error.message === "") return inspect(error);
    const { code, path } = error as NodeJS.ErrnoException;
    return code === "ENOENT" && path !== undefined ? `there is no file or folder ${path}` : error.message;
}

/** Says what takes a while, to whoever waits at a terminal. Files and pipes hold results alone. */
export function progress(text: string): void {
    if (process.stderr.isTTY) console.error(`${text} …`);
}

/**
 * Reads a command line.
 * @throws UsageError with the first thing that is wrong.
 */
export function read({ name, words, options }: Command, argv: readonly string[]): Record<string, unknown> {
    const known: Options = { ...options, help: HELP };
    const { tokens } = parseArgs({
        args: [...argv],
        options: Object.fromEntries(
            Object.entries(known).map(([key, { value }]) => [
                key,
                { type: value === undefined ? "boolean" : "string" },
            ]),
        ),
        strict: false,
        tokens: true,
    });
    const given: Record<string, unknown> = {};
    const said: string[] = [];
    for (const token of tokens) {
        if (token.kind === "positional") said.push(token.value);
        if (token.kind !== "option") continue;
        const { name: key, rawName, value } = token;
        const option = Object.hasOwn(known, key) ? known[key] : undefined;
        if (option === undefined) throw new UsageError(`there is no option ${rawName}${meant(key, known)}`);
        if (option.value === undefined && value !== undefined) throw new UsageError(`--${key} takes no value`);
        if (option.value !== undefined && (value === undefined || value === "" || value.startsWith("--"))) {
            throw new UsageError(`--${key} wants a value: --${key} ${option.value}`);
        }
        if (option.many !== true && key in given) throw new UsageError(`--${key} is given twice`);
        given[key] = option.many === true ? [...((given[key] as string[] | undefined) ?? []), value] : (value ?? true);
    }
    for (const [key, option] of Object.entries(options)) {
        given[key] ??= option.many === true ? [] : option.value === undefined ? false : option.default;
    }
    for (const [key, word] of Object.entries(words)) {
        const own = word.many === true ? said.splice(0) : said.shift();
        const isLeftOut = own === undefined || own.length === 0;
        if (isLeftOut && word.default === undefined) {
            throw new UsageError(`${key.toUpperCase()} is missing: ${usage({ name, words, options })}`);
        }
        const otherwise = word.many === true ? [word.default] : word.default;
        given[key] = isLeftOut ? otherwise : own;
    }
    const [extra] = said;
    if (extra !== undefined) throw new UsageError(tooMany(extra, { name, words, options }));
    return given;
}

function tooMany(word: string, command: Pick<Command, "name" | "words" | "options">): string {
    const stack = Object.entries(command.options).find(([, { value }]) => value === "STACK");
    const fix = stack === undefined ? "" : `, or --${stack[0]} ${word}`;
    return `one word too many, ${word}: ${usage(command)}${fix}`;
}

function meant(key: string, known: Options): string {
    const names = Object.keys(known);
    const near = closest(key, names);
    return distance(key, near) <= 2
        ? `: did you mean --${near}?`
        : `, only ${names.map((one) => `--${one}`).join(", ")}`;
}

/** Options past these are left to `--help`. */
const TOLD = 4;

function usage({ name, words, options }: Pick<Command, "name" | "words" | "options">): string {
    const again = (text: string, many: boolean | undefined) => (many === true ? `${text}…` : text);
    const optional = (text: string, may: boolean) => (may ? `[${text}]` : text);
    const listed = Object.entries(options);
    const parts = [
        ...Object.entries(words).map(([key, word]) =>
            again(optional(key.toUpperCase(), word.default !== undefined), word.many),
        ),
        ...(listed.length > TOLD
            ? ["[OPTION]…"]
            : listed.map(([key, { value, many }]) => again(optional(spoken(key, value), true), many))),
    ];
    return ["npm run", name, ...(parts.length > 0 ? ["--", ...parts] : [])].join(" ");
}

function spoken(key: string, value: string | undefined): string {
    return value === undefined ? `--${key}` : `--${key} ${value}`;
}

function help(command: Command): string {
    const rows = [
        ...Object.entries(command.words).map(([key, word]) => [key.toUpperCase(), word] as const),
        ...Object.entries({ ...command.options, help: HELP }).map(
            ([key, option]) => [spoken(key, option.value), option] as const,
        ),
    ];
    const width = Math.max(...rows.map(([left]) => left.length));
    const lines = rows.map(([left, { about, default: otherwise }]) => {
        const unsaid = otherwise === undefined ? "" : ` ${otherwise} if absent.`;
        return `  ${left.padEnd(width)}  ${about}${unsaid}`;
    });
    return [`usage: ${usage(command)}`, "", command.about, "", ...lines].join("\n");
}
