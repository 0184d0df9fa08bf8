import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readIndex, unpack } from "../chart-types/archive";
import { readChart } from "../chart-types/chart";
import { compareVersions } from "../versions";

/** A version of a chart that its repository or a mirror has. */
export interface Offer {
    readonly version: string;
    readonly appVersion: string;
    /** As the repository's index gives it. A mirror may have packed the chart anew, and so tells nothing. */
    readonly digest: string | undefined;
}

/**
 * Every version of a chart that can be had.
 * @param mirror folder of `NAME-VERSION.tgz` in place of the chart's repository.
 */
export async function offersOf(name: string, repository: string, mirror: string | undefined): Promise<Offer[]> {
    if (mirror === undefined) return readIndex(repository, name);
    if (mirror.startsWith("oci://")) throw new Error("CHART_MIRROR: versions are read from a folder or a repository");
    const archive = new RegExp(`^${name}-\\d.*\\.tgz$`);
    const files = readdirSync(mirror).filter((file) => archive.test(file));
    return Promise.all(
        files.map(async (file) => {
            const { version, appVersion } = readChart(await unpack(readFileSync(join(mirror, file))));
            return { version, appVersion, digest: undefined };
        }),
    );
}

/** What narrows the choice of a version. */
export interface Wanted {
    readonly version?: string | undefined;
    /** Only charts of this version of the program. */
    readonly appVersion?: string | undefined;
    /** First version that is not taken. */
    readonly below?: string | undefined;
}

/**
 * The wanted version, or else the newest that is no preview of one.
 * @throws Error where there is none.
 */
export function choose(name: string, offers: readonly Offer[], { version, appVersion, below }: Wanted): Offer {
    const allowed = offers
        .filter((offer) => below === undefined || compareVersions(offer.version, below) < 0)
        .filter((offer) => appVersion === undefined || offer.appVersion === appVersion)
        .sort((a, b) => compareVersions(b.version, a.version));
    const found = allowed.find((offer) =>
        version === undefined ? !offer.version.includes("-") : offer.version === version,
    );
    if (found !== undefined) return found;
    const asked = [
        `${name}${version === undefined ? "" : ` ${version}`}`,
        ...(appVersion === undefined ? [] : [`with the program's version ${appVersion}`]),
        ...(below === undefined ? [] : [`below ${below}`]),
    ];
    const newest = allowed.slice(0, 5).map((offer) => offer.version);
    throw new Error(
        `nobody offers ${asked.join(" ")}${newest.length === 0 ? "" : `: there are ${newest.join(", ")}, …`}`,
    );
}
