import { hostAntiAffinity, zoneSpread } from "../kubernetes/placement";
import { resources } from "../kubernetes/resources";
import { speaksTls } from "../kubernetes/web-access";
import { DASHBOARDS_FROM } from "../contracts/datasources";
import { ADMIN_SECRET, DASHBOARD_READER, DATABASE_SECRET, GRAFANA, podLabels, SECRET_KEY_SECRET } from "./names";
import { datasources } from "./datasources";
import { accessValues, grafanaUrl } from "./access";
import { oidcEnv, oidcIni } from "./oidc";
import { grafanaReplicated } from "./workloads";
import type { ChartValues } from "../monitoring/kube-prometheus-stack/values.gen";
import type { GrafanaValuesArgs } from "./values-args";

export type GrafanaValues = NonNullable<ChartValues["grafana"]>;

/** Grafana: replicas share PostgreSQL; alone it may keep SQLite on a volume. */
export function grafanaValues(args: GrafanaValuesArgs): GrafanaValues {
    const { platform, settings, database } = args;
    const { replicas } = settings;
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
        admin: { existingSecret: ADMIN_SECRET, userKey: "admin-user", passwordKey: "admin-password" },
        // Environment variables come from Secrets and are read at start: another rotation has to start new pods.
        podAnnotations: {
            "observability-platform/credentials-rotation": credentialsRotation(args),
        },
        envValueFrom: {
            ...(database && { GF_DATABASE_PASSWORD: fromSecret(DATABASE_SECRET, "password") }),
            GF_SECURITY_SECRET_KEY: fromSecret(SECRET_KEY_SECRET, "secret-key"),
            ...oidcEnv(settings.oidc),
        },
        "grafana.ini": iniFile(args),
        ...accessValues(platform, replicas),
        defaultDashboardsTimezone: "browser",
        sidecar: sidecar(small),
        // The chart's own role reads every Secret of the cluster too.
        rbac: { useExistingClusterRole: DASHBOARD_READER },
        // A file instead of the sidecar: Grafana reads data sources at boot only, and a change here rolls the pods.
        datasources: { "datasources.yaml": datasources(args) },
    };
}

function credentialsRotation({ settings, database }: GrafanaValuesArgs): string {
    const { oidc } = settings;
    const rotations = `admin-${settings.rotation}-database-${database?.rotation ?? 0}`;
    return oidc ? `${rotations}-oidc-${oidc.rotation}` : rotations;
}

function fromSecret(name: string, key: string) {
    return { secretKeyRef: { name, key } };
}

function placement({ platform, settings, release }: GrafanaValuesArgs): GrafanaValues {
    const alike = { ...grafanaReplicated.grafana, labels: podLabels(release) };
    const affinity = hostAntiAffinity(alike.labels, platform.survives);
    const spread = zoneSpread(alike, platform.survives);
    return {
        ...platform.scheduling,
        ...(affinity && { affinity }),
        ...(spread && { topologySpreadConstraints: spread }),
        ...(settings.replicas > 1 && {
            podDisruptionBudget: { maxUnavailable: 1, unhealthyPodEvictionPolicy: "AlwaysAllow" },
        }),
    };
}

function storage({ platform, settings, database }: GrafanaValuesArgs): GrafanaValues {
    if (database === undefined) {
        return {
            persistence: {
                enabled: true,
                type: "pvc",
                size: settings.volume,
                ...(platform.storageClass !== undefined && { storageClassName: platform.storageClass }),
            },
            // The volume goes to one pod at a time.
            deploymentStrategy: { type: "Recreate" },
        };
    }
    return {
        persistence: { enabled: false },
        // A surplus pod would need a host of its own, which a small cluster does not have.
        ...(settings.replicas > 1 && {
            deploymentStrategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } },
        }),
    };
}

function iniFile({ platform, settings, database }: GrafanaValuesArgs): Record<string, unknown> {
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
        // Rules are Prometheus' and the stores' rulers'; every replica of Grafana would evaluate its own once more.
        unified_alerting: { enabled: false },
        security: { cookie_secure: speaksTls(platform.access) },
        analytics: { reporting_enabled: false, check_for_updates: false, check_for_plugin_updates: false },
        // Grafana would fetch plugins from the internet at each start.
        plugins: { preinstall_disabled: true },
        users: { allow_sign_up: false },
        ...oidcIni(settings.oidc),
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
