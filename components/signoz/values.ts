import { pullSecretNames } from "../kubernetes/image-pull";
import { hostAntiAffinity, zoneSpread } from "../kubernetes/placement";
import { restrictedContainer, restrictedPod } from "../kubernetes/pod-security";
import { resources } from "../kubernetes/resources";
import type { PlatformSettings } from "../settings/platform";
import { screensAddress } from "./access";
import { ACCOUNT, CLICKHOUSE_KEY, CLICKHOUSE_SECRET, LOGIN_KEYS, LOGIN_SECRET, RELEASE } from "./names";
import type { Clickhouse, SignozSettings } from "./settings";
import type { ChartValues } from "./values.gen";
import { signozReplicated } from "./workloads";

export interface SignozValuesArgs {
    readonly platform: PlatformSettings;
    readonly settings: SignozSettings;
    readonly clickhouse: Clickhouse;
}

/** Users that the images run as: SigNoz' own has none but root, and reads its files as anybody. */
const USERS = { screens: 1000, collector: 10001 };

/** Doors of the collector that nothing here knocks at. */
const CLOSED = ["jaeger-thrift", "jaeger-grpc", "logsheroku", "logsjson"] as const;

/** Values of the chart. What it makes runs as `baseline`: two of its pods' containers can be told nothing. */
export function buildSignozValues({ platform, settings, clickhouse }: SignozValuesArgs): ChartValues {
    const { survives, scheduling, imageRegistry, storageClass } = platform;
    const { collector } = signozReplicated;
    const { host, port = 9000, cluster, user } = clickhouse;
    const alone = survives === "nothing";
    const serviceAccount = { create: false, name: ACCOUNT };
    const placed = {
        serviceAccount,
        nodeSelector: scheduling.nodeSelector,
        tolerations: scheduling.tolerations,
        imagePullSecrets: pullSecretNames(platform),
        podAnnotations: { "observability-platform/credentials-rotation": String(settings.rotation) },
    };
    return {
        fullnameOverride: RELEASE,
        ...(imageRegistry !== undefined && { global: { imageRegistry } }),
        // Its own has a password that is public in its values; and its servers fetch a program from elsewhere at each start.
        clickhouse: { enabled: false },
        externalClickhouse: {
            ...{ host, cluster, user, tcpPort: port },
            existingSecret: CLICKHOUSE_SECRET,
            existingSecretPasswordKey: CLICKHOUSE_KEY,
        },
        signoz: {
            // The other image has parts whose licence asks for a subscription.
            image: { repository: "signoz/signoz-community" },
            // Users, dashboards and alerts are in a file on its volume.
            replicaCount: 1,
            persistence: {
                enabled: true,
                size: settings.volume,
                ...(storageClass !== undefined && { storageClass }),
            },
            env: environment(platform, settings),
            podSecurityContext: restrictedPod(USERS.screens),
            // It writes beside its program.
            securityContext: restrictedContainer(false),
            resources: alone ? resources("50m", "192Mi", "1Gi") : resources("200m", "512Mi", "2Gi"),
            ...placed,
        },
        otelCollector: {
            replicaCount: settings.replicas.collector,
            affinity: hostAntiAffinity(collector.labels, survives) ?? {},
            topologySpreadConstraints: zoneSpread(collector, survives) ?? [],
            // Attributes of pods come with what Alloy sends.
            clusterRole: { create: false },
            ports: Object.fromEntries(CLOSED.map((name) => [name, { enabled: false }])),
            podSecurityContext: restrictedPod(USERS.collector),
            securityContext: restrictedContainer(false),
            resources: alone ? resources("50m", "128Mi", "512Mi") : resources("500m", "1Gi", "2Gi"),
            ...placed,
        },
        // Turned on later, servers would answer by turns with and without data.
        telemetryStoreMigrator: {
            enableReplication: !alone,
            serviceAccount,
            resources: resources("50m", "128Mi", "512Mi"),
            nodeSelector: scheduling.nodeSelector,
            tolerations: scheduling.tolerations,
        },
    };
}

/** SigNoz' own settings, as its environment has them. */
function environment(platform: PlatformSettings, settings: SignozSettings) {
    const fromLogin = (key: keyof typeof LOGIN_KEYS) => ({
        valueFrom: { secretKeyRef: { name: LOGIN_SECRET, key: LOGIN_KEYS[key] } },
    });
    return {
        signoz_sqlstore_provider: "sqlite",
        signoz_alertmanager_signoz_external__url: screensAddress(platform),
        // Nothing is told to its vendor.
        signoz_analytics_enabled: false,
        signoz_statsreporter_enabled: false,
        // Without a key of its own every start would log all people out.
        signoz_tokenizer_jwt_secret: fromLogin("sessions"),
        // Whoever came first would be the administrator otherwise.
        signoz_user_root_enabled: true,
        signoz_user_root_email: settings.user ?? `signoz@${platform.domain}`,
        signoz_user_root_org_name: "default",
        signoz_user_root_password: fromLogin("password"),
    };
}
