import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Where the upgrade test starts: a version of each chart before the pinned one. When a pin moves, the version that it had
 * comes here; a test says where one is missing or no longer older. An older one may stay as long as people run it.
 */
export const PREVIOUS: Readonly<Record<string, string>> = {
    "cloudnative-pg": "0.28.3",
    cortex: "3.3.3",
    "k8s-monitoring": "4.3.3",
    // The last of the major version before.
    "kube-prometheus-stack": "87.21.0",
    loki: "18.9.1",
    minio: "5.3.0",
    "plugin-barman-cloud": "0.6.0",
    "prometheus-blackbox-exporter": "11.16.1",
    "prometheus-operator-crds": "30.0.1",
    "prometheus-pushgateway": "3.7.0",
    tempo: "2.1.2",
    "tempo-distributed": "2.25.5",
};

/** Archives of the previous versions that a folder of charts does not have. */
export function missingArchives(folder: string): string[] {
    const archives = Object.entries(PREVIOUS).map(([name, version]) => `${name}-${version}.tgz`);
    return archives.filter((archive) => !existsSync(join(folder, archive)));
}

const PIN = /(name: "([^"]+)",\s+repository: "[^"]+",\s+version: )"[^"]+"/g;

/** Writes a version of each chart into the pins of a copy of the program. */
export function pin(program: string, versions: Readonly<Record<string, string>>): void {
    const moved = new Set<string>();
    for (const room of readdirSync(join(program, "components"))) {
        const file = join(program, "components", room, "chart.ts");
        if (!existsSync(file)) continue;
        const text = readFileSync(file, "utf8").replace(PIN, (old, before: string, name: string) => {
            const version = versions[name];
            if (version === undefined) return old;
            moved.add(name);
            return `${before}"${version}"`;
        });
        writeFileSync(file, text);
    }
    assert.deepEqual([...moved].sort(), Object.keys(versions).sort(), "each version is the one of a pin");
}
