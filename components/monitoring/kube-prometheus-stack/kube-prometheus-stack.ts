import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { chartRelease } from "../../kubernetes/chart-release";
import type { AlertReceiver, Database, LogStore, MetricsStore, Ready, TraceStore } from "../../contracts/contracts";
import { password, secret } from "../../kubernetes/credentials";
import { networkPolicies } from "../../kubernetes/network-policies";
import type { PlatformSettings } from "../../settings/platform";
import {
    ALERTMANAGER_CONFIG_KEY,
    ALERTMANAGER_CONFIG_SECRET,
    GRAFANA_ADMIN_SECRET,
    GRAFANA_DATABASE_SECRET,
    GRAFANA_OIDC_SECRET,
    GRAFANA_SECRET_KEY_SECRET,
    MONITORING,
    RELEASE,
    alertReceiver,
    prometheusUrl,
} from "./names";
import type { AlertingSettings } from "./alerting-settings";
import { alertmanagerYaml } from "./alertmanager-config";
import { kubePrometheusStackChart } from "./chart";
import { monitoringNetwork } from "./network-policies";
import { grafanaUrl } from "../../grafana/access";
import type { MonitoringNamespaces } from "./namespaces";
import type { KubePrometheusStackSettings } from "./settings";
import { buildKubePrometheusStackValues } from "./values";

export interface KubePrometheusStackArgs {
    readonly platform: PlatformSettings;
    readonly settings: KubePrometheusStackSettings;
    /** Tenants beside the platform's own. */
    readonly tenants: readonly string[];
    readonly alerting: AlertingSettings;
    readonly namespaces: MonitoringNamespaces;
    /** The operator's definitions, without which nothing here can be made. */
    readonly definitions: Ready;
    readonly metricsStore: MetricsStore;
    readonly logStore: LogStore;
    readonly traceStore: TraceStore;
    /** Grafana's PostgreSQL; without it Grafana keeps SQLite on a volume. */
    readonly database: Database | undefined;
}

/** Prometheus, Alertmanager and Grafana, the operator that runs the first two, and the exporters of the cluster. */
export class KubePrometheusStack extends pulumi.ComponentResource implements Ready {
    readonly ready: pulumi.Resource[];
    /** Where rulers send alerts. */
    readonly alertReceiver: AlertReceiver = alertReceiver;
    /** Where people open Grafana. */
    readonly grafanaUrl: string;
    /** Prometheus' API inside the cluster. */
    readonly prometheusUrl: string = prometheusUrl;
    /** Secret with Grafana's `admin-user` and `admin-password`, in the namespace monitoring. */
    readonly adminSecret: string;

    constructor(name: string, args: KubePrometheusStackArgs, opts?: pulumi.ComponentResourceOptions) {
        super("observability:kube-prometheus-stack:KubePrometheusStack", name, {}, opts);
        const { platform, settings, namespaces, database } = args;
        const inNamespace = { parent: this, dependsOn: [namespaces.monitoring] };
        const secrets = this.makeSecrets(args, inNamespace);
        const policies = networkPolicies(monitoringNetwork(args), inNamespace);

        const release = chartRelease(
            RELEASE,
            {
                release: RELEASE,
                namespace: MONITORING,
                pin: kubePrometheusStackChart,
                values: buildKubePrometheusStackValues(args),
                userValues: settings.values,
                chartMirror: platform.chartMirror,
                // Each of about 35 rules may wait for a webhook that does not answer yet.
                timeout: 1200,
                // Prometheus' and Alertmanager's volumes outlive the release, SQLite's does not.
                holdsData: platform.protectData && database === undefined,
            },
            {
                parent: this,
                dependsOn: [
                    namespaces.monitoring,
                    namespaces.collectors,
                    ...secrets,
                    ...policies,
                    ...args.definitions.ready,
                    // The stores are not waited for: Prometheus keeps what it could not send, up to two hours of it.
                    ...(database?.ready ?? []),
                ],
            },
        );
        this.ready = [release];
        this.grafanaUrl = grafanaUrl(platform);
        this.adminSecret = GRAFANA_ADMIN_SECRET;
        this.registerOutputs({});
    }

    private makeSecrets(
        { platform, settings, alerting, database }: KubePrometheusStackArgs,
        opts: pulumi.CustomResourceOptions,
    ): k8s.core.v1.Secret[] {
        const make = (name: string, data: Record<string, pulumi.Input<string>>) =>
            secret(name, { name, namespace: MONITORING, data }, opts);
        const parent = { parent: this };
        const { oidc } = settings.grafana;
        // Grafana encrypts with this key what it keeps in its database: another key could not read it, so it never rotates.
        const secretKey = password("grafana-secret-key", 1, { ...parent, protect: platform.protectData });
        return [
            make(ALERTMANAGER_CONFIG_SECRET, { [ALERTMANAGER_CONFIG_KEY]: pulumi.secret(alertmanagerYaml(alerting)) }),
            make(GRAFANA_ADMIN_SECRET, {
                "admin-user": "admin",
                "admin-password": password("grafana-admin", settings.rotation.grafanaAdmin, parent),
            }),
            make(GRAFANA_SECRET_KEY_SECRET, { "secret-key": secretKey }),
            ...(database ? [make(GRAFANA_DATABASE_SECRET, { password: database.password })] : []),
            ...(oidc ? [make(GRAFANA_OIDC_SECRET, { "client-secret": oidc.clientSecret })] : []),
        ];
    }
}
