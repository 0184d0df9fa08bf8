import { execFile } from "node:child_process";
import { readdirSync, readFileSync, realpathSync, statSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PINS } from "../charts";
import { kept, RENDERED } from "../kept";
import { pathOf } from "../on-path";
import { withoutCollector } from "../short-lived";
import { ChartError, helmMessage, valuesPath } from "./chart-error";
import { archiveVerdict, pinOf } from "./digest";
import { parseManifests, placed, type RenderedObject } from "./manifests";
import type { ReleaseInputs } from "./releases";

/** What makes objects of what Helm prints. */
const READERS = ["./manifests.ts", "../go-yaml.ts"]
    .map((path) => readFileSync(join(__dirname, path)))
    .concat(readFileSync(require.resolve("yaml/package.json")));

/** The program that renders: another version of it is another file. */
function helmFile(): unknown {
    const path = pathOf("helm");
    if (path === undefined) throw new Error("helm is not on PATH");
    const file = realpathSync(path);
    const { size, mtimeMs } = statSync(file);
    return { file, size, mtimeMs };
}

/** What of the cluster charts may ask for. */
export interface Capabilities {
    readonly kubeVersion: string;
    /** Beyond those of Kubernetes itself. */
    readonly apiVersions: readonly string[];
}

/** How charts are taken. */
export interface Charts {
    /** Refuse every archive that is not known to be the pinned one. */
    readonly strictDigests: boolean;
    /** Told of archives that are taken although they are not known to be. */
    readonly note: (text: string) => void;
}

/** Renders one release as its first install would, without tests, which only `helm test` makes. */
export async function renderRelease(
    release: ReleaseInputs,
    { kubeVersion, apiVersions }: Capabilities,
    charts: Charts,
): Promise<RenderedObject[]> {
    const folder = await mkdtemp(join(tmpdir(), "render-"));
    try {
        const chart = await archive(release, folder, charts);
        const values = join(folder, "values.json");
        writeFileSync(values, JSON.stringify(release.values));
        const options = [
            ...["--kube-version", kubeVersion, ...apiVersions.flatMap((version) => ["--api-versions", version])],
            ...["--skip-tests", release.skipCrds ? "--skip-crds" : "--include-crds"],
        ];
        const { name, namespace } = release;
        const from = [...READERS, helmFile(), readFileSync(chart), release.values, name, namespace, options];
        return await kept(RENDERED, from, async () => {
            const command = ["template", name, chart, "--namespace", namespace, "--values", values, ...options];
            const output = await helm(name, command);
            try {
                return placed(name, namespace, parseManifests(output));
            } catch (error) {
                throw new ChartError(name, undefined, error instanceof Error ? error.message : String(error));
            }
        });
    } finally {
        await rm(folder, { recursive: true, force: true });
    }
}

/** The release's chart as a local archive, held against its pin: its own path, or pulled. */
async function archive(release: ReleaseInputs, folder: string, { strictDigests, note }: Charts): Promise<string> {
    const { name, chart, version, repository } = release;
    const inFolder = repository === undefined && !chart.startsWith("oci://");
    const path = inFolder ? chart : await pulled(release, folder);
    const { problem, fatal } = archiveVerdict(path, pinOf(PINS, chart, version), {
        mirrored: repository === undefined,
        strict: strictDigests,
    });
    if (problem !== undefined && fatal) throw new ChartError(name, undefined, problem);
    if (problem !== undefined) note(problem);
    return path;
}

async function pulled({ name, chart, version, repository }: ReleaseInputs, folder: string): Promise<string> {
    const from = repository === undefined ? [chart] : [chart, "--repo", repository];
    await helm(name, ["pull", ...from, "--version", version, "--destination", folder]);
    const [file] = readdirSync(folder).filter((each) => each.endsWith(".tgz"));
    if (file === undefined) throw new ChartError(name, undefined, `helm pull left no archive of ${chart} ${version}`);
    return join(folder, file);
}

function helm(release: string, args: string[]): Promise<string> {
    return new Promise((resolve, reject) => {
        execFile("helm", args, { maxBuffer: 2 ** 28, env: withoutCollector(process.env) }, (error, stdout, stderr) => {
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
