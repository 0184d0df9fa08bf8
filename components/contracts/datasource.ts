/**
 * The data source that Grafana needs to query a store, as data. What joins it with the others is Grafana's to add.
 * https://grafana.com/docs/grafana/latest/administration/provisioning/#data-sources
 */
export interface DataSource {
    /** As people call the store: the data source's name. */
    readonly title: string;
    /** Grafana's plugin. */
    readonly type: string;
    readonly url: string;
    /** What the plugin is told of the store. */
    readonly jsonData: Readonly<Record<string, unknown>>;
}
