import type { AlertReceiver } from "../../contracts/alert-receiver";
import type { Sidecars } from "../../contracts/metrics-store";
import { MONITORING } from "../../kubernetes/namespaces";

/** Names in the cluster. Addresses follow from them, so they never change. */
export const RELEASE = "kps";

/** Custom resources that the operator turns into pods; also the names of their Services. */
export const PROMETHEUS = `${RELEASE}-prometheus`;
export const ALERTMANAGER = `${RELEASE}-alertmanager`;
export const RULER = `${RELEASE}-thanos-ruler`;

export const ALERTMANAGER_CONFIG_SECRET = "alertmanager-config";
/** Another key, and the operator takes a configuration that notifies nobody, without an error. */
export const ALERTMANAGER_CONFIG_KEY = "alertmanager.yaml";

export const PORTS = { prometheus: 9090, alertmanager: 9093, ruler: 10902, sidecar: 10901, webhook: 10250 } as const;

export const prometheusUrl = `http://${PROMETHEUS}.${MONITORING}.svc.cluster.local:${PORTS.prometheus}`;
export const alertmanagerUrl = `http://${ALERTMANAGER}.${MONITORING}.svc.cluster.local:${PORTS.alertmanager}`;

/** What answers 200 while it serves, by name. */
export const healthUrls = {
    prometheus: `${prometheusUrl}/-/ready`,
    alertmanager: `${alertmanagerUrl}/-/ready`,
} as const;

/**
 * Where rulers of other systems send alerts. The SRV record of the operator's headless Service lists every
 * Alertmanager: they only tell each other what they have sent, not what they were told.
 */
export const alertReceiver: AlertReceiver = {
    srvUrl: `http://_http-web._tcp.alertmanager-operated.${MONITORING}.svc.cluster.local`,
    peer: { namespace: MONITORING, podPort: PORTS.alertmanager },
};

/** The container beside each Prometheus that brings its blocks into a store's bucket, by the operator's name. */
export const SIDECAR = "thanos-sidecar";
export const SIDECAR_BUCKET_SECRET = "thanos-sidecar-bucket";
export const SIDECAR_KEYS_SECRET = "thanos-sidecar-s3";

/** The SRV record of the chart's headless Service names every replica's. */
export const sidecars: Sidecars = {
    address: `dnssrv+_grpc._tcp.${RELEASE}-thanos-discovery.${MONITORING}.svc.cluster.local`,
    endpoint: { namespace: MONITORING, podPort: PORTS.sidecar },
};

/** Labels of pods, for spreading and for network policies. */
export const PODS = {
    prometheus: { "app.kubernetes.io/name": "prometheus", "operator.prometheus.io/name": PROMETHEUS },
    alertmanager: { "app.kubernetes.io/name": "alertmanager", alertmanager: ALERTMANAGER },
    ruler: { "app.kubernetes.io/name": "thanos-ruler", "thanos-ruler": RULER },
    /** Only these two tell the webhook from the operator and the hook Jobs, which share its other labels. */
    webhook: { app: "kube-prometheus-stack-operator-webhook", release: RELEASE },
    /** Operator and webhook: either may serve the API server's admission calls. */
    operator: { "app.kubernetes.io/name": "kube-prometheus-stack-prometheus-operator" },
    kubeStateMetrics: { "app.kubernetes.io/name": "kube-state-metrics", "app.kubernetes.io/instance": RELEASE },
    nodeExporter: { "app.kubernetes.io/name": "prometheus-node-exporter", "app.kubernetes.io/instance": RELEASE },
} as const;
