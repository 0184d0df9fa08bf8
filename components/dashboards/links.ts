import { DATASOURCES, PLUGINS } from "../contracts/datasources";
import type { Link } from "./spec";

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
export function logsOfPod(namespace: string): Link {
    const expr = `{namespace="${namespace}"} | pod="\${__field.labels.pod}"`;
    return {
        title: "Logs of this pod",
        url: explore({ type: PLUGINS.logs, uid: DATASOURCES.logs }, { expr, queryType: "range" }),
    };
}

/** Spans of the service that was clicked: the label `service` has to be among its labels. */
export const tracesOfService: Link = {
    title: "Traces of this service",
    url: explore(
        { type: PLUGINS.traces, uid: DATASOURCES.traces },
        { query: '{resource.service.name="${__field.labels.service}"}', queryType: "traceql" },
    ),
};

/** Another dashboard, with the same time range and variables. */
export function dashboardLink(title: string, uid: string): Link {
    return { title, url: `/d/${uid}?\${__url_time_range}&\${__all_variables}` };
}

/** From a panel on whether data flow to the page that has each hop. */
export const hopByHop: Link = { title: "The way of the data, hop by hop", url: dashboardLink("", "data-path").url };
