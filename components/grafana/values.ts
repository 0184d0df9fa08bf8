import { hostsApart, zonesApart } from "../kubernetes/placement";
import { resources } from "../kubernetes/resources";
import {
    DASHBOARDS_FROM,
    GRAFANA,
    GRAFANA_ADMIN_SECRET,
    GRAFANA_DATABASE_SECRET,
    GRAFANA_SECRET_KEY_SECRET,
    PODS,
} from "../monitoring/kube-prometheus-stack/names";
import { datasources } from "./datasources";
import { grafanaDoor, grafanaUrl, speaksTls } from "./access";
import { oidcEnv, oidcIni } from "./oidc";
import type { ChartValues } from "../monitoring/kube-prometheus-stack/values.gen";
import type { KubePrometheusStackValuesArgs } from "../monitoring/kube-prometheus-stack/values-args";

type GrafanaValues = NonNullable<ChartValues["grafana"]>;

/** Grafana: replicas share PostgreSQL; alone it may keep SQLite on a volume. */
export function grafanaValues(args: KubePrometheusStackValuesArgs): GrafanaValues {
    const { platform, settings, database } = args;
    const { replicas } = settings.grafana;
    const small = platform.survives === "nothing";
    return {
        fullnameOverride: GRAFANA,
        replicas,
        // A Helm test hook with an image of its own.
        testFramework: { enabled: false },
        // Runs as root; the pod's fsGroup does the same without.
        initChownData: { enabled: false },
        ...placement(args),
        ...storage(args),
        resources: small ? resources("25m", "128Mi", "512Mi") : resources("100m", "256Mi", "1Gi"),
        admin: { existingSecret: GRAFANA_ADMIN_SECRET, userKey: "admin-user", passwordKey: "admin-password" },
        // Environment variables come from Secrets and are read at start: another generation has to start new pods.
        podAnnotations: {
            "observability-platform/credentials-generation": credentialsGeneration(args),
        },
        envValueFrom: {
            ...(database && { GF_DATABASE_PASSWORD: fromSecret(GRAFANA_DATABASE_SECRET, "password") }),
            GF_SECURITY_SECRET_KEY: fromSecret(GRAFANA_SECRET_KEY_SECRET, "secret-key"),
            ...oidcEnv(settings.grafana.oidc),
        },
        "grafana.ini": iniFile(args),
        ...grafanaDoor(platform, replicas),
        defaultDashboardsTimezone: "browser",
        sidecar: sidecar(small),
        // A file instead of the sidecar: Grafana reads data sources at boot only, and a change here rolls the pods.
        datasources: { "datasources.yaml": datasources(args) },
    };
}

function credentialsGeneration({ settings, database }: KubePrometheusStackValuesArgs): string {
    const { oidc } = settings.grafana;
    const generations = `admin-${settings.rotation.grafanaAdmin}-database-${database?.generation ?? 0}`;
    return oidc ? `${generations}-oidc-${oidc.rotation}` : generations;
}

function fromSecret(name: string, key: string) {
    return { secretKeyRef: { name, key } };
}

function placement({ platform, settings }: KubePrometheusStackValuesArgs): GrafanaValues {
    const affinity = hostsApart(PODS.grafana, platform.survives);
    const spread = zonesApart(PODS.grafana, platform.survives, "stateless");
    return {
        ...platform.scheduling,
        ...(affinity && { affinity }),
        ...(spread && { topologySpreadConstraints: spread }),
        ...(settings.grafana.replicas > 1 && {
            podDisruptionBudget: { maxUnavailable: 1, unhealthyPodEvictionPolicy: "AlwaysAllow" },
        }),
    };
}

function storage({ platform, settings, database }: KubePrometheusStackValuesArgs): GrafanaValues {
    if (database === undefined) {
        return {
            persistence: {
                enabled: true,
                type: "pvc",
                size: settings.grafana.volume,
                ...(platform.storageClass !== undefined && { storageClassName: platform.storageClass }),
            },
            // The volume goes to one pod at a time.
            deploymentStrategy: { type: "Recreate" },
        };
    }
    return {
        persistence: { enabled: false },
        // A surplus pod would need a host of its own, which a small cluster does not have.
        ...(settings.grafana.replicas > 1 && {
            deploymentStrategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } },
        }),
    };
}

function iniFile({ platform, settings, database }: KubePrometheusStackValuesArgs): Record<string, unknown> {
    return {
        ...(platform.access.kind !== "none" && { server: { root_url: grafanaUrl(platform) } }),
        database: database
            ? {
                  type: "postgres",
                  host: `${database.host}:${database.port}`,
                  name: database.name,
                  user: database.user,
                  ssl_mode: "require",
                  max_open_conn: 20,
                  max_idle_conn: 5,
                  // Seconds: a connection to a former primary does not live on.
                  conn_max_lifetime: 300,
              }
            : { type: "sqlite3", wal: true },
        // Rules are Prometheus', Cortex' and Loki's; every replica of Grafana would evaluate its own once more.
        unified_alerting: { enabled: false },
        security: { cookie_secure: speaksTls(platform.access) },
        analytics: { reporting_enabled: false, check_for_updates: false, check_for_plugin_updates: false },
        // Grafana would fetch plugins from the internet at each start.
        plugins: { preinstall_disabled: true },
        users: { allow_sign_up: false },
        ...oidcIni(settings.grafana.oidc),
    };
}

function sidecar(small: boolean): NonNullable<GrafanaValues["sidecar"]> {
    return {
        resources: small ? resources("5m", "64Mi", "192Mi") : resources("20m", "96Mi", "256Mi"),
        datasources: { enabled: false },
        dashboards: {
            enabled: true,
            searchNamespace: "ALL",
            // Dashboards are in ConfigMaps: it watches no Secrets.
            resource: "configmap",
            // Grafana polls the folder itself, so the sidecar needs no password of its admin.
            skipReload: true,
            ...DASHBOARDS_FROM,
            // Of the chart's own dashboards.
            annotations: { [DASHBOARDS_FROM.folderAnnotation]: "Kubernetes" },
            provider: { foldersFromFilesStructure: true },
            // The variable `cluster` is shown: the metrics store may hold several.
            multicluster: { global: { enabled: true } },
        },
    };
}
