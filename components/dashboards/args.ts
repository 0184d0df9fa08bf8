/** What the dashboards are told of the stack: which systems there are, and what no metric tells. */
export interface DashboardsArgs {
    /** `minio` in this cluster, whose metrics are scraped, or an S3 API outside of it. */
    readonly objectStore: "minio" | "s3";
    /** Whether Grafana's PostgreSQL runs in this cluster. */
    readonly database: boolean;
    /** How many ingesters of Tempo keep each trace. */
    readonly traceCopies: number;
}
