import { at, record, records, strings } from "../../records";
import type { KubernetesObject, RenderedObject } from "../../render/manifests";
import { budget, service } from "./operated";

/** A resource of kind Alloy, with the values that its chart is rendered with. */
export interface Collector {
    readonly owner: RenderedObject;
    readonly values: Record<string, unknown>;
    readonly name: string;
    readonly selector: Readonly<Record<string, string>>;
}

/** Its Services and its monitor. */
export function network({ values, name, selector: own }: Collector): KubernetesObject[] {
    const agent = record(values.alloy);
    const extra = records(agent.extraPorts).map(({ name: each, port, targetPort, protocol }) => ({
        name: each,
        port,
        targetPort,
        protocol: protocol ?? "TCP",
    }));
    const web = (each: unknown) => ({ name: each, port: agent.listenPort, targetPort: agent.listenPort });
    const monitor: KubernetesObject = {
        apiVersion: "monitoring.coreos.com/v1",
        kind: "ServiceMonitor",
        metadata: { name, labels: own },
        spec: { endpoints: [{ port: "http-metrics" }], selector: { matchLabels: own } },
    };
    return [
        ...(at(values, "service.enabled") === true
            ? [service(name, own, [web("http-metrics"), ...extra], {}, own)]
            : []),
        ...(at(agent, "clustering.enabled") === true
            ? [
                  service(
                      `${name}-cluster`,
                      own,
                      [web(at(agent, "clustering.portName")), ...extra],
                      { clusterIP: "None", publishNotReadyAddresses: true },
                      own,
                  ),
              ]
            : []),
        ...(at(values, "service.enabled") === true && at(values, "serviceMonitor.enabled") === true ? [monitor] : []),
    ];
}

/** Its configuration, where the resource holds that itself. */
export function configuration({ values, name }: Collector): KubernetesObject[] {
    const { create, content, key, name: given } = record(at(values, "alloy.configMap"));
    if (create !== true || typeof content !== "string") return [];
    const metadata = { name: typeof given === "string" ? given : name };
    return [
        {
            apiVersion: "v1",
            kind: "ConfigMap",
            metadata,
            data: { [typeof key === "string" ? key : "config.alloy"]: content },
        },
    ];
}

export function disruption({ values, name, selector: own }: Collector): KubernetesObject[] {
    const { enabled, minAvailable, maxUnavailable } = record(at(values, "controller.podDisruptionBudget"));
    if (enabled !== true) return [];
    return [
        budget(name, own, {
            ...(minAvailable !== undefined && { minAvailable }),
            ...(maxUnavailable !== undefined && { maxUnavailable }),
        }),
    ];
}

/** Its service account and what that may do. */
export function access({ owner, values, name }: Collector): KubernetesObject[] {
    const { create, namespaces, rules, clusterRules } = record(values.rbac);
    const given = at(values, "serviceAccount.name");
    const account = typeof given === "string" ? given : name;
    const { automountServiceAccountToken } = record(values.serviceAccount);
    const pair = (kind: "Role" | "ClusterRole", all: unknown[], namespace?: string): KubernetesObject[] => {
        const metadata = { name, ...(namespace !== undefined && { namespace }) };
        const apiGroup = "rbac.authorization.k8s.io";
        const apiVersion = `${apiGroup}/v1`;
        const subjects = [{ kind: "ServiceAccount", name: account, namespace: owner.namespace }];
        return [
            { apiVersion, kind, metadata, rules: all },
            { apiVersion, kind: `${kind}Binding`, metadata, roleRef: { apiGroup, kind, name }, subjects },
        ];
    };
    const own = records(rules);
    const places = strings(namespaces);
    return [
        ...(at(values, "serviceAccount.create") === true
            ? [
                  {
                      apiVersion: "v1",
                      kind: "ServiceAccount",
                      metadata: { name: account },
                      automountServiceAccountToken,
                  },
              ]
            : []),
        ...(create !== true
            ? []
            : places.length > 0
              ? places.flatMap((place) => pair("Role", own, place))
              : pair("ClusterRole", [...own, ...records(clusterRules)])),
    ];
}
