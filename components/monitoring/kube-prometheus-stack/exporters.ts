import { resources } from "../../kubernetes/resources";
import { COLLECTORS } from "../../kubernetes/namespaces";
import type { ChartValues } from "./values.gen";
import type { KubePrometheusStackValuesArgs } from "./values-args";

/** What is scraped of the cluster itself: control plane, kubelets, objects, nodes. */
export function exporterValues({ platform, settings }: KubePrometheusStackValuesArgs) {
    const small = platform.survives === "nothing";
    const controlPlane = { enabled: settings.controlPlaneMetrics };
    return {
        kubeControllerManager: controlPlane,
        kubeEtcd: controlPlane,
        kubeScheduler: controlPlane,
        kubeProxy: controlPlane,
        // Its Service is made in kube-system; a server elsewhere brings monitors of its own, or none.
        coreDns: { enabled: platform.dns.namespace === "kube-system" },
        // The chart's own 10 s are the largest share of what is written remotely.
        kubelet: { serviceMonitor: { cAdvisorInterval: settings.prometheus.scrapeInterval } },
        // Dashboards of nodes that Kubernetes has not.
        nodeExporter: { operatingSystems: { aix: { enabled: false }, darwin: { enabled: false } } },
        "kube-state-metrics": {
            fullnameOverride: "kube-state-metrics",
            // No rule and no dashboard asks for them, and to count them is to read them.
            collectorsExclude: ["secrets", "configmaps"],
            // One, and never two for the length of a rollout: a second one doubles every series.
            replicas: 1,
            updateStrategy: "Recreate",
            ...platform.scheduling,
            resources: small ? resources("10m", "48Mi", "128Mi") : resources("50m", "128Mi", "512Mi"),
        },
        "prometheus-node-exporter": {
            fullnameOverride: "node-exporter",
            namespaceOverride: COLLECTORS,
            // Every node, also those that the platform's own node selector leaves out and tainted ones.
            tolerations: [{ operator: "Exists" }],
            resources: small ? resources("10m", "16Mi", "64Mi") : resources("50m", "32Mi", "128Mi"),
        },
    } satisfies ChartValues;
}
