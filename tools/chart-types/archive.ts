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
    const repository = `${pin.repository.replace(/\/$/, "")}/`;
    const index = record(parse((await get(new URL("index.yaml", repository))).toString(), { maxAliasCount: -1 }));
    const entry = records(record(index["entries"])[pin.name]).find((each) => each["version"] === pin.version);
    const [address] = strings(entry?.["urls"]);
    if (address === undefined) {
        throw new Error(`${repository} offers no ${pin.name} ${pin.version}`);
    }
    const archive = await get(new URL(address, repository));
    const digest = createHash("sha256").update(archive).digest("hex");
    if (digest !== entry?.["digest"]) {
        throw new Error(`${pin.name} ${pin.version}: the archive is not the one that ${repository}index.yaml lists`);
    }
    if (pin.digest !== undefined && digest !== pin.digest) {
        throw new Error(
            `${pin.name} ${pin.version}: the published archive has digest ${digest}, pinned is ${pin.digest}`,
        );
    }
    return archive;
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
