/** Names that addresses, selectors and policies follow from. */
export const RELEASE = "signoz";
export const NAMESPACE = "signoz";

/** Service account of all its pods: nothing of it asks the API server. */
export const ACCOUNT = "signoz";

/** What a user calls it: its folder of the chart's names, its host below the domain. */
export const NAME = "signoz";

/** Secret with ClickHouse's password. */
export const CLICKHOUSE_SECRET = "signoz-clickhouse";
export const CLICKHOUSE_KEY = "password";

/** Secret with the first user's password and the key that sessions are signed with. */
export const LOGIN_SECRET = "signoz-login";
export const LOGIN_KEYS = { password: "password", sessions: "jwt-secret" } as const;

/** Ports that pods listen on. */
export const PORTS = { screens: 8080, otlpGrpc: 4317, otlpHttp: 4318 } as const;

/** As the chart calls its workloads. */
const COMPONENTS = { screens: "signoz", collector: "otel-collector" } as const;

/** Labels of a workload's pods. */
export function podLabels(of: keyof typeof COMPONENTS): Readonly<Record<string, string>> {
    return {
        "app.kubernetes.io/name": "signoz",
        "app.kubernetes.io/instance": RELEASE,
        "app.kubernetes.io/component": COMPONENTS[of],
    };
}

const HOST = `svc.cluster.local`;

/** Base URL of OTLP over gRPC. */
export const otlpGrpcUrl = `http://${RELEASE}-otel-collector.${NAMESPACE}.${HOST}:${PORTS.otlpGrpc}`;

/** Address of the screens in the cluster. */
export const screensUrl = `http://${RELEASE}.${NAMESPACE}.${HOST}:${PORTS.screens}`;
