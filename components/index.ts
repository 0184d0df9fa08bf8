/**
 * What a Pulumi program takes of this package: the whole platform, or one system of it. Importing it makes nothing.
 * All that is not exported here may change in any version.
 */
export * as settings from "./platform/args.gen";
export type { ObservabilityPlatformArgs } from "./platform/args.gen";
export { ObservabilityPlatform, type GrafanaAccess } from "./platform/observability-platform";

export type * from "./contracts/alert-receiver";
export type * from "./contracts/database";
export type * from "./contracts/datasource";
export type * from "./contracts/error-store";
export type * from "./contracts/grafana";
export type * from "./contracts/hub";
export type * from "./contracts/log-store";
export type * from "./contracts/metrics-store";
export type * from "./contracts/object-store";
export type * from "./contracts/ready";
export type * from "./contracts/tenancy";
export type * from "./contracts/trace-store";
export { alertReceiver } from "./monitoring/kube-prometheus-stack/names";
export type { DeepPartial, Given, PlatformArgs } from "./settings/complete";

export { Cortex, type CortexArgs } from "./metrics/cortex/cortex";
export { VictoriaMetrics, type VictoriaMetricsArgs } from "./metrics/victoriametrics/victoriametrics";
export { Thanos, type ThanosArgs } from "./metrics/thanos/thanos";
export { RemoteMetrics, type RemoteMetricsArgs } from "./metrics/remote/remote";
export { Loki, type LokiArgs } from "./logs/loki/loki";
export { OpenSearch, type OpenSearchArgs } from "./logs/opensearch/opensearch";
export { Elasticsearch, type ElasticsearchArgs } from "./logs/elasticsearch/elasticsearch";
export { RemoteLogs, type RemoteLogsArgs } from "./logs/remote/remote";
export { Sentry, type SentryArgs } from "./errors/sentry/sentry";
export { Tempo, type TempoArgs } from "./traces/tempo/tempo";
export { RemoteTraces, type RemoteTracesArgs } from "./traces/remote/remote";
export { MinIO, type MinioArgs } from "./object-store/minio/minio";
export { S3, type S3Args } from "./object-store/s3/s3";
export { Postgres, type PostgresArgs } from "./database/postgres/postgres";
export { monitoringNamespaces, type MonitoringNamespaces } from "./monitoring/kube-prometheus-stack/namespaces";
export { PrometheusOperatorCrds, type PrometheusOperatorCrdsArgs } from "./monitoring/kube-prometheus-stack/crds";
export {
    KubePrometheusStack,
    type KubePrometheusStackArgs,
} from "./monitoring/kube-prometheus-stack/kube-prometheus-stack";
export { Grafana, type GrafanaArgs } from "./grafana/grafana";
export { K8sMonitoring, type K8sMonitoringArgs } from "./collectors/k8s-monitoring/k8s-monitoring";
export { BlackboxExporter, type BlackboxExporterArgs } from "./collectors/blackbox-exporter/blackbox-exporter";
export { Pushgateway, type PushgatewayArgs } from "./collectors/pushgateway/pushgateway";
export { SigNoz, type SignozArgs } from "./signoz/signoz";
export type { ClusterLogin } from "./ingest-gateway/cluster-logins";
export { EgressGateway, type EgressGatewayArgs } from "./egress-gateway/egress-gateway";
export { IngestGateway, type IngestGatewayArgs } from "./ingest-gateway/ingest-gateway";
