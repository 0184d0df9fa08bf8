import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { AlertReceiver } from "../../contracts/alert-receiver";
import type { GrafanaPart } from "../../contracts/grafana";
import type { MetricsSink, MetricsStore } from "../../contracts/metrics-store";
import type { Ready } from "../../contracts/ready";
import type { Inhibition } from "../../contracts/system";
import { chartRelease } from "../../kubernetes/chart-release";
import { secret } from "../../kubernetes/credentials";
import { MONITORING } from "../../kubernetes/namespaces";
import { networkPolicies } from "../../kubernetes/network-policies";
import { completed, type Given } from "../../settings/complete";
import { NEEDED } from "../../settings/needed";
import type { PlatformSettings } from "../../settings/platform";
import type { AlertingSettings } from "./alerting-settings";
import { alertmanagerYaml } from "./alertmanager-config";
import { kubePrometheusStackChart } from "./chart";
import {
    ALERTMANAGER_CONFIG_KEY,
    ALERTMANAGER_CONFIG_SECRET,
    alertReceiver,
    prometheusUrl,
    RELEASE,
    RULER,
} from "./names";
import type { MonitoringNamespaces } from "./namespaces";
import { monitoringNetwork } from "./network-policies";
import { kubePrometheusStackSlice, type KubePrometheusStackSettings } from "./settings";
import { sidecarSecrets } from "./sidecar";
import { buildKubePrometheusStackValues } from "./values";

export interface KubePrometheusStackArgs {
    readonly platform: PlatformSettings;
    readonly settings: KubePrometheusStackSettings;
    readonly alerting: AlertingSettings;
    /** Which alerts are not told while another fires. */
    readonly inhibitions: readonly Inhibition[];
    readonly namespaces: MonitoringNamespaces;
    /** The operator's definitions, without which nothing here can be made. */
    readonly definitions: Ready;
    /** Rules of objects are evaluated on it where it is in this cluster. */
    readonly metricsStore: MetricsSink & Partial<Pick<MetricsStore, "ruleQueries">>;
    /** Another beside it, while a stack moves from one to the other. */
    readonly secondMetricsStore?: MetricsStore | undefined;
    /** Namespaces of the rulers that send alerts. */
    readonly alertsFrom: readonly string[];
    readonly grafana: GrafanaPart;
}

/** Prometheus and Alertmanager, the operator that runs them, the exporters of the cluster; the release carries Grafana. */
export class KubePrometheusStack extends pulumi.ComponentResource implements Ready {
    readonly ready: pulumi.Resource[];
    /** Where rulers send alerts. */
    readonly alertReceiver: AlertReceiver = alertReceiver;
    /** Prometheus' API inside the cluster. */
    readonly prometheusUrl: string = prometheusUrl;

    constructor(
        name: string,
        given: Given<KubePrometheusStackArgs, "alertsFrom">,
        opts?: pulumi.ComponentResourceOptions,
    ) {
        const args = completed<KubePrometheusStackArgs, "alertsFrom">(
            "kubePrometheusStack",
            kubePrometheusStackSlice,
            given,
            { alertsFrom: [] },
            {
                alerting: "{ receivers, routes, team }, such as { receivers: {}, routes: [], team: platform }",
                inhibitions: "a list of which alerts are not told while another fires, [] for none",
                namespaces: "the namespaces, such as monitoringNamespaces(…)",
                definitions: "the operator's definitions, such as new PrometheusOperatorCrds(…)",
                metricsStore: NEEDED.metricsStore,
                grafana: "a Grafana, such as new Grafana(…)",
            },
        );
        super("observability:kube-prometheus-stack:KubePrometheusStack", name, {}, opts);
        const { platform, settings, namespaces, grafana } = args;
        const inNamespace = { parent: this, dependsOn: [namespaces.monitoring] };
        const alertmanagerConfig = secret(
            ALERTMANAGER_CONFIG_SECRET,
            {
                name: ALERTMANAGER_CONFIG_SECRET,
                namespace: MONITORING,
                data: { [ALERTMANAGER_CONFIG_KEY]: pulumi.secret(alertmanagerYaml(args.alerting, args.inhibitions)) },
            },
            inNamespace,
        );
        const rulerAccounts =
            args.metricsStore.ruleQueries === undefined
                ? []
                : [
                      new k8s.core.v1.ServiceAccount(
                          RULER,
                          { metadata: { name: RULER, namespace: MONITORING }, automountServiceAccountToken: false },
                          inNamespace,
                      ),
                  ];
        const policies = networkPolicies(monitoringNetwork(args), inNamespace);

        const release = chartRelease(
            RELEASE,
            {
                release: RELEASE,
                namespace: MONITORING,
                // Prometheus' and Alertmanager's volumes outlive the release; Grafana's own does not.
                pin: { ...kubePrometheusStackChart, holdsData: grafana.holdsData },
                values: buildKubePrometheusStackValues(args),
                userValues: settings.values,
                chartMirror: platform.chartMirror,
                // Each of about 35 rules may wait for a webhook that does not answer yet.
                timeout: 1200,
                protectData: platform.protectData,
            },
            {
                parent: this,
                dependsOn: [
                    namespaces.monitoring,
                    namespaces.collectors,
                    alertmanagerConfig,
                    ...rulerAccounts,
                    ...sidecarSecrets(args, inNamespace),
                    ...grafana.ready,
                    ...policies,
                    ...args.definitions.ready,
                    // The stores are not waited for: Prometheus keeps what it could not send, up to two hours of it.
                    ...grafana.after,
                ],
            },
        );
        this.ready = [release];
        this.registerOutputs({ prometheusUrl: this.prometheusUrl, alertReceiver: this.alertReceiver.srvUrl });
    }
}
