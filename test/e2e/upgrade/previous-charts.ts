import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { writePin } from "../../../tools/bump/pins";
import { CHARTS } from "../../../tools/charts";

/**
 * Where the upgrade test starts: a version of each chart before the pinned one; a chart whose pin never moved starts as it
 * is. When a pin moves, `npm run bump` writes the version that it had here; a test says where one is no longer older. An
 * older one may stay as long as people run it.
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

/** Writes a version of each chart into the pins of a copy of the program. */
export function pin(program: string, versions: Readonly<Record<string, string>>): void {
    for (const [name, version] of Object.entries(versions)) {
        const chart = CHARTS.find((each) => each.pin.name === name);
        assert.ok(chart, `no chart ${name} is pinned`);
        writePin(program, chart, { version });
    }
}
