import * as pulumi from "@pulumi/pulumi";
import { Alerts } from "../alerts/alerts";
import { alertFacts } from "../alerts/facts";
import { Backup } from "../backup/backup";
import { BlackboxExporter } from "../collectors/blackbox-exporter/blackbox-exporter";
import type { Database, ObjectStore } from "../contracts/contracts";
import { Cortex } from "../metrics/cortex/cortex";
import { Dashboards } from "../dashboards/dashboards";
import { K8sMonitoring } from "../collectors/k8s-monitoring/k8s-monitoring";
import {
    alertReceiver,
    COLLECTORS,
    GRAFANA_ADMIN_SECRET,
    healthUrls,
    MONITORING,
} from "../monitoring/kube-prometheus-stack/names";
import { PrometheusOperatorCrds } from "../monitoring/kube-prometheus-stack/crds";
import { KubePrometheusStack } from "../monitoring/kube-prometheus-stack/kube-prometheus-stack";
import { monitoringNamespaces } from "../monitoring/kube-prometheus-stack/namespaces";
import { Loki } from "../logs/loki/loki";
import { defaultImage, imageParts } from "../object-store/minio/image";
import { makeObjectStore } from "../object-store";
import { NAMESPACE as OUTSIDE_PUSH } from "../ingest-gateway/names";
import { OutsidePush } from "../ingest-gateway/ingest-gateway";
import { Postgres } from "../database/postgres/postgres";
import { Pushgateway } from "../collectors/pushgateway/pushgateway";
import { usesPostgres, type Settings } from "./settings";
import { tenantsOf } from "./tenants";
import { Tempo } from "../traces/tempo/tempo";

/**
 * The whole: makes each system in order and hands what one gives to the next. Definitions first, then the object store
 * and the database, then the stores side by side, then what sends to them and shows them.
 */
export class Platform extends pulumi.ComponentResource {
    /** How to reach Grafana. */
    readonly grafana: { url: string; user: string; password: string };
    /** Tenant in the stores: the header `X-Scope-OrgID` of whoever pushes to them, or queries them, directly. */
    readonly tenant: string;
    /** Where applications and other collectors push to, from inside the cluster. */
    readonly push: Record<string, string>;
    /** Where to query the stores, from inside the cluster. */
    readonly query: Record<string, string>;

    constructor(name: string, settings: Settings, opts?: pulumi.ComponentResourceOptions) {
        super("observability:index:Platform", name, {}, opts);
        const { platform } = settings;
        const child = { parent: this };

        const namespaces = monitoringNamespaces(platform, child);
        const crds = new PrometheusOperatorCrds("prometheus-operator-crds", { platform, namespaces }, child);
        const monitoringCrds = crds.ready;

        const objectStore = makeObjectStore(settings, monitoringCrds, child);
        const database = this.database(settings, monitoringCrds, objectStore);

        const outside = settings.outsidePush.enabled ? [OUTSIDE_PUSH] : [];
        const metricsStore = new Cortex(
            "cortex",
            {
                platform,
                settings: settings.cortex,
                tenants: tenantsOf(settings.tenants, "metrics"),
                objectStore,
                alertReceiver,
                writers: [MONITORING, COLLECTORS, "loki", "tempo", ...outside],
                monitoringCrds,
            },
            child,
        );
        const logStore = new Loki(
            "loki",
            {
                platform,
                settings: settings.loki,
                tenants: tenantsOf(settings.tenants, "logs"),
                objectStore,
                alertReceiver,
                metricsStore,
                writers: [COLLECTORS, ...outside],
                readers: [MONITORING],
                rulesFrom: COLLECTORS,
                monitoringCrds,
            },
            child,
        );
        const traceStore = new Tempo(
            "tempo",
            {
                platform,
                settings: settings.tempo,
                tenants: tenantsOf(settings.tenants, "traces"),
                objectStore,
                metricsStore,
                writers: [COLLECTORS, ...outside],
                readers: [MONITORING],
                monitoringCrds,
            },
            child,
        );
        const stack = new KubePrometheusStack(
            "kube-prometheus-stack",
            {
                platform,
                settings: settings.kubePrometheusStack,
                tenants: Object.keys(settings.tenants),
                alerting: settings.alerting,
                namespaces,
                definitions: crds,
                metricsStore,
                logStore,
                traceStore,
                database,
            },
            child,
        );
        const collectors = new K8sMonitoring(
            "k8s-monitoring",
            {
                platform,
                settings: settings.k8sMonitoring,
                namespace: namespaces.collectors,
                metricsStore,
                logStore,
                traceStore,
                monitoringCrds,
                after: [...objectStore.ready, ...(database?.ready ?? [])],
            },
            child,
        );

        new Dashboards(
            "dashboards",
            {
                objectStore: settings.objectStore.kind,
                database: database !== undefined,
                traceCopies: settings.tempo.replicationFactor,
                namespace: namespaces.monitoring,
            },
            child,
        );

        new Alerts(
            "alerts",
            {
                facts: alertFacts(settings),
                common: settings.alerting,
                namespace: namespaces.monitoring,
                monitoringCrds,
            },
            child,
        );

        if (settings.blackboxExporter.enabled) {
            const door = settings.blackboxExporter.grafanaDoor && { "grafana-door": `${stack.grafanaUrl}/api/health` };
            new BlackboxExporter(
                "blackbox-exporter",
                {
                    platform,
                    settings: settings.blackboxExporter,
                    namespace: namespaces.monitoring,
                    addresses: {
                        objectStore,
                        metricsStore,
                        logStore,
                        traceStore,
                        services: { ...healthUrls, collectors: collectors.healthUrl, ...door },
                    },
                    monitoringCrds,
                },
                child,
            );
        }
        const outsidePush = settings.outsidePush.enabled
            ? new OutsidePush(
                  "outside-push",
                  { platform, settings: settings.outsidePush, metricsStore, logStore, traceStore },
                  child,
              )
            : undefined;
        const pushgateway = settings.pushgateway.enabled
            ? new Pushgateway(
                  "pushgateway",
                  {
                      platform,
                      settings: settings.pushgateway,
                      namespace: namespaces.monitoring,
                      monitoringCrds,
                  },
                  child,
              )
            : undefined;

        const { backup } = settings;
        if (backup.target !== undefined) {
            const { repository, tag } = imageParts(
                settings.objectStore.kind === "minio" ? settings.objectStore.image : defaultImage,
                platform,
            );
            new Backup(
                "backup",
                { platform, settings: backup, target: backup.target, objectStore, image: `${repository}:${tag}` },
                child,
            );
        }

        this.grafana = {
            url: stack.grafanaUrl,
            user: "admin",
            password: `kubectl get secret ${GRAFANA_ADMIN_SECRET} --namespace ${MONITORING} --output jsonpath='{.data.admin-password}' | base64 -d`,
        };
        this.tenant = platform.tenant;
        this.push = {
            otlpGrpc: collectors.otlpGrpc,
            otlpHttp: collectors.otlpHttp,
            jaeger: collectors.jaeger,
            jaegerGrpc: collectors.jaegerGrpc,
            zipkin: collectors.zipkin,
            logs: logStore.pushUrl,
            logsOtlp: logStore.otlpUrl,
            metrics: metricsStore.pushUrl,
            ...(pushgateway && { pushgateway: pushgateway.pushUrl }),
            ...(outsidePush && {
                metricsFromOutside: outsidePush.urls.metrics,
                logsFromOutside: outsidePush.urls.logs,
                otlpHttpFromOutside: outsidePush.urls.otlp,
            }),
        };
        this.query = { metrics: metricsStore.queryUrl, logs: logStore.queryUrl, traces: traceStore.queryUrl };
        this.registerOutputs({});
    }

    private database(
        { platform, postgres }: Settings,
        monitoringCrds: pulumi.Resource[],
        objectStore: ObjectStore,
    ): Database | undefined {
        if (!usesPostgres(platform)) return undefined;
        return new Postgres(
            "postgres",
            { platform, settings: postgres, monitoringCrds, objectStore },
            { parent: this },
        );
    }
}
