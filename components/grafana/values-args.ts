import type { Database } from "../contracts/database";
import type { LogStore } from "../contracts/log-store";
import type { MetricsStore } from "../contracts/metrics-store";
import type { TraceStore } from "../contracts/trace-store";
import type { PlatformSettings } from "../settings/platform";
import type { GrafanaSettings } from "./settings";

/** What the values follow from: plain data only. */
export interface GrafanaValuesArgs {
    readonly platform: PlatformSettings;
    readonly settings: GrafanaSettings;
    /** Helm release that Grafana's chart is a part of. */
    readonly release: string;
    /** Tenants beside the platform's own: Grafana shows each by data sources of its own. */
    readonly tenants: readonly string[];
    readonly metricsStore: Pick<MetricsStore, "datasource" | "tenancy" | "rulerApi" | "exemplars">;
    /** Another beside it, while a stack moves from one to the other. */
    readonly secondMetricsStore?: GrafanaValuesArgs["metricsStore"] | undefined;
    readonly logStore: Pick<LogStore, "datasource" | "tenancy">;
    readonly traceStore: Pick<TraceStore, "datasource" | "tenancy" | "spanMetrics">;
    /** The Prometheus that scrapes, and how often. */
    readonly prometheus: { readonly url: string; readonly scrapeInterval: string };
    readonly alertmanagerUrl: string;
    /** Grafana's PostgreSQL; without it Grafana keeps SQLite on a volume. */
    readonly database: Pick<Database, "host" | "port" | "name" | "user" | "rotation"> | undefined;
}
