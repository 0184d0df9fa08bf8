import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { goValues } from "../../go-yaml";
import { isRecord } from "../../records";
import { objectsIn, placed, type RenderedObject } from "../../render/manifests";

/** Stands in place of a release for objects that others bring beside the stack. */
export const TENANT_WORKLOADS = "_with";

/** What was found in a file. */
export interface ManifestFile {
    readonly name: string;
    readonly objects: readonly RenderedObject[];
}

/**
 * Manifests of those who use the platform.
 * @param paths files, folders whose files `*.yaml`, `*.yml` and `*.json` are read, also those of folders within, or `-`
 * for the standard input: the output of Kustomize, Helm or a script.
 * @throws Error naming each file that is no YAML, or that there is none.
 */
export function readTenantWorkloads(paths: readonly string[]): ManifestFile[] {
    const errors: string[] = [];
    const files = paths
        .flatMap((path) => (path === "-" ? [path] : filesIn(path)))
        .map((path) => read(path, (error) => errors.push(error)));
    if (errors.length > 0) throw new Error(errors.join("\n"));
    if (files.every(({ objects }) => objects.length === 0)) {
        throw new Error(`--with ${paths.join(", ")}: no Kubernetes object was found there`);
    }
    return files;
}

function filesIn(path: string): string[] {
    if (!statSync(path).isDirectory()) return [path];
    return readdirSync(path, { withFileTypes: true })
        .filter((entry) => entry.name !== "node_modules" && !entry.name.startsWith("."))
        .sort((a, b) => (a.name < b.name ? -1 : 1))
        .flatMap((entry) => {
            const inner = join(path, entry.name);
            if (entry.isDirectory()) return filesIn(inner);
            return /\.(ya?ml|json)$/.test(entry.name) ? [inner] : [];
        });
}

function read(path: string, fail: (error: string) => void): ManifestFile {
    const text = readFileSync(path === "-" ? 0 : path, "utf8");
    const name = path === "-" ? "standard input" : path;
    try {
        const values = goValues(text);
        const objects = values.some(isManifest) ? values.flatMap(objectsIn) : [];
        return { name, objects: placed(TENANT_WORKLOADS, "default", objects) };
    } catch (error) {
        fail(`${name}: ${error instanceof Error ? error.message : String(error)}`);
        return { name, objects: [] };
    }
}

/** Settings of tools, such as `Pulumi.yaml`, stand in the same folders and are for none but them. */
function isManifest(value: unknown): boolean {
    return isRecord(value) && value.kind !== undefined && value.kind !== "Kustomization";
}
