/**
 * Selectors and shapes of query that the dashboards share. `$cluster` stands for any cluster or one, as `.*` or its name:
 * series that Prometheus itself is asked for, without the label, match too.
 */
export const CLUSTER = 'cluster=~"$cluster"';

/** Matchers of the series of a namespace of the platform; `more` as in PromQL. */
export function inNamespace(namespace: string, more?: string): string {
    return [CLUSTER, `namespace="${namespace}"`, ...(more === undefined ? [] : [more])].join(", ");
}

/** Matchers of what belongs to the namespaces that the variable names. */
export function inChosen(more?: string): string {
    return [CLUSTER, 'namespace=~"$namespace"', ...(more === undefined ? [] : [more])].join(", ");
}

/** Events each second of counters, over at least four scrapes. */
export function perSecond(selector: string, by = ""): string {
    return `${sumBy(by)} (rate(${selector}[$__rate_interval]))`;
}

/** Events in a window that does not depend on the time range shown. */
export function within(window: string, selector: string, by = ""): string {
    return `${sumBy(by)} (increase(${selector}[${window}]))`;
}

/** Share of the requests of a `…_duration_seconds` histogram with a status that matches `failed`, 0 where none came. */
export function failing(histogram: string, matchers: string, failed: string): string {
    return share(`${histogram}_count`, matchers, `status_code=~"${failed}"`);
}

/** Share of what a counter counts that the matcher `part` picks, 0 where none came. */
export function share(counter: string, matchers: string, part: string): string {
    const rate = (more: string) => `sum(rate(${counter}{${matchers}${more}}[$__rate_interval]))`;
    return `(${rate(`, ${part}`)} or vector(0)) / (${rate("")} > 0)`;
}

/** A quantile of a classic histogram. */
export function quantile(q: number, histogram: string, matchers: string, by = ""): string {
    const labels = by === "" ? "le" : `le, ${by}`;
    return `histogram_quantile(${q}, sum by (${labels}) (rate(${histogram}_bucket{${matchers}}[$__rate_interval])))`;
}

function sumBy(labels: string): string {
    return labels === "" ? "sum" : `sum by (${labels})`;
}
