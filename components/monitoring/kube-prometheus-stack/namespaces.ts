import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { systemNamespace } from "../../kubernetes/namespace";
import type { PlatformSettings } from "../../settings/platform";
import { COLLECTORS, MONITORING } from "../../kubernetes/namespaces";

export interface MonitoringNamespaces {
    /** Operator, Prometheus, Alertmanager, Grafana. */
    readonly monitoring: k8s.core.v1.Namespace;
    /** What must see the host: node-exporter and the collectors of logs and traces. */
    readonly collectors: k8s.core.v1.Namespace;
}

/** Two namespaces, so that what needs the host does not loosen the rules for the rest. */
export function monitoringNamespaces(
    platform: PlatformSettings,
    opts: pulumi.CustomResourceOptions,
): MonitoringNamespaces {
    return {
        monitoring: systemNamespace(
            { name: MONITORING, podSecurity: { level: "restricted" }, holdsData: platform.protectData, platform },
            opts,
        ),
        collectors: systemNamespace(
            {
                name: COLLECTORS,
                podSecurity: {
                    level: "privileged",
                    reason: "node-exporter uses the host's network and file system, log collectors read its log files",
                },
                holdsData: false,
                platform,
            },
            opts,
        ),
    };
}
