import { gatewayUrls } from "../search-gateway";

/** Names in the cluster. Addresses follow from them, so they never change. */
export const NAMESPACE = "elasticsearch";
/** As people call it, and the name of Grafana's data source. */
export const TITLE = "Elasticsearch";
/** Grafana's plugin of it. */
export const PLUGIN = "elasticsearch";
export const GATEWAY = "elasticsearch-gateway";
/** The Service of queries, before the gateway's other port. */
export const QUERY_SERVICE = "elasticsearch-gateway-query";
/** Secret with the keys that the gateway shows, and the authority of the store. */
export const KEYS_SECRET = "elasticsearch-keys";

export const { otlpUrl, queryUrl } = gatewayUrls(GATEWAY, QUERY_SERVICE, NAMESPACE);

/** Labels of the gateway's pods. */
export function podLabels(component: string): Record<string, string> {
    return {
        "app.kubernetes.io/name": "elasticsearch",
        "app.kubernetes.io/instance": "elasticsearch",
        "app.kubernetes.io/component": component,
    };
}
