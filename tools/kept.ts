import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

/** Where results of one sort are kept. It may be deleted at any time. */
export interface Place {
    readonly folder: string;
    /** Entries beyond these go, those first that were asked for the longest ago. */
    readonly most: number;
}

const CACHE = resolve(__dirname, "../node_modules/.cache");

/** What Helm makes of a release: some hundred kilobytes each. */
export const RENDERED: Place = { folder: join(CACHE, "render"), most: 200 };

/** The package's files: two megabytes each. */
export const BUILT: Place = { folder: join(CACHE, "package"), most: 5 };

/**
 * What `make` gives, kept by all that it is made from: made once, and read from then on. Where nothing can be kept, it is
 * made each time.
 * @param from everything that `make` depends on; a value is told from another by its JSON, and bytes by themselves.
 */
export async function kept<T>(place: Place, from: readonly unknown[], make: () => Promise<T>): Promise<T> {
    const hash = createHash("sha256");
    for (const part of from) hash.update(Buffer.isBuffer(part) ? part : JSON.stringify(part)).update("\0");
    const path = join(place.folder, `${hash.digest("hex")}.json`);
    const found = read(path);
    if (found !== undefined) return found.made as T;
    const made = await make();
    write(place, path, JSON.stringify(made));
    return made;
}

/** Nothing where there is nothing, or not all of it: a disk may lose what was written last. */
function read(path: string): { readonly made: unknown } | undefined {
    try {
        const made: unknown = JSON.parse(readFileSync(path, "utf8"));
        const now = new Date();
        utimesSync(path, now, now);
        return { made };
    } catch {
        return undefined;
    }
}

/** Whole or not at all, as others read it meanwhile. */
function write({ folder, most }: Place, path: string, text: string): void {
    try {
        mkdirSync(folder, { recursive: true });
        writeFileSync(`${path}.${process.pid}`, text, { mode: 0o600 });
        renameSync(`${path}.${process.pid}`, path);
        const used = (name: string) => statSync(join(folder, name)).mtimeMs;
        const names = readdirSync(folder);
        if (names.length <= most) return;
        const byUse = names.map((name) => ({ name, at: used(name) })).sort((a, b) => b.at - a.at);
        for (const { name } of byUse.slice(most)) rmSync(join(folder, name), { force: true });
    } catch {
        // A checkout that may only be read; or another process that clears up at the same time.
    }
}
