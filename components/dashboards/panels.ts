import * as common from "@grafana/grafana-foundation-sdk/common";
import * as grafana from "@grafana/grafana-foundation-sdk/dashboard";
import * as logsPanel from "@grafana/grafana-foundation-sdk/logs";
import * as promql from "@grafana/grafana-foundation-sdk/prometheus";
import * as stat from "@grafana/grafana-foundation-sdk/stat";
import * as tablePanel from "@grafana/grafana-foundation-sdk/table";
import * as traceql from "@grafana/grafana-foundation-sdk/tempo";
import * as timeseries from "@grafana/grafana-foundation-sdk/timeseries";
import { DATASOURCES, PLUGINS } from "../contracts/datasources";
import type { LineQueries } from "../contracts/system";
import { linesUrl } from "./links";
import type { Link, Panel, Query, Thresholds } from "./spec";

export const FULL_WIDTH = 24;
/** Name of the variable that says where metrics come from. */
export const METRICS_VARIABLE = "metrics";
export const metricsDatasource = { type: PLUGINS.metrics, uid: `\${${METRICS_VARIABLE}}` };
const tracesDatasource = { type: PLUGINS.traces, uid: DATASOURCES.traces };

const WIDTHS = { number: 4, graph: 8, table: FULL_WIDTH, logs: FULL_WIDTH, traces: FULL_WIDTH } as const;

export function widthOf(panel: Panel): number {
    return ("width" in panel ? panel.width : undefined) ?? WIDTHS[panel.kind];
}

type PanelOf<Kind extends Panel["kind"]> = Extract<Panel, { kind: Kind }>;

/** @param lines how the log store is asked, for panels and links. */
export function buildPanel(panel: Panel, lines: LineQueries) {
    switch (panel.kind) {
        case "graph":
            return graphPanel(panel, lines);
        case "number":
            return numberPanel(panel, lines);
        case "table":
            return tableOf(panel, lines);
        case "logs":
            return linesOf(panel, lines);
        case "traces":
            return tracesOf(panel);
    }
}

function graphPanel(
    { title, description, unit, queries, thresholds, max, links, stacked }: PanelOf<"graph">,
    lines: LineQueries,
) {
    const panel = new timeseries.PanelBuilder()
        .title(title)
        .description(description)
        .unit(unit)
        .min(0)
        .datasource(metricsDatasource)
        .targets(queries.map((query, index) => target(query, index, "range")))
        .dataLinks(linkBuilders(links, lines))
        .lineWidth(1)
        .fillOpacity(stacked === true ? 30 : 5)
        .showPoints(common.VisibilityMode.Never)
        .tooltip(
            new common.VizTooltipOptionsBuilder()
                .mode(common.TooltipDisplayMode.Multi)
                .sort(common.SortOrder.Descending),
        )
        .legend(
            new common.VizLegendOptionsBuilder()
                .displayMode(common.LegendDisplayMode.List)
                .placement(common.LegendPlacement.Bottom)
                .showLegend(true),
        );
    if (max !== undefined) panel.max(max);
    if (stacked === true)
        panel.stacking(new common.StackingConfigBuilder().mode(common.StackingMode.Normal).group("A"));
    if (thresholds !== undefined) {
        panel
            .thresholds(steps(thresholds, "transparent"))
            .thresholdsStyle(
                new common.GraphThresholdsStyleConfigBuilder().mode(common.GraphThresholdsStyleMode.Dashed),
            );
    }
    return panel;
}

function numberPanel(
    { title, description, unit, queries, thresholds, max, links, base, none }: PanelOf<"number">,
    lines: LineQueries,
) {
    const panel = new stat.PanelBuilder()
        .title(title)
        .description(description)
        .unit(unit)
        .datasource(metricsDatasource)
        .targets(queries.map((query, index) => target(query, index, "instant")))
        .dataLinks(linkBuilders(links, lines))
        .thresholds(steps(thresholds ?? [], base ?? "green"))
        .colorMode(thresholds === undefined ? common.BigValueColorMode.None : common.BigValueColorMode.Background)
        .graphMode(common.BigValueGraphMode.None)
        .reduceOptions(new common.ReduceDataOptionsBuilder().calcs(["lastNotNull"]));
    if (max !== undefined) panel.max(max);
    if (none !== undefined) panel.noValue(none);
    return panel;
}

function tableOf({ title, description, unit, queries, thresholds, links }: PanelOf<"table">, lines: LineQueries) {
    return new tablePanel.PanelBuilder()
        .title(title)
        .description(description)
        .unit(unit)
        .datasource(metricsDatasource)
        .targets(queries.map((query, index) => target(query, index, "table")))
        .dataLinks(linkBuilders(links, lines))
        .thresholds(steps(thresholds ?? [], "text"))
        .withTransformation({ id: "organize", options: { excludeByName: { Time: true } } });
}

function linesOf({ title, description, namespace, complaint }: PanelOf<"logs">, lines: LineQueries) {
    const datasource = { type: lines.plugin, uid: DATASOURCES.logs };
    return new logsPanel.PanelBuilder()
        .title(title)
        .description(description)
        .datasource(datasource)
        .targets([queryOf({ refId: "A", datasource, ...lines.complaints(namespace, complaint) })])
        .showTime(true)
        .wrapLogMessage(true)
        .enableLogDetails(true)
        .sortOrder(common.LogsSortOrder.Descending);
}

/** A query in a language that the SDK has no builder for, or that only its store knows; JSON leaves its mark out. */
function queryOf(query: object) {
    return { build: () => ({ ...query, _implementsDataqueryVariant: () => undefined }) };
}

function tracesOf({ title, description, expr }: PanelOf<"traces">) {
    return new tablePanel.PanelBuilder()
        .title(title)
        .description(description)
        .datasource(tracesDatasource)
        .targets([target({ store: "traces", expr }, 0, "table")]);
}

function target(query: Query, index: number, shape: "range" | "instant" | "table") {
    const refId = String.fromCharCode("A".charCodeAt(0) + index);
    switch (query.store) {
        case "metrics":
            return metricsTarget(query, shape).refId(refId);
        case "traces":
            return new traceql.DataqueryBuilder()
                .refId(refId)
                .datasource(tracesDatasource)
                .query(query.expr)
                .queryType("traceql")
                .limit(20)
                .tableType(traceql.SearchTableType.Traces);
    }
}

function metricsTarget(query: Extract<Query, { store: "metrics" }>, shape: "range" | "instant" | "table") {
    const made = new promql.DataqueryBuilder()
        .datasource(metricsDatasource)
        .expr(query.expr)
        .legendFormat(query.legend)
        .editorMode(promql.QueryEditorMode.Code);
    if (shape === "table") made.format(promql.PromQueryFormat.Table);
    if (query.exemplars === true) made.exemplar(true);
    return shape === "range" ? made.range() : made.instant();
}

function linkBuilders(links: readonly Link[] = [], lines: LineQueries): grafana.DashboardLinkBuilder[] {
    return links.map((link) =>
        new grafana.DashboardLinkBuilder(link.title).url("url" in link ? link.url : linesUrl(link, lines)),
    );
}

function steps(thresholds: Thresholds, base: string): grafana.ThresholdsConfigBuilder {
    return new grafana.ThresholdsConfigBuilder()
        .mode(grafana.ThresholdsMode.Absolute)
        .steps([{ value: null, color: base }, ...thresholds.map(({ from, color }) => ({ value: from, color }))]);
}
