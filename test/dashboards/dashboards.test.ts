import { deepEqual, equal, ok } from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DATASOURCES } from "../../components/contracts/datasources";
import { builtDashboards } from "../../components/dashboards/catalogue";
import { logqlErrors } from "../../tools/logql";
import { definitionsOf, hasLabel, readTables } from "../../tools/metric-names/table";
import { groupingsOf, metricsOf, parseErrors } from "../../tools/promql";
import { record, records } from "../../tools/records";
import { dashboards, interpolated, panelQueries, variablesOf, type PanelJson } from "../fixtures/dashboard-queries";
import { planned, root } from "../fixtures/planned";
import { traceqlErrors } from "../fixtures/traceql";
import { everything } from "../fixtures/watched";

const tables = readTables();
const exists = (name: string) => definitionsOf(name, tables).length > 0;
const has = (name: string, label: string) => hasLabel(name, label, tables);

const ofLanguage = (language: string) => panelQueries.filter((query) => query.language === language);
const promql = ofLanguage("prometheus").map((query) => ({ ...query, expr: interpolated(query.expr) }));

describe("dashboards", () => {
    describe("as Grafana reads them", () => {
        for (const dashboard of dashboards) {
            describe(dashboard.title, () => {
                const shown = dashboard.panels.filter(({ type }) => type !== "row");

                it("has panels of its own ids, within the grid, none over another", () => {
                    const ids = dashboard.panels.map(({ id }) => id);
                    equal(new Set(ids).size, ids.length);
                    ok(dashboard.panels.every(({ gridPos: { x, w } }) => x >= 0 && w > 0 && x + w <= 24));
                    const cells = dashboard.panels.flatMap(cellsOf);
                    deepEqual(
                        cells.filter((cell, index) => cells.indexOf(cell) !== index),
                        [],
                    );
                });

                it("fits on a page or two: at most 22 panels, with titles of their own", () => {
                    ok(shown.length <= 22, `${shown.length} panels`);
                    const titles = shown.map(({ title }) => title);
                    deepEqual(
                        titles.filter((title, index) => titles.indexOf(title) !== index),
                        [],
                    );
                });

                it("says of each panel what is normal, and in which unit it counts", () => {
                    const silent = shown.filter(({ description }) => (description ?? "").length < 15);
                    deepEqual(titlesOf(silent), []);
                    const counted = shown.filter(({ json }) => asksFor(json, "prometheus"));
                    const unitless = counted.filter(({ json }) => !unitOf(json));
                    deepEqual(titlesOf(unitless), []);
                });

                it("defines the variables that it uses, and data sources that are there", () => {
                    const defined = variablesOf(dashboard).map(({ name }) => String(name));
                    const text = JSON.stringify(dashboard.panels.map(({ json }) => json.targets));
                    const used = [...text.matchAll(/\$\{?([a-z]+)\b/g)].map(([, name = ""]) => name);
                    deepEqual(
                        used.filter((name) => !defined.includes(name)),
                        [],
                    );
                    const uids = [...text.matchAll(/"uid":"([^"]+)"/g)].map(([, uid = ""]) => uid);
                    const known: string[] = [...Object.values(DATASOURCES), "${metrics}"];
                    deepEqual(
                        uids.filter((uid) => !known.includes(uid)),
                        [],
                    );
                });
            });
        }

        it("leads only to dashboards that there are, and links whose address is one", () => {
            const uids = dashboards.map(({ uid }) => uid);
            const urls = [...JSON.stringify(dashboards.map(({ json }) => json)).matchAll(/"url":"([^"]*)"/g)].map(
                ([, url = ""]) => url,
            );
            ok(urls.length > 20);
            for (const url of urls) {
                const [, path = "", query = ""] = /^\/(d\/[^?]+|explore)\?(.*)$/.exec(url) ?? [];
                ok(path === "explore" || uids.includes(path.slice(2)), url);
                if (path === "explore") JSON.parse(new URLSearchParams(query).get("panes") ?? "");
            }
        });
    });

    describe("ask", () => {
        it("the metrics store in PromQL, for metrics and labels that the pinned binaries expose", () => {
            const problems = promql.flatMap(({ where, expr }) => {
                const syntax = parseErrors(expr);
                if (syntax.length > 0) return syntax.map((error) => `${where}: ${error}`);
                return [...unknownSelectors(expr), ...unknownGroupings(expr)].map((problem) => `${where}: ${problem}`);
            });
            deepEqual(problems, []);
        });

        it("by a cluster's name nothing that says something else by the label cluster", () => {
            const mistaken = promql.flatMap(({ where, expr }) =>
                metricsOf(expr)
                    .filter(({ matchers }) => matchers.some(({ label }) => label === "cluster"))
                    .filter(({ metric }) => definitionsOf(metric ?? "", tables).some(ownsCluster))
                    .map(({ metric }) => `${where}: ${metric}`),
            );
            deepEqual(mistaken, []);
        });

        it("Loki in LogQL, each with a matcher that the empty text does not satisfy", () => {
            const queries = ofLanguage("loki");
            ok(queries.length >= 5);
            for (const { where, expr } of queries) {
                const text = interpolated(expr);
                deepEqual(logqlErrors(text), [], where);
                ok(/="[^"]+"|=~"\.\+"/.test(text.replaceAll(/\w+=~"\.\*"/g, "")), where);
            }
        });

        it("Tempo in TraceQL", () => {
            const queries = ofLanguage("tempo");
            ok(queries.length >= 1);
            for (const { where, expr } of queries) deepEqual(traceqlErrors(interpolated(expr)), [], where);
        });
    });

    describe("TraceQL is told from what is none", () => {
        for (const query of [
            "{ duration > 1h30m }",
            "{ span.ratio > .99 } | count() > 2",
            "{ nestedSetParent < 0 && span:childCount > 1 }",
            "{} | quantile_over_time(duration, .5, .99) with (most_recent=true)",
            '{ name = "1h30m .5 with (x)" }',
        ]) {
            it(`takes ${query}`, () => {
                deepEqual(traceqlErrors(query), []);
            });
        }
        for (const query of [
            "{ duration > }",
            "{ span.x > 1.5.5 }",
            "{ status = error } | count() >",
            "{ name = x y }",
        ]) {
            it(`refuses ${query}`, () => {
                ok(traceqlErrors(query).length > 0);
            });
        }
    });

    it("are all in the reference, with their addresses", () => {
        const reference = readFileSync(join(root, "docs/reference/dashboards.md"), "utf8");
        const missing = dashboards.filter(
            ({ uid, title }) =>
                !new RegExp(`^\\| ${title} +\\| `, "m").test(reference) || !reference.includes(`/d/${uid}\``),
        );
        deepEqual(
            missing.map(({ title }) => title),
            [],
        );
    });

    for (const stack of ["dev", "prod"]) {
        it(`are in ${stack} as ConfigMaps that Grafana's sidecar finds, each below the limit of 1 MiB`, async () => {
            const { resources } = await planned(stack);
            const shipped = resources.filter(
                ({ type, name }) => type === "kubernetes:core/v1:ConfigMap" && name.startsWith("dashboard-"),
            );
            // Of the kinds that stand in the roles where none is written. Neither takes pushes from outside, dev has no database.
            const absent = stack === "prod" ? ["clusters"] : ["clusters", "postgresql"];
            const expected = builtDashboards(everything).filter(({ uid }) => !absent.includes(uid));
            equal(shipped.length, expected.length);
            for (const { inputs } of shipped) {
                const { labels, annotations } = record(record(inputs).metadata);
                equal(record(labels).grafana_dashboard, "1");
                equal(record(annotations).grafana_folder, "Platform");
                ok(Buffer.byteLength(JSON.stringify(record(inputs).data)) < 1_000_000);
            }
        });
    }
});

function unknownSelectors(expr: string): string[] {
    return metricsOf(expr).flatMap(({ metric, matchers }) => {
        if (metric === undefined) return ["a selector without a name"];
        if (!exists(metric)) return [`no metric ${metric}`];
        return matchers.filter(({ label }) => !has(metric, label)).map(({ label }) => `${metric} has no ${label}`);
    });
}

function unknownGroupings(expr: string): string[] {
    return groupingsOf(expr).flatMap(({ labels, selectors, made }) =>
        labels
            .filter((label) => !made.includes(label))
            .filter((label) => selectors.length > 0 && !selectors.some(({ metric }) => has(metric ?? "", label)))
            .map((label) => `none of ${selectors.map(({ metric }) => metric).join(", ")} has ${label}`),
    );
}

function ownsCluster({ labels }: { readonly labels: readonly string[] | null }): boolean {
    return labels?.includes("cluster") === true;
}

function cellsOf({ gridPos: { x, y, w, h } }: PanelJson): string[] {
    return Array.from({ length: w * h }, (_, index) => `${x + (index % w)}:${y + Math.floor(index / w)}`);
}

const titlesOf = (panels: readonly PanelJson[]) => panels.map(({ title }) => title);

function asksFor(panel: Record<string, unknown>, type: string): boolean {
    return records(panel.targets).some(({ datasource }) => record(datasource).type === type);
}

function unitOf(panel: Record<string, unknown>): boolean {
    return typeof record(record(panel.fieldConfig).defaults).unit === "string";
}
