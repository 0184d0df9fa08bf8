import { MONITORING } from "../../kubernetes/namespaces";

/** Names that addresses, selectors and policies follow from. */
export const RELEASE = "blackbox-exporter";
/** Beside Prometheus, whom every store lets in already: the exporter asks from the same namespace. */
export const NAMESPACE = MONITORING;
export const PORT = 9115;
export const LABELS = {
    "app.kubernetes.io/name": "prometheus-blackbox-exporter",
    "app.kubernetes.io/instance": RELEASE,
};

/** Where Prometheus has its targets probed: `host:port`, as a Probe names it. */
export const PROBER = `${RELEASE}.${NAMESPACE}.svc.cluster.local:${PORT}`;
/** `job` of every probe's series; the label `probe` tells them apart. */
export const JOB = "blackbox";
