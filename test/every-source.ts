/** Settings as the engine hands them to the program. */
type Config = Record<string, string>;

function config(settings: Record<string, unknown>): Config {
    return Object.fromEntries(
        Object.entries(settings).map(([key, value]) => [
            `observability:${key}`,
            typeof value === "string" ? value : JSON.stringify(value),
        ]),
    );
}

/** Of these the stack file would hold ciphertext. No text here occurs anywhere else: tests look for them in the open. */
export const SECRET_SETTINGS = {
    oidcClient: "client-secret-of-the-test",
    backupKey: "backup-secret-key-of-the-test",
    slack: "https://hooks.slack.example.com/services/of-the-test",
    heartbeat: "https://heartbeat.example.com/ping/of-the-test",
};

/**
 * Switches on, beside what a stack's file has, everything that is off unless somebody asks for it: whatever comes in, goes
 * out, or opens a door. Both stacks take it; an outside door needs an ingress with TLS, which a laptop has not by itself.
 */
export const EVERY_SOURCE: Config = config({
    access: {
        kind: "ingress",
        className: "nginx",
        namespace: "ingress-nginx",
        tls: { from: "issuer", clusterIssuer: "letsencrypt" },
    },
    pushgateway: { enabled: true },
    blackboxExporter: {
        grafanaDoor: true,
        probes: [
            { name: "shop", url: "https://shop.example.com/healthz", module: "http_2xx" },
            { name: "mail", url: "mail.example.com:25", module: "tcp_connect" },
            { name: "login", url: "https://shop.example.com/login", module: "http_401" },
        ],
        modules: { http_401: { prober: "http", http: { valid_status_codes: [401] } } },
    },
    k8sMonitoring: { tailSampling: { enabled: true } },
    outsidePush: { enabled: true, clients: [{ name: "edge-eu" }, { name: "shop", tenant: "shop" }] },
    kubePrometheusStack: {
        controlPlaneMetrics: true,
        prometheus: {
            federateTo: ["team-metrics"],
            remoteWrite: [
                {
                    name: "example",
                    url: "https://metrics.example.com/api/v1/write",
                    auth: { kind: "basic", secret: "metrics-example-com" },
                    headers: { "X-Scope-OrgID": "everyone" },
                    keep: "up|shop_.*",
                },
            ],
        },
        grafana: {
            oidc: {
                authUrl: "https://id.example.com/oauth2/authorize",
                tokenUrl: "https://id.example.com/oauth2/token",
                apiUrl: "https://id.example.com/oauth2/userinfo",
                clientId: "grafana",
                clientSecret: SECRET_SETTINGS.oidcClient,
                admins: ["observability-admins"],
                others: "viewer",
            },
        },
    },
    tenants: { shop: { metrics: { maxSeries: 500_000, retention: "90d" }, logs: { ingestionRateMb: 4 } } },
    alerting: {
        heartbeatUrl: SECRET_SETTINGS.heartbeat,
        slack: { apiUrl: SECRET_SETTINGS.slack, channel: "#alerts" },
        receivers: { shop: { webhook: { url: "https://shop.example.com/alerts" } } },
        routes: [{ receiver: "shop", team: "shop" }],
        runbooks: "https://git.example.com/observability/docs/runbooks",
    },
    backup: {
        target: {
            endpoint: "s3.example.com:443",
            bucket: "observability-backup",
            credentials: {
                from: "settings",
                accessKeyId: "backup-writer",
                secretAccessKey: SECRET_SETTINGS.backupKey,
            },
        },
    },
});

/** Switches off everything that a stack does without. */
export const NO_SOURCE: Config = config({
    blackboxExporter: { enabled: false },
    k8sMonitoring: {
        features: { podLogs: false, nodeLogs: false, clusterEvents: false, annotationDiscovery: false },
    },
});
