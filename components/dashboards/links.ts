import { DATASOURCES, PLUGINS } from "../contracts/datasources";
import type { LineQueries } from "../contracts/system";
import type { LinesLink, PageLink } from "./spec";

/** Grafana fills `${…}` in, so these must survive the encoding of the rest. */
function encoded(text: string): string {
    return encodeURIComponent(text).replaceAll(
        /%24%7B([\w.%]+?)%7D/g,
        (_, name: string) => `\${${decodeURIComponent(name)}}`,
    );
}

function explore(datasource: { type: string; uid: string }, query: Record<string, unknown>): string {
    const pane = {
        datasource: datasource.uid,
        queries: [{ refId: "A", datasource, ...query }],
        range: { from: "${__from}", to: "${__to}" },
    };
    return `/explore?schemaVersion=1&orgId=1&panes=${encoded(JSON.stringify({ a: pane }))}`;
}

/** Log lines of the pod of the line or row that was clicked: the label `pod` has to be among its labels. */
export function logsOfPod(namespace: string): LinesLink {
    return { title: "Logs of this pod", podsOf: namespace };
}

/** The address of such lines, in the language of the log store. */
export function linesUrl({ podsOf }: LinesLink, { plugin, ofPod }: LineQueries): string {
    return explore({ type: plugin, uid: DATASOURCES.logs }, ofPod(podsOf, "${__field.labels.pod}"));
}

/** Spans of the service that was clicked: the label `service` has to be among its labels. */
export const tracesOfService: PageLink = {
    title: "Traces of this service",
    url: explore(
        { type: PLUGINS.traces, uid: DATASOURCES.traces },
        { query: '{resource.service.name="${__field.labels.service}"}', queryType: "traceql" },
    ),
};

/** Another dashboard, with the same time range and variables. */
export function dashboardLink(title: string, uid: string): PageLink {
    return { title, url: `/d/${uid}?\${__url_time_range}&\${__all_variables}` };
}

/** From a panel on whether data flow to the page that has each hop. */
export const hopByHop: PageLink = { title: "The way of the data, hop by hop", url: dashboardLink("", "data-path").url };
