import * as grafana from "@grafana/grafana-foundation-sdk/dashboard";
import { DATASOURCES, PLUGINS } from "../contracts/datasources";
import type { LineQueries } from "../contracts/system";
import { buildPanel, FULL_WIDTH, METRICS_VARIABLE, metricsDatasource, widthOf } from "./panels";
import type { Dashboard, Panel } from "./spec";

/** On every dashboard of the platform: the menu that leads from one to the others collects them by it. */
export const TAG = "observability-platform";

/** The stores that every dashboard asks. */
export interface Asked {
    /** As Grafana's data source of the metrics store is called. */
    readonly metricsStore: string;
    readonly lines: LineQueries;
}

/** Grafana's JSON of a dashboard, in the classic model: the only one that dashboards from files may have. */
export function buildDashboard(
    { uid, title, description, from, rows, byNamespace }: Dashboard,
    { metricsStore, lines }: Asked,
) {
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- its successor makes the other model
    const builder = new grafana.DashboardBuilder(title)
        .uid(uid)
        .description(description)
        .tags([TAG])
        .timezone("browser")
        .tooltip(grafana.DashboardCursorSync.Crosshair)
        .time({ from, to: "now" })
        .refresh("1m")
        .readonly()
        .link(menu())
        .variables([
            storeVariable(metricsStore),
            ...(["cluster", ...(byNamespace === true ? ["namespace"] : [])] as Variable[]).map(variable),
        ]);
    let id = 1;
    let y = 0;
    for (const row of rows) {
        builder.withRow(new grafana.RowBuilder(row.title).id(id++).gridPos({ x: 0, y: y++, w: FULL_WIDTH, h: 1 }));
        for (const line of onLines(row.panels)) {
            const height = Math.max(...line.map(({ panel }) => HEIGHTS[panel.kind]));
            for (const { panel, x, w } of line) {
                builder.withPanel(buildPanel(panel, lines).id(id++).gridPos({ x, y, w, h: height }));
            }
            y += height;
        }
    }
    return builder.build();
}

/** In Grafana's grid, some 38 pixels each. */
const HEIGHTS = { number: 4, graph: 8, table: 9, logs: 10, traces: 9 } as const satisfies Record<Panel["kind"], number>;

interface Placed {
    readonly panel: Panel;
    readonly x: number;
    readonly w: number;
}

/** Panels of a row from left to right, on as many lines as they need. */
function onLines(panels: readonly Panel[]): Placed[][] {
    const made: Placed[][] = [];
    let x = FULL_WIDTH;
    for (const panel of panels) {
        const w = widthOf(panel);
        if (x + w > FULL_WIDTH) {
            made.push([]);
            x = 0;
        }
        made.at(-1)?.push({ panel, x, w });
        x += w;
    }
    return made;
}

function menu() {
    const link = new grafana.DashboardLinkBuilder("Platform")
        .type(grafana.DashboardLinkType.Dashboards)
        .tags([TAG])
        .asDropdown(true)
        .keepTime(true)
        .includeVars(true);
    // The builder hides links behind the controls; this one is to be seen.
    return { build: () => ({ ...link.build(), placement: undefined }) };
}

/** The metrics store; Prometheus itself while that is away, which knows the last hours and no label `cluster`. */
function storeVariable(metricsStore: string): grafana.DatasourceVariableBuilder {
    return new grafana.DatasourceVariableBuilder(METRICS_VARIABLE)
        .label("Metrics from")
        .type(PLUGINS.metrics)
        .current({ text: metricsStore, value: DATASOURCES.metrics });
}

type Variable = keyof typeof VARIABLES;

const VARIABLES = {
    // Matches series without the label too, as Prometheus itself has them.
    cluster: { label: "Cluster", query: "label_values(up, cluster)", all: ".*" },
    // Not `.*`: a query of logs with nothing but matchers of the empty text is refused.
    namespace: {
        label: "Namespace",
        query: 'label_values(kube_namespace_status_phase{cluster=~"$cluster"}, namespace)',
        all: ".+",
    },
} as const;

function variable(name: Variable): grafana.QueryVariableBuilder {
    const { label, query, all } = VARIABLES[name];
    return new grafana.QueryVariableBuilder(name)
        .label(label)
        .datasource(metricsDatasource)
        .query({ qryType: 1, query, refId: `variable-${name}` })
        .refresh(grafana.VariableRefresh.OnTimeRangeChanged)
        .sort(grafana.VariableSort.AlphabeticalAsc)
        .includeAll(true)
        .allValue(all)
        .current({ text: "All", value: "$__all" });
}
