import { MONITORING } from "../../kubernetes/namespaces";

/** Names that addresses, selectors and policies follow from. */
export const RELEASE = "pushgateway";
export const NAMESPACE = MONITORING;
export const PORT = 9091;
export const LABELS = { "app.kubernetes.io/name": "prometheus-pushgateway", "app.kubernetes.io/instance": RELEASE };
