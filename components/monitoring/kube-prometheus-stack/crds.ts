import * as pulumi from "@pulumi/pulumi";
import { chartRelease } from "../../kubernetes/chart-release";
import type { Ready } from "../../contracts/ready";
import type { PlatformSettings } from "../../settings/platform";
import { MONITORING } from "../../kubernetes/namespaces";
import { prometheusOperatorCrdsChart } from "./chart";
import type { MonitoringNamespaces } from "./namespaces";

export interface PrometheusOperatorCrdsArgs {
    readonly platform: PlatformSettings;
    readonly namespaces: MonitoringNamespaces;
}

/**
 * The definitions ServiceMonitor, PodMonitor, PrometheusRule, … as a release of their own: charts that come before
 * Prometheus already make such objects, and Helm upgrades definitions only where they are ordinary templates.
 */
export class PrometheusOperatorCrds extends pulumi.ComponentResource implements Ready {
    readonly ready: pulumi.Resource[];
    /** Of the definitions: the operator's that knows them. */
    readonly version: string = prometheusOperatorCrdsChart.appVersion;

    constructor(name: string, args: PrometheusOperatorCrdsArgs, opts?: pulumi.ComponentResourceOptions) {
        super("observability:kube-prometheus-stack:PrometheusOperatorCrds", name, {}, opts);
        const { platform, namespaces } = args;
        const release = chartRelease(
            "prometheus-operator-crds",
            {
                release: "prometheus-operator-crds",
                namespace: MONITORING,
                pin: prometheusOperatorCrdsChart,
                values: crdsValues(platform),
                userValues: {},
                chartMirror: platform.chartMirror,
                timeout: 900,
                protectData: platform.protectData,
            },
            { parent: this, dependsOn: [namespaces.monitoring] },
        );
        this.ready = [release];
        this.registerOutputs({ version: this.version });
    }
}

/** A definition that goes takes every object of its kind in the cluster with it, also those that others made. */
export function crdsValues(platform: Pick<PlatformSettings, "protectData">) {
    return platform.protectData ? { crds: { annotations: { "helm.sh/resource-policy": "keep" } } } : {};
}
