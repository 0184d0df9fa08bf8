import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Parser } from "tar";
import { parse } from "yaml";
import type { ChartPin } from "../../components/kubernetes/chart-release";
import { record, records, strings } from "../records";

/** Bytes of a pinned chart: from a folder of `NAME-VERSION.tgz`, or from its repository. */
export async function fetchArchive(pin: ChartPin, mirror: string | undefined): Promise<Buffer> {
    return mirror === undefined ? await download(pin) : await readFile(join(mirror, `${pin.name}-${pin.version}.tgz`));
}

async function download(pin: ChartPin): Promise<Buffer> {
    const entry = (await readIndex(pin.repository, pin.name)).find(({ version }) => version === pin.version);
    const [address] = entry?.urls ?? [];
    if (entry === undefined || address === undefined) {
        throw new Error(`${folderOf(pin.repository)} offers no ${pin.name} ${pin.version}`);
    }
    const archive = await get(new URL(address, folderOf(pin.repository)));
    const digest = createHash("sha256").update(archive).digest("hex");
    if (digest !== entry.digest) {
        throw new Error(
            `${pin.name} ${pin.version}: the archive is not the one that ${folderOf(pin.repository)}index.yaml lists`,
        );
    }
    if (pin.digest !== undefined && digest !== pin.digest) {
        throw new Error(
            `${pin.name} ${pin.version}: the published archive has digest ${digest}, pinned is ${pin.digest}`,
        );
    }
    return archive;
}

/** What a repository's index says of each version of a chart. */
export async function readIndex(repository: string, name: string) {
    const index = await get(new URL("index.yaml", folderOf(repository)));
    const { entries } = record(parse(index.toString(), { maxAliasCount: -1 }));
    return records(record(entries)[name]).map(({ version, appVersion, digest, urls }) => ({
        version: String(version),
        appVersion: String(appVersion),
        digest: typeof digest === "string" ? digest : undefined,
        urls: strings(urls),
    }));
}

function folderOf(repository: string): string {
    return `${repository.replace(/\/$/, "")}/`;
}

async function get(url: URL): Promise<Buffer> {
    const response = await fetch(url).catch((error: unknown) => {
        throw new Error(`${url.href} cannot be reached; CHART_MIRROR names a folder of archives instead`, {
            cause: error,
        });
    });
    if (!response.ok) {
        throw new Error(`${url.href}: ${response.status} ${response.statusText}`);
    }
    return Buffer.from(await response.arrayBuffer());
}

/** Files of an archive by path, without the chart's own folder. */
export async function unpack(archive: Buffer): Promise<Map<string, string>> {
    const files = new Map<string, string>();
    await new Promise<void>((resolve, reject) => {
        const parser = new Parser({
            strict: true,
            onReadEntry: (entry) => {
                const chunks: Buffer[] = [];
                entry.on("data", (chunk: Buffer) => chunks.push(chunk));
                entry.on("end", () => {
                    if (entry.type === "File" || entry.type === "OldFile") {
                        files.set(entry.path.replace(/^[^/]*\//, ""), Buffer.concat(chunks).toString());
                    }
                });
            },
        });
        parser.on("end", () => {
            resolve();
        });
        parser.on("error", reject);
        parser.end(archive);
    });
    return files;
}
