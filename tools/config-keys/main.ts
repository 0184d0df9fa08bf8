/**
 * `npm run config-keys`: which keys a program's configuration may hold, from the structs of its own source, for
 * `verify`. `npm run bump` runs it where a chart's pin brings another version of the program:
 *
 *     npm run config-keys -- cortex DIR      DIR has the program's source of the pinned version, with its go.mod
 *
 * Packages of others come from DIR/vendor or Go's module cache: `go mod download` in DIR brings them. What is not
 * there is told, and taken as it comes by `verify`.
 */
import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { command, UsageError } from "../command";
import { CONFIGURED, FLAGGED, type Declared, type Flagged } from "../programs";
import { GoPackages } from "./go-packages";
import type { FlagTable } from "../../components/contracts/flags";
import { flagsOf } from "./flags";
import type { KeyTable } from "../../components/settings/config-keys";
import { TableBuilder } from "./table";

/** Alloy's blocks that are no components. */
const ALLOY_SETTINGS: Readonly<Record<string, Declared>> = {
    logging: { path: "internal/runtime/logging", type: "Options" },
    tracing: { path: "internal/runtime/tracing", type: "Options" },
    livedebugging: { path: "internal/service/livedebugging", type: "Arguments" },
    http: { path: "internal/service/http", type: "Arguments" },
    remotecfg: { path: "internal/service/remotecfg", type: "Arguments" },
};

const NAMES = [...CONFIGURED.keys(), ...FLAGGED.keys()].sort().join(", ");

function write(program: string, folder: string): void {
    const flagged = FLAGGED.get(program);
    if (flagged !== undefined) {
        writeFlags(program, flagged, folder);
        return;
    }
    const configured = CONFIGURED.get(program);
    if (configured === undefined) throw new UsageError(`there is no program ${program}: there are ${NAMES}`);
    const { config, module, version } = configured;
    const cache = execFileSync("go", ["env", "GOMODCACHE"], { encoding: "utf8" }).trim();
    const source = new GoPackages(resolve(folder), cache);
    const builder = new TableBuilder(source, config.root === undefined ? "alloy" : "yaml");
    const roots =
        config.root === undefined
            ? components(builder, folder, module)
            : files(builder, module, config.root, config.runtime);
    const file = resolve(__dirname, "../..", config.table);
    writeFileSync(file, lines({ program, version, ...roots, types: { ...builder.finish(), ...roots.types } }));
    for (const each of [...builder.open].sort()) console.error(`taken as it comes: ${each}`);
    console.log(`${Object.keys(builder.finish()).length} maps in ${relative(process.cwd(), file)}`);
}

function writeFlags(program: string, { version, flags }: Flagged, folder: string): void {
    const table: FlagTable = { program, version, flags: flagsOf(resolve(folder), flags.folders) };
    const file = resolve(__dirname, "../..", flags.table);
    writeFileSync(file, `${JSON.stringify(table, null, 2)}\n`);
    console.log(`${table.flags.length} flags in ${relative(process.cwd(), file)}`);
}

type Roots = Pick<KeyTable, "root" | "runtime" | "types">;

function files(builder: TableBuilder, module: string, start: Declared, again: Declared | undefined): Roots {
    const declared = ({ path, type }: Declared) => {
        const found = builder.declared(`${module}/${path}`, type);
        if (found === "any") throw new Error(`${path}.${type} is not in this source`);
        return found;
    };
    const root = declared(start);
    return { root, ...(again && { runtime: declared(again) }), types: {} };
}

/** Alloy's components register themselves, each with a type of its own for its arguments. */
function components(builder: TableBuilder, folder: string, module: string): Roots {
    const root: Record<string, string> = {};
    for (const [name, { path, type }] of Object.entries(ALLOY_SETTINGS)) {
        root[name] = `block ${builder.declared(`${module}/${path}`, type)}`;
    }
    const base = join(folder, "internal/component");
    const registered = /component\.Registration\{[\s\S]*?\bName:\s+"([^"]+)"[\s\S]*?\bArgs:\s+&?(?:(\w+)\.)?(\w+)\{/g;
    for (const file of readdirSync(base, { recursive: true, encoding: "utf8" }).sort()) {
        if (!file.endsWith(".go") || file.endsWith("_test.go")) continue;
        for (const [, name = "", alias, type = ""] of readFileSync(join(base, file), "utf8").matchAll(registered)) {
            const path = `${module}/internal/component/${dirname(file)}`;
            root[name] = `block ${alias === undefined ? builder.declared(path, type) : "any"}`;
        }
    }
    return { root: "", types: { "": root } };
}

/** A type a line, so that a new version's changes can be read. */
function lines({ types, ...head }: KeyTable): string {
    const each = Object.keys(types)
        .sort()
        .map((name) => `  ${JSON.stringify(name)}: ${JSON.stringify(types[name], sortedKeys)}`);
    return `${JSON.stringify(head).slice(0, -1)}, "types": {\n${each.join(",\n")}\n}}\n`;
}

function sortedKeys(_key: string, value: unknown): unknown {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

export default command(module, {
    name: "config-keys",
    about: "Writes which keys a program's configuration may hold, or which arguments it takes, from its own source, for `verify`.",
    words: {
        program: { about: `One of ${NAMES}.` },
        folder: { about: "The program's source of the pinned version, with its go.mod; `go mod download` ran in it." },
    },
    run: ({ program, folder }) => {
        write(program, folder);
    },
});
