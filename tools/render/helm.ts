import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { ChartPin } from "../../components/chart-release";
import { PINS } from "../chart-types/charts";
import { ChartError, helmMessage, valuesPath } from "./chart-error";
import { parseManifests, placed, type RenderedObject } from "./manifests";
import type { ReleaseInputs } from "./releases";

/** What of the cluster charts may ask for. */
export interface Capabilities {
    readonly kubeVersion: string;
    /** Beyond those of Kubernetes itself. */
    readonly apiVersions: readonly string[];
}

/** Renders one release as its first install would, without tests, which only `helm test` makes. */
export async function renderRelease(
    release: ReleaseInputs,
    { kubeVersion, apiVersions }: Capabilities,
    note: (text: string) => void,
): Promise<RenderedObject[]> {
    const folder = await mkdtemp(join(tmpdir(), "render-"));
    try {
        const chart = await archive(release, folder, note);
        const values = join(folder, "values.json");
        writeFileSync(values, JSON.stringify(release.values));
        const output = await helm(release.name, [
            ...["template", release.name, chart, "--namespace", release.namespace, "--values", values],
            ...["--kube-version", kubeVersion, ...apiVersions.flatMap((version) => ["--api-versions", version])],
            ...["--skip-tests", release.skipCrds ? "--skip-crds" : "--include-crds"],
        ]);
        try {
            return placed(release.name, release.namespace, parseManifests(output));
        } catch (error) {
            throw new ChartError(release.name, undefined, error instanceof Error ? error.message : String(error));
        }
    } finally {
        await rm(folder, { recursive: true, force: true });
    }
}

/** The release's chart as a local archive: its own path, or pulled and held against its pin. */
async function archive(release: ReleaseInputs, folder: string, note: (text: string) => void): Promise<string> {
    const { name, chart, version, repository } = release;
    const oci = chart.startsWith("oci://");
    if (repository === undefined && !oci) {
        note(`charts come from ${dirname(chart)}: their digests are not checked`);
        return chart;
    }
    const from = repository === undefined ? [chart] : [chart, "--repo", repository];
    await helm(name, ["pull", ...from, "--version", version, "--destination", folder]);
    const [file] = readdirSync(folder).filter((each) => each.endsWith(".tgz"));
    if (file === undefined) throw new ChartError(name, undefined, `helm pull left no archive of ${chart} ${version}`);
    const path = join(folder, file);
    const problem = digestProblem(pinOf(chart, version), createHash("sha256").update(readFileSync(path)).digest("hex"));
    // A mirror may have packed a chart anew, as the provider, too, would take it.
    if (problem?.fatal === true && !oci) throw new ChartError(name, undefined, problem.text);
    if (problem) note(`${name}: ${problem.text}`);
    return path;
}

function pinOf(chart: string, version: string): ChartPin | undefined {
    return PINS.find((pin) => pin.name === chart.split("/").at(-1) && pin.version === version);
}

/** What is wrong with an archive of that digest. */
export function digestProblem(
    pin: Pick<ChartPin, "name" | "version" | "digest"> | undefined,
    digest: string,
): { fatal: boolean; text: string } | undefined {
    if (pin === undefined) return { fatal: false, text: `no pin of this chart and version, digest ${digest}` };
    const chart = `${pin.name} ${pin.version}`;
    if (pin.digest === undefined) return { fatal: false, text: `${chart} has no pinned digest, this one is ${digest}` };
    if (pin.digest === digest) return undefined;
    return { fatal: true, text: `${chart}: the archive's digest is ${digest}, pinned is ${pin.digest}` };
}

function helm(release: string, args: string[]): Promise<string> {
    return new Promise((resolve, reject) => {
        execFile("helm", args, { maxBuffer: 2 ** 28 }, (error, stdout, stderr) => {
            if (error === null) {
                resolve(stdout);
            } else if (error.code === "ENOENT") {
                reject(new Error("helm is not on PATH"));
            } else {
                const message = helmMessage(stderr) || error.message;
                reject(new ChartError(release, valuesPath(message), message));
            }
        });
    });
}
