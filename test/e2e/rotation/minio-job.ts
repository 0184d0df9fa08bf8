import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { minioChart } from "../../../components/object-store/minio/chart";
import { NAMESPACE, RELEASE } from "../../../components/object-store/minio/names";
import type { ChartValues } from "../../../components/object-store/minio/values.gen";
import { at, record, records, strings } from "../../../tools/records";
import { renderRelease } from "../../../tools/render/helm";
import type { KubernetesObject } from "../../../tools/render/manifests";

/** Secrets by name, with their data as text. */
export type Secrets = Readonly<Record<string, Readonly<Record<string, string>>>>;

/**
 * Runs the job that MinIO's chart makes of values, as the kubelet would: its files out of the ConfigMap and the Secrets,
 * its init containers one after another, then its containers at once. Only paths and the server's address are others.
 * @throws where one of them fails.
 */
export async function runMinioJob(values: ChartValues, secrets: Secrets, server: URL): Promise<void> {
    const objects = await rendered(values);
    const pod = record(at(objects.find(({ kind }) => kind === "Job")?.spec, "template.spec"));
    const folder = mkdtempSync(join(tmpdir(), "minio-job-"));
    try {
        for (const [path, text] of mounted(pod, objects, secrets)) {
            const file = join(folder, "config", path);
            mkdirSync(dirname(file), { recursive: true });
            // Paths in scripts are absolute; a shell without containers has them elsewhere.
            writeFileSync(file, text.replaceAll("/usr/bin/mc", "mc").replace(/\/(config|tmp|etc)\//g, `${folder}/$1/`));
        }
        mkdirSync(join(folder, "tmp"));
        const run = (container: Record<string, unknown>) => runContainer(container, folder, server);
        for (const container of records(pod.initContainers)) await run(container);
        await Promise.all(records(pod.containers).map(run));
    } finally {
        rmSync(folder, { recursive: true });
    }
}

async function rendered(values: ChartValues): Promise<KubernetesObject[]> {
    const { name, version } = minioChart;
    const chart = join(process.env.CHART_MIRROR ?? "", `${name}-${version}.tgz`);
    const release = await renderRelease(
        {
            name: RELEASE,
            namespace: NAMESPACE,
            chart,
            version,
            repository: undefined,
            skipCrds: true,
            values: { ...values },
            after: [],
        },
        { kubeVersion: "1.35.0", apiVersions: [] },
        { strictDigests: false, note: console.log },
    );
    return release.map(({ object }) => object);
}

/** Files of the pod's projected volume, by their paths in it. */
function mounted(
    pod: Record<string, unknown>,
    objects: readonly KubernetesObject[],
    secrets: Secrets,
): [string, string][] {
    const [sources] = records(pod.volumes)
        .map(({ projected }) => records(record(projected).sources))
        .filter(({ length }) => length > 0);
    return (sources ?? []).flatMap(({ configMap, secret }): [string, string][] => {
        const name = record(configMap ?? secret).name;
        const data =
            configMap === undefined
                ? secrets[String(name)]
                : objects.find(({ kind, metadata }) => kind === "ConfigMap" && metadata.name === name)?.data;
        if (data === undefined) throw new Error(`the job mounts ${String(name)}, which is not there`);
        const files = Object.entries(data as Record<string, string>);
        const items = records(record(secret).items);
        if (items.length === 0) return files;
        return items.map(({ key, path }) => {
            const text = record(data)[String(key)];
            if (typeof text !== "string") throw new Error(`${String(name)} has no ${String(key)}`);
            return [String(path), text];
        });
    });
}

async function runContainer({ command }: Record<string, unknown>, folder: string, server: URL): Promise<void> {
    const [, script] = strings(command);
    if (script === undefined)
        throw new Error(`the chart's job starts otherwise than it did: ${JSON.stringify(command)}`);
    // The image's /bin/sh is bash.
    await promisify(execFile)("bash", [join(folder, script)], {
        env: { PATH: process.env.PATH, HOME: folder, MINIO_ENDPOINT: server.hostname, MINIO_PORT: server.port },
    });
}
