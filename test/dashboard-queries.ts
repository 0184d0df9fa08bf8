import { buildDashboard } from "../components/dashboards/build";
import { catalogue } from "../components/dashboards/catalogue";
import { record, records } from "../tools/records";

export interface PanelJson {
    readonly id: number;
    readonly type: string;
    readonly title: string;
    readonly description?: string;
    readonly gridPos: { x: number; y: number; w: number; h: number };
    readonly json: Record<string, unknown>;
}

export interface DashboardJson {
    readonly uid: string;
    readonly title: string;
    readonly json: Record<string, unknown>;
    readonly panels: readonly PanelJson[];
}

export type QueryLanguage = "prometheus" | "loki" | "tempo";

export interface PanelQuery {
    /** Dashboard and panel, for messages. */
    readonly where: string;
    readonly language: QueryLanguage;
    readonly expr: string;
    /** Whether it is asked once, for now, and not over the time range. */
    readonly instant: boolean;
}

/** Every dashboard that a stack may have, as Grafana reads it from its file. */
export const dashboards: readonly DashboardJson[] = catalogue({
    objectStore: "minio",
    database: true,
    traceCopies: 3,
}).map((dashboard) => {
    const json = record(JSON.parse(JSON.stringify(buildDashboard(dashboard))));
    const panels = records(json.panels).map((panel) => ({ ...panel, json: panel }) as unknown as PanelJson);
    return { uid: String(json.uid), title: String(json.title), json, panels };
});

export const variablesOf = ({ json }: DashboardJson) => records(record(json.templating).list);

/** What every panel asks. */
export const panelQueries: readonly PanelQuery[] = dashboards.flatMap((dashboard) =>
    dashboard.panels.flatMap((panel) =>
        records(panel.json.targets).map((target) => ({
            where: `${dashboard.title} / ${panel.title}`,
            language: String(record(target.datasource).type) as QueryLanguage,
            expr: String(target.expr ?? target.query),
            instant: target.instant === true,
        })),
    ),
);

/** What Grafana would send: the variables at what they are on opening, its own at what a range of hours gives. */
export function interpolated(expr: string, values: Readonly<Record<string, string>> = {}): string {
    const all = { cluster: ".*", namespace: ".+", __rate_interval: "2m", ...values };
    return Object.entries(all).reduce((text, [name, value]) => text.replaceAll(`$${name}`, value), expr);
}
