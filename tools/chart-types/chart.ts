import { parse } from "yaml";
import { record, records } from "../records";

/** A chart as far as its values matter. */
export interface Chart {
    readonly name: string;
    readonly version: string;
    /** Empty where the chart says none. */
    readonly appVersion: string;
    readonly library: boolean;
    readonly values: Record<string, unknown>;
    readonly schema: unknown;
    /** Text of its templates and of those among its defaults, without its subcharts'. */
    readonly templates: string;
    readonly subcharts: readonly Subchart[];
}

export interface Subchart {
    /** Key of the parent's values under which the subchart finds its own. */
    readonly key: string;
    /** Paths in the parent's values that switch it on. */
    readonly conditions: readonly string[];
    readonly chart: Chart;
}

/** Reads a chart from the files of its archive, by path without the archive's own folder. */
export function readChart(files: ReadonlyMap<string, string>): Chart {
    const about = record(parse(required(files, "Chart.yaml")));
    const schema = files.get("values.schema.json");
    const values = record(parse(files.get("values.yaml") ?? "", { merge: true, maxAliasCount: -1 }));
    const { appVersion } = about;
    return {
        name: text(about["name"]),
        version: text(about["version"]),
        appVersion: typeof appVersion === "string" || typeof appVersion === "number" ? String(appVersion) : "",
        library: about["type"] === "library",
        values,
        schema: schema === undefined ? undefined : JSON.parse(schema),
        templates: [
            ...[...files]
                .filter(([path]) => path.startsWith("templates/") && !path.endsWith("/NOTES.txt"))
                .map(([, content]) => content),
            ...templatesAmong(values),
        ].join("\n"),
        subcharts: records(about["dependencies"]).map((dependency) => readSubchart(dependency, files)),
    };
}

function readSubchart(dependency: Record<string, unknown>, files: ReadonlyMap<string, string>): Subchart {
    const folder = `charts/${text(dependency["name"])}/`;
    const own = [...files].filter(([path]) => path.startsWith(folder));
    return {
        key: text(dependency["alias"] ?? dependency["name"]),
        conditions: typeof dependency["condition"] === "string" ? dependency["condition"].split(",") : [],
        chart: readChart(new Map(own.map(([path, content]) => [path.slice(folder.length), content]))),
    };
}

/** Defaults that are templates themselves, as the stores' configurations often are. */
function templatesAmong(value: unknown): string[] {
    if (typeof value === "string") {
        return value.includes("{{") ? [value] : [];
    }
    return typeof value === "object" && value !== null ? Object.values(value).flatMap(templatesAmong) : [];
}

function required(files: ReadonlyMap<string, string>, path: string): string {
    const content = files.get(path);
    if (content === undefined) {
        throw new Error(`no ${path} in the chart`);
    }
    return content;
}

function text(value: unknown): string {
    if (typeof value !== "string") {
        throw new Error("Chart.yaml: name, version and alias have to be texts");
    }
    return value;
}

/** Templates of a chart and of everything in it. */
export function allTemplates(chart: Chart): string {
    return [chart.templates, ...chart.subcharts.map((sub) => allTemplates(sub.chart))].join("\n");
}
