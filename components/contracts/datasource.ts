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

/** A variable in Grafana's files, where `$` begins one of the file's own and `$$` is a dollar. */
export function grafanaVariable(name: string): string {
    return `$\${${name}}`;
}

/** Where a trace id leads: the data source of traces, and what it is asked for there. */
export interface TraceLink {
    readonly datasourceUid: string;
    readonly url: string;
    readonly urlDisplayLabel: string;
}

/** The data source of lines, with what leads from a line to its trace and from a span to its lines. */
export interface LogDataSource extends DataSource {
    /** What its plugin is told to make a link of a line's trace id, where OTLP has it: beside the line, which is not searched. */
    readonly toTrace: (link: TraceLink) => Readonly<Record<string, unknown>>;
    /**
     * How the lines of a span are asked for, beside the time around it.
     * https://grafana.com/docs/grafana/latest/datasources/tempo/configure-tempo-data-source/#trace-to-logs
     */
    readonly ofSpan: Readonly<Record<string, unknown>>;
}
