import { OWN_ACCOUNT } from "./accounts";

/** Names in the cluster. Addresses follow from them, so they never change. */
export const NAMESPACE = "victoriametrics";
/** As people call it, and the name of Grafana's data source. */
export const TITLE = "VictoriaMetrics";
export const RELEASE = "vm";
export const S3_SECRET = "victoriametrics-s3";
/** Holds vmauth's routes: the chart mounts a Secret, though nothing in it is one. */
export const ROUTES_SECRET = "vmauth-routes";
/** Where vmalert finds every Alertmanager: the operator takes it from a Secret, though nothing in it is one. */
export const NOTIFIERS_SECRET = "vmalert-notifiers";
export const NOTIFIERS_KEY = "notifiers.yml";

/**
 * Labels of a pair of Prometheus replicas. The store keeps one of several samples of the same series within an interval,
 * whoever sent them; a series that names its sender is another one.
 */
export const HA_LABELS = { cluster: "prometheus", replica: "prometheus_replica", dropReplica: "sender" } as const;

/** What requests come for: each has a process of vmauth, with a port and routes of its own. */
export type Use = "push" | "query";

/** Ports that pods listen on. */
export const PORTS = {
    push: 8427,
    query: 8426,
    /** Of vmauth's own metrics and health, which whoever pushes or queries does not reach. */
    pushMetrics: 8437,
    queryMetrics: 8436,
    vminsert: 8480,
    vmselect: 8481,
    vmstorage: 8482,
    /** Of the one process that is all. */
    single: 8428,
    /** Of what scrapes and evaluates VictoriaMetrics' own objects, and of the operator that makes both. */
    vmagent: 8429,
    vmalert: 8880,
    operatorMetrics: 8080,
} as const;

/** Names of the Services and workloads, which are the programs' own. */
export const VMAUTH = "vmauth";
export const VMAGENT = "vmagent";
export const VMALERT = "vmalert";
export const OPERATOR_RELEASE = "vm-operator";
export const SINGLE = "vmsingle";
export const VMINSERT = `http://vminsert.${NAMESPACE}.svc.cluster.local:${PORTS.vminsert}`;
export const VMSELECT = `http://vmselect.${NAMESPACE}.svc.cluster.local:${PORTS.vmselect}`;
/** The one process, as vmauth beside it finds it. */
export const LOCAL = `http://127.0.0.1:${PORTS.single}`;

/** Of the platform's own tenant, past vmauth. */
export const ownQueryUrl = `${VMSELECT}/select/${OWN_ACCOUNT}/prometheus`;

const at = (port: number) => `http://${VMAUTH}.${NAMESPACE}.svc.cluster.local:${port}`;
export const pushUrl = `${at(PORTS.push)}/api/v1/write`;
/** The same as vmalert takes it, which appends the path itself. */
export const resultsUrl = at(PORTS.push);
export const otlpUrl = `${at(PORTS.push)}/opentelemetry`;
export const queryUrl = `${at(PORTS.query)}/prometheus`;

/** Where the volume is mounted, in both charts. */
export const DATA = "/storage";
/** Where vmauth's routes are mounted. */
export const ROUTES = "/config";

/** Labels of a workload's pods in the chart of services. */
export function podLabels(component: string): Record<string, string> {
    return {
        "app.kubernetes.io/name": "victoria-metrics-cluster",
        "app.kubernetes.io/instance": RELEASE,
        app: component,
    };
}

/** Labels of the pod in the chart of one process. */
export const SINGLE_LABELS = {
    "app.kubernetes.io/name": "victoria-metrics-single",
    "app.kubernetes.io/instance": RELEASE,
    app: "server",
} as const;

/** Labels of the operator's pods. */
export const OPERATOR_LABELS = {
    "app.kubernetes.io/name": "victoria-metrics-operator",
    "app.kubernetes.io/instance": OPERATOR_RELEASE,
} as const;

/** Labels of the pods that the operator makes of an object: its kind in small letters, and its name, which is the same here. */
export function operatedLabels(name: typeof VMAGENT | typeof VMALERT): Record<string, string> {
    return { "app.kubernetes.io/name": name, "app.kubernetes.io/instance": name, "managed-by": "vm-operator" };
}
