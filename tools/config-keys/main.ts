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
import { CONFIGURED, PROGRAMS, type ConfiguredProgram } from "../programs";
import { GoPackages } from "./go-packages";
import type { KeyTable } from "../../components/settings/config-keys";
import { TableBuilder } from "./table";

interface Place {
    /** Package below the program's module. */
    readonly path: string;
    readonly type: string;
}

/** Types that each program reads its configuration into. */
const ROOTS: Readonly<Record<Exclude<ConfiguredProgram, "alloy">, { root: Place; runtime?: Place }>> = {
    cortex: {
        root: { path: "pkg/cortex", type: "Config" },
        runtime: { path: "pkg/util/runtimeconfig", type: "RuntimeConfigValues" },
    },
    loki: {
        root: { path: "pkg/loki", type: "Config" },
        runtime: { path: "pkg/loki", type: "runtimeConfigValues" },
    },
    tempo: {
        root: { path: "cmd/tempo/app", type: "Config" },
        runtime: { path: "modules/overrides", type: "perTenantOverrides" },
    },
    alertmanager: { root: { path: "config", type: "Config" } },
};

/** Where each table stands: in the room whose settings are checked by it too, but for Alloy's, which `verify` alone asks. */
const TABLES: Readonly<Record<ConfiguredProgram, string>> = {
    alertmanager: "components/monitoring/kube-prometheus-stack/alertmanager-keys.gen.json",
    alloy: "tools/verify/configs/keys/alloy.gen.json",
    cortex: "components/metrics/cortex/config-keys.gen.json",
    loki: "components/logs/loki/config-keys.gen.json",
    tempo: "components/traces/tempo/config-keys.gen.json",
};

/** Alloy's blocks that are no components. */
const ALLOY_SETTINGS: Readonly<Record<string, Place>> = {
    logging: { path: "internal/runtime/logging", type: "Options" },
    tracing: { path: "internal/runtime/tracing", type: "Options" },
    livedebugging: { path: "internal/service/livedebugging", type: "Arguments" },
    http: { path: "internal/service/http", type: "Arguments" },
    remotecfg: { path: "internal/service/remotecfg", type: "Arguments" },
};

function write(program: string, folder: string): void {
    if (!isConfigured(program)) {
        throw new UsageError(`there is no program ${program}: there are ${CONFIGURED.join(", ")}`);
    }
    const cache = execFileSync("go", ["env", "GOMODCACHE"], { encoding: "utf8" }).trim();
    const source = new GoPackages(resolve(folder), cache);
    const builder = new TableBuilder(source, program === "alloy" ? "alloy" : "yaml");
    const roots = program === "alloy" ? components(builder, folder) : files(builder, program);
    const file = resolve(__dirname, "../..", TABLES[program]);
    const { version } = PROGRAMS[program];
    writeFileSync(file, lines({ program, version, ...roots, types: { ...builder.finish(), ...roots.types } }));
    for (const each of [...builder.open].sort()) console.error(`taken as it comes: ${each}`);
    console.log(`${Object.keys(builder.finish()).length} maps in ${relative(process.cwd(), file)}`);
}

function isConfigured(name: string): name is ConfiguredProgram {
    return CONFIGURED.some((each) => each === name);
}

type Roots = Pick<KeyTable, "root" | "runtime" | "types">;

function files(builder: TableBuilder, program: Exclude<ConfiguredProgram, "alloy">): Roots {
    const start = ROOTS[program];
    const declared = ({ path, type }: Place) => {
        const found = builder.declared(`${PROGRAMS[program].module}/${path}`, type);
        if (found === "any") throw new Error(`${path}.${type} is not in this source`);
        return found;
    };
    const root = declared(start.root);
    return { root, ...(start.runtime && { runtime: declared(start.runtime) }), types: {} };
}

/** Alloy's components register themselves, each with a type of its own for its arguments. */
function components(builder: TableBuilder, folder: string): Roots {
    const root: Record<string, string> = {};
    const { module } = PROGRAMS.alloy;
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
    about: "Writes which keys a program's configuration may hold, from the structs of its own source, for `verify`.",
    words: {
        program: { about: `One of ${CONFIGURED.join(", ")}.` },
        folder: { about: "The program's source of the pinned version, with its go.mod; `go mod download` ran in it." },
    },
    run: ({ program, folder }) => {
        write(program, folder);
    },
});
