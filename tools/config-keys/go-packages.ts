import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** Where the packages of a program's source lie: its own, its vendored ones, and those in Go's module cache. */
export class GoPackages {
    private readonly module: string;
    /** Folder of each module that `go.mod` asks for. */
    private readonly modules: ReadonlyMap<string, string>;

    constructor(
        private readonly root: string,
        moduleCache: string,
    ) {
        const goMod = readFileSync(join(root, "go.mod"), "utf8");
        this.module = /^module (\S+)/m.exec(goMod)?.[1] ?? "";
        const modules = new Map<string, string>();
        const folder = (path: string, version: string) => join(moduleCache, `${escaped(path)}@${escaped(version)}`);
        for (const [, path = "", version = ""] of goMod.matchAll(/^(?:require )?\s*([\w./~-]+\.[\w./~-]+) (v\S+)/gm)) {
            modules.set(path, folder(path, version));
        }
        const replaced = /^(?:replace )?\s*([\w./~-]+)(?: v\S+)? => ([\w./~-]+)(?: (v\S+))?/gm;
        for (const [, path = "", other = "", version] of goMod.matchAll(replaced)) {
            modules.set(path, version === undefined ? join(root, other) : folder(other, version));
        }
        this.modules = modules;
    }

    /** A package's sources without its tests; undefined where it is not on this machine, as Go's own library is not. */
    sources(path: string): string[] | undefined {
        const folder = this.folder(path);
        if (folder === undefined || !existsSync(folder)) return undefined;
        return readdirSync(folder)
            .filter((file) => file.endsWith(".go") && !/_(test|windows|darwin)\.go$/.test(file))
            .sort()
            .map((file) => readFileSync(join(folder, file), "utf8"));
    }

    private folder(path: string): string | undefined {
        const own = below(path, this.module);
        if (own !== undefined) return join(this.root, own);
        const vendored = join(this.root, "vendor", path);
        if (existsSync(vendored)) return vendored;
        const [module] = [...this.modules.keys()]
            .filter((each) => below(path, each) !== undefined)
            .sort((a, b) => b.length - a.length);
        return module === undefined ? undefined : join(this.modules.get(module) ?? "", below(path, module) ?? "");
    }
}

function below(path: string, module: string): string | undefined {
    if (path === module) return "";
    return path.startsWith(`${module}/`) ? path.slice(module.length + 1) : undefined;
}

/** Module paths in the cache carry `!x` for `X`. */
function escaped(path: string): string {
    return path.replace(/[A-Z]/g, (letter) => `!${letter.toLowerCase()}`);
}
