import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ChartPin } from "../../components/kubernetes/chart-release";
import type { PinnedChart } from "../charts";
import { compareVersions } from "../versions";

type Moved = Pick<ChartPin, "version" | "digest" | "appVersion" | "checked">;

type Place = Pick<PinnedChart, "folder"> & { readonly pin: Pick<ChartPin, "name"> };

/** A pin as it stands in the file of a tree, which may be another than the one that runs. */
export function readPin(root: string, chart: Place): Moved & Pick<ChartPin, "repository"> {
    const { text, start, end } = find(root, chart);
    const read = (field: string) => FIELD(field).exec(text.slice(start, end))?.[2];
    const [repository, version, appVersion, checked] = ["repository", "version", "appVersion", "checked"].map(read);
    if (repository === undefined || version === undefined || appVersion === undefined || checked === undefined) {
        throw new Error(`${chart.folder}/chart.ts: the pin of ${chart.pin.name} lacks a field`);
    }
    return { repository, version, appVersion, checked, digest: read("digest") };
}

/** Writes fields of a pin and leaves the rest of its file, comments too. */
export function writePin(root: string, chart: Place, fields: Partial<Moved>): void {
    const { file, text, start, end } = find(root, chart);
    const pin = Object.entries(fields).reduce(
        (lines, [field, value]) => {
            if (!FIELD(field).test(lines))
                throw new Error(`${chart.folder}/chart.ts: no ${field} of ${chart.pin.name}`);
            return lines.replace(FIELD(field), (_, before: string) => `${before}${literal(value)},`);
        },
        text.slice(start, end),
    );
    writeFileSync(file, text.slice(0, start) + pin + text.slice(end));
}

const FIELD = (name: string) => new RegExp(`(\\b${name}: )(?:"([^"]*)"|undefined),`);

function literal(value: string | undefined): string {
    return value === undefined ? "undefined" : `"${value}"`;
}

function find(root: string, { folder, pin }: Place) {
    const file = join(root, folder, "chart.ts");
    const text = readFileSync(file, "utf8");
    const start = text.indexOf(`name: "${pin.name}",`);
    if (start < 0) throw new Error(`${folder}/chart.ts has no pin of ${pin.name}`);
    return { file, text, start, end: text.indexOf("};", start) };
}

/** Raises the version that a constant of the charts' file holds. Returns it where it was raised. */
export function raiseConstant(root: string, folder: string, name: string, version: string): string | undefined {
    const file = join(root, folder, "chart.ts");
    const text = readFileSync(file, "utf8");
    const pattern = new RegExp(`(\\bconst ${name} = )"([^"]+)"`);
    const now = pattern.exec(text)?.[2];
    if (now === undefined) throw new Error(`${folder}/chart.ts has no constant ${name}`);
    if (compareVersions(version, now) <= 0) return undefined;
    writeFileSync(
        file,
        text.replace(pattern, (_, before: string) => `${before}"${version}"`),
    );
    return version;
}

const PREVIOUS = "test/e2e/upgrade/previous-charts.ts";

/**
 * Records where the upgrade test starts: a chart whose pin moves for the first time comes last. A comment on the version
 * that stood there goes with that version.
 */
export function recordPrevious(root: string, name: string, version: string): void {
    const file = join(root, PREVIOUS);
    const text = readFileSync(file, "utf8");
    const key = /^\w+$/.test(name) ? name : `"${name}"`;
    const entry = new RegExp(`^((?: +//.*\\n)*)( +${key}: )"[^"]*",$`, "m");
    writeFileSync(
        file,
        entry.test(text)
            ? text.replace(entry, (_, _comment: string, before: string) => `${before}"${version}",`)
            : text.replace(/^\};$/m, `    ${key}: "${version}",\n};`),
    );
}
