import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import type { ChartPin } from "../../components/kubernetes/chart-release";

type Pin = Pick<ChartPin, "name" | "version" | "digest">;

/** What is known of an archive that should be a pinned chart. */
export interface ArchiveVerdict {
    /** Undefined where it is the pinned one. */
    readonly problem: string | undefined;
    readonly fatal: boolean;
}

/**
 * Holds a chart's archive against its pin. Under a version a repository serves one archive for ever, so another is an
 * error. A mirror may have packed the same chart anew: there it is worth a note, and an error to those who are strict.
 */
export function archiveVerdict(
    path: string,
    pin: Pin | undefined,
    { mirrored, strict }: { mirrored: boolean; strict: boolean },
): ArchiveVerdict {
    if (!existsSync(path)) return { problem: `there is no ${path}`, fatal: true };
    const digest = createHash("sha256").update(readFileSync(path)).digest("hex");
    if (pin?.digest === digest) return { problem: undefined, fatal: false };
    if (pin === undefined) {
        return { problem: `no chart of this name and version is pinned, digest ${digest}`, fatal: strict };
    }
    const chart = `${pin.name} ${pin.version}`;
    if (pin.digest === undefined) {
        return { problem: `${chart} has no pinned digest, this one is ${digest}`, fatal: strict };
    }
    const packed = mirrored ? ": the mirror has another archive of that version" : "";
    return { problem: `${chart}: digest ${digest}, pinned is ${pin.digest}${packed}`, fatal: strict || !mirrored };
}

/** A chart's own name, of what a release calls it: `NAME`, `oci://…/NAME`, or the path of a `NAME-VERSION.tgz`. */
export function chartName(chart: string, version: string): string {
    return basename(chart, `-${version}.tgz`);
}

/** The pin of a chart as a release names it. */
export function pinOf<P extends Pin>(pins: readonly P[], chart: string, version: string): P | undefined {
    return pins.find((pin) => pin.version === version && pin.name === chartName(chart, version));
}
