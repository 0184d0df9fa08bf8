import * as pulumi from "@pulumi/pulumi";
import { Alerts } from "../alerts/alerts";
import { inhibitionsOf } from "../alerts/inhibitions";
import { K8sMonitoring } from "../collectors/k8s-monitoring/k8s-monitoring";
import { Dashboards } from "../dashboards/dashboards";
import { makeErrorStore } from "../errors";
import { Grafana } from "../grafana/grafana";
import type { ClusterLogin } from "../ingest-gateway/cluster-logins";
import { MONITORING } from "../kubernetes/namespaces";
import { KubePrometheusStack } from "../monitoring/kube-prometheus-stack/kube-prometheus-stack";
import { alertmanagerUrl, prometheusUrl, RELEASE } from "../monitoring/kube-prometheus-stack/names";
import { NO_GRAFANA } from "../contracts/grafana";
import { made } from "../settings/make";
import { makeAddOns } from "./add-ons";
import { collecting } from "./collecting";
import { pushAddresses, queryAddresses } from "./addresses";
import { makeFoundation } from "./foundation";
import { ownNamespaces } from "./roles";
import type { Settings } from "./settings";
import { alertingNamespaces, keptStores, makeStores } from "./stores";
import { systemsOf } from "./systems";
import { namespaceTenants } from "./tenants";
import { absentWorkloads } from "./workloads";

/**
 * The whole: makes each system in order and hands what one gives to the next. Namespaces, definitions, object store and
 * database first, then the stores side by side, then what sends to them, shows them and watches them.
 */
export class Platform extends pulumi.ComponentResource {
    /** How to reach Grafana; undefined where the stack has none. */
    readonly grafana: { url: string; user: string; password: string } | undefined;
    /** Tenant in the stores, of whoever pushes to them, or queries them, directly. */
    readonly tenant: string;
    /** Where applications and other collectors push to, from inside the cluster. */
    readonly push: Record<string, string>;
    /** Where to query the stores, from inside the cluster. */
    readonly query: Record<string, string>;
    /** How each cluster that keeps its signals here sends them, by its name; a secret. Undefined where none does. */
    readonly clusters: pulumi.Output<Record<string, ClusterLogin>> | undefined;

    constructor(name: string, settings: Settings, opts?: pulumi.ComponentResourceOptions) {
        const { platform } = settings;
        const { survives, protectData, chartMirror } = platform;
        // What policies hold the releases below it to (policies/stated.ts): they see inputs, and no settings.
        const absent = absentWorkloads(settings);
        super(
            "observability:index:Platform",
            name,
            { survives, protectData, chartMirror, ...(absent.length > 0 && { absent }) },
            opts,
        );
        const child = { parent: this };
        const systems = systemsOf(settings);
        const foundation = makeFoundation(settings, child);
        const { namespaces, crds, objectStore, database } = foundation;
        const monitoringCrds = crds.ready;
        const stores = makeStores(settings, foundation, child);

        const errorStore = makeErrorStore(
            { platform, settings: settings.errors, objectStore, database: foundation.errorsDatabase, monitoringCrds },
            child,
        );

        const { scrapeInterval } = settings.kubePrometheusStack.prometheus;
        const { metricsStore, logStore, traceStore } = keptStores(stores);
        const grafana = settings.grafana.enabled
            ? new Grafana(
                  "grafana",
                  {
                      platform,
                      settings: settings.grafana,
                      release: RELEASE,
                      namespace: namespaces.monitoring,
                      tenants: Object.keys(settings.tenants),
                      metricsStore: made(metricsStore),
                      secondMetricsStore: stores.secondMetricsStore,
                      logStore: made(logStore),
                      traceStore: made(traceStore),
                      prometheus: { url: prometheusUrl, scrapeInterval },
                      alertmanagerUrl,
                      database,
                  },
                  child,
              )
            : undefined;
        new KubePrometheusStack(
            "kube-prometheus-stack",
            {
                platform,
                settings: settings.kubePrometheusStack,
                alerting: settings.alerting,
                inhibitions: inhibitionsOf(systems),
                namespaces,
                definitions: crds,
                metricsStore: stores.metricsStore,
                secondMetricsStore: stores.secondMetricsStore,
                alertsFrom: alertingNamespaces(stores),
                grafana: grafana ?? NO_GRAFANA,
            },
            child,
        );
        const collectors = new K8sMonitoring(
            "k8s-monitoring",
            {
                platform,
                settings: collecting(settings),
                namespace: namespaces.collectors,
                scrapedByPrometheus: ownNamespaces(settings),
                namespaceTenants: namespaceTenants(settings.tenants),
                ...stores,
                monitoringCrds,
            },
            child,
        );

        if (grafana) {
            const shownBy = { namespace: namespaces.monitoring, after: grafana.after };
            new Dashboards("dashboards", { systems, ...shownBy }, child);
        }
        new Alerts(
            "alerts",
            {
                systems,
                common: settings.alerting,
                namespace: namespaces.monitoring,
                monitoringCrds,
            },
            child,
        );
        const addOns = makeAddOns(settings, foundation, stores, { grafana, collectors, errorStore }, child);

        this.grafana = grafana && {
            url: grafana.url,
            user: "admin",
            password: `kubectl get secret ${grafana.adminSecret} --namespace ${MONITORING} --output jsonpath='{.data.admin-password}' | base64 -d`,
        };
        this.tenant = platform.tenant;
        this.push = pushAddresses(stores, collectors, addOns, errorStore);
        this.query = queryAddresses(stores);
        this.clusters = addOns.ingestGateway?.clusters;
        const { tenant, push, query, clusters } = this;
        this.registerOutputs({ grafana: this.grafana, tenant, push, query, clusters });
    }
}
