import { MONITORING } from "../kubernetes/namespaces";

/** Names in the cluster. Addresses follow from them, so they never change. */
export const GRAFANA = "grafana";
export const ADMIN_SECRET = "grafana-admin";
export const DATABASE_SECRET = "grafana-db";
export const OIDC_SECRET = "grafana-oidc";
export const SECRET_KEY_SECRET = "grafana-secret-key";

/** ClusterRole of the sidecar. */
export const DASHBOARD_READER = "grafana-dashboards";

/** Port that the pods listen on. */
export const PORT = 3000;

/** Address in the cluster. */
export const grafanaServiceUrl = `http://${GRAFANA}.${MONITORING}.svc.cluster.local`;

/**
 * Labels of the pods, for spreading and for network policies.
 * @param release Helm release that Grafana's chart is a part of.
 */
export function podLabels(release: string) {
    return { "app.kubernetes.io/name": "grafana", "app.kubernetes.io/instance": release };
}
