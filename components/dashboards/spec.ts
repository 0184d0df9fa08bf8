/**
 * What a dashboard says, apart from how Grafana writes it down: `build.ts` makes Grafana's JSON of it. A panel cannot be
 * without a unit and a description that tells what is normal and what to do.
 */
export interface Dashboard {
    /** Part of its address in Grafana, and name of its file: never changes. */
    readonly uid: string;
    readonly title: string;
    readonly description: string;
    /** Whether it has the variable `namespace`, for what applications do; `cluster` is on all. */
    readonly byNamespace?: boolean;
    /** Start of the time range on opening: `now-6h`. */
    readonly from: string;
    readonly rows: readonly Row[];
}

export interface Row {
    readonly title: string;
    readonly panels: readonly Panel[];
}

/** Grafana's ids of units: https://github.com/grafana/grafana/blob/main/packages/grafana-data/src/valueFormats/categories.ts */
export type Unit = "short" | "bytes" | "Bps" | "s" | "percentunit" | "cps" | "reqps" | "suffix: cores" | "none";

export type Query =
    | { readonly store: "metrics"; readonly expr: string; readonly legend: string; readonly exemplars?: boolean }
    | { readonly store: "traces"; readonly expr: string };

/** From which value on which colour; numbers below the first have the colour `base`. */
export type Thresholds = readonly { readonly from: number; readonly color: "yellow" | "red" | "green" }[];

export interface PanelText {
    readonly title: string;
    /** What it shows, what is normal, what to do when it is not. */
    readonly description: string;
}

interface Drawn extends PanelText {
    readonly unit: Unit;
    readonly queries: readonly Query[];
    readonly thresholds?: Thresholds;
    /** Largest value of the axis. */
    readonly max?: number;
    readonly links?: readonly Link[];
    /** Of the 24 columns; what fits the kind of panel if absent. */
    readonly width?: number;
}

/** Elsewhere in Grafana. */
export interface PageLink {
    readonly title: string;
    readonly url: string;
}

/** To the lines of the pod of the line or row that was clicked: the label `pod` has to be among its labels. */
export interface LinesLink {
    readonly title: string;
    readonly podsOf: string;
}

export type Link = PageLink | LinesLink;

export type Panel =
    | (Drawn & { readonly kind: "graph"; readonly stacked?: boolean })
    /** One number now, on a coloured ground where it has thresholds. `none` stands for no data. */
    | (Drawn & { readonly kind: "number"; readonly base?: "green" | "red"; readonly none?: string })
    | (Drawn & { readonly kind: "table" })
    /** What pods of a namespace complain of: lines that match a regular expression. */
    | (PanelText & { readonly kind: "logs"; readonly namespace: string; readonly complaint: string })
    | (PanelText & { readonly kind: "traces"; readonly expr: string });

export const graph = (panel: Omit<Extract<Panel, { kind: "graph" }>, "kind">): Panel => ({ kind: "graph", ...panel });
export const number = (panel: Omit<Extract<Panel, { kind: "number" }>, "kind">): Panel => ({
    kind: "number",
    ...panel,
});
export const table = (panel: Omit<Extract<Panel, { kind: "table" }>, "kind">): Panel => ({ kind: "table", ...panel });
export const logs = (panel: Omit<Extract<Panel, { kind: "logs" }>, "kind">): Panel => ({ kind: "logs", ...panel });
export const traces = (panel: Omit<Extract<Panel, { kind: "traces" }>, "kind">): Panel => ({
    kind: "traces",
    ...panel,
});

/** Yellow from one value on, red from another. */
export function levels(yellow: number, red: number): Thresholds {
    return [
        { from: yellow, color: "yellow" },
        { from: red, color: "red" },
    ];
}

/** A query to the metrics store. `legend` names a line by its labels: `{{pod}}`. */
export function metrics(legend: string, expr: string): Query {
    return { store: "metrics", legend, expr };
}
