import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type * as k8s from "@pulumi/kubernetes";
import type { Database } from "../../contracts/database";
import type { ObjectStore } from "../../contracts/object-store";
import { pullSecrets } from "../../kubernetes/image-pull";
import { hostAntiAffinity, zoneSpread } from "../../kubernetes/placement";
import { restrictedContainer, restrictedPod } from "../../kubernetes/pod-security";
import { PATIENT } from "../../kubernetes/probes";
import { resources } from "../../kubernetes/resources";
import { speaksTls, webUrl } from "../../kubernetes/web-access";
import type { PlatformSettings } from "../../settings/platform";
import { glitchtipImage } from "./image";
import {
    ACCOUNT,
    ADMIN_SECRET,
    errorsHost,
    MIGRATION,
    NAMESPACE,
    PORTS,
    S3_SECRET,
    SECRET,
    serviceUrl,
    WEB,
    WORKER,
    type Part,
} from "./names";
import { days, type GlitchtipSettings } from "./settings";
import { glitchtipReplicated } from "./workloads";

/** User of the image. */
const USER = 5000;

/** What the pods follow from; plain data throughout. */
export interface GlitchtipPodArgs {
    readonly platform: PlatformSettings;
    readonly settings: GlitchtipSettings;
    readonly objectStore: Pick<ObjectStore, "endpoint" | "region" | "tls">;
    /** Rotation of the bucket's key pair; undefined where pods have none. */
    readonly bucketRotation: number | undefined;
    readonly database: Pick<Database, "host" | "port" | "name" | "user" | "rotation">;
}

/** Where people open it, and SDKs send to. */
export function errorsUrl({ access, domain }: Pick<PlatformSettings, "access" | "domain">): string {
    return webUrl(access, errorsHost(domain), serviceUrl);
}

const value = (name: string, text: string) => ({ name, value: text });
const fromSecret = (name: string, secretName: string, key = name) => ({
    name,
    valueFrom: { secretKeyRef: { name: secretName, key } },
});

/**
 * What all of its programs read from the environment.
 * https://glitchtip.com/documentation/install#configuration
 */
function environment({ platform, settings, objectStore, bucketRotation, database }: GlitchtipPodArgs) {
    const url = errorsUrl(platform);
    const { oidc, mail } = settings;
    const tls = speaksTls(platform.access);
    const { endpoint, region } = objectStore;
    const kept = String(days(settings.retention));
    const given = {
        GLITCHTIP_DOMAIN: url,
        // Empty: the queue and the cache are in the database, which is there for good.
        VALKEY_URL: "",
        // By its older name too, and for both kinds of data.
        GLITCHTIP_RETENTION_DAYS: kept,
        GLITCHTIP_MAX_EVENT_LIFE_DAYS: kept,
        ENABLE_USER_REGISTRATION: "False",
        ENABLE_SOCIAL_APPS_USER_REGISTRATION: oidc === undefined ? "False" : "True",
        ENABLE_ORGANIZATION_CREATION: "False",
        // Lines have a store of their own, and addresses are probed by the blackbox exporter.
        GLITCHTIP_ENABLE_LOGS: "False",
        GLITCHTIP_ENABLE_UPTIME: "False",
        SESSION_COOKIE_SECURE: tls ? "True" : "False",
        ...(tls && { CSRF_TRUSTED_ORIGINS: url }),
        AWS_S3_ENDPOINT_URL: `${objectStore.tls ? "https" : "http"}://${endpoint}`,
        AWS_STORAGE_BUCKET_NAME: settings.buckets.attachments,
        AWS_DEFAULT_REGION: region,
        MEDIA_URL: "media/",
        ...(mail === undefined ? { EMAIL_URL: "dummymail://" } : { DEFAULT_FROM_EMAIL: mail.from }),
    };
    return [
        ...Object.entries(given).map(([name, text]) => value(name, text)),
        fromSecret("SECRET_KEY", SECRET),
        fromSecret("DATABASE_SECRET", SECRET),
        value("DATABASE_URL", urlOf(database)),
        ...(mail === undefined ? [] : [fromSecret("EMAIL_URL", SECRET)]),
        ...(bucketRotation === undefined
            ? []
            : ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"].map((name) => fromSecret(name, S3_SECRET))),
    ];
}

/** The kubelet puts the password in, which is letters and digits. */
function urlOf({ host, port, name, user }: GlitchtipPodArgs["database"]): string {
    return `postgres://${user}:$(DATABASE_SECRET)@${host}:${port}/${name}?sslmode=require`;
}

/** Rolls the pods with each credential that they read at their start. */
function rotations({ settings, bucketRotation, database }: GlitchtipPodArgs): Record<string, string> {
    const numbers = [settings.rotation, `database-${database.rotation}`, `bucket-${bucketRotation ?? 0}`];
    return { "observability-platform/credentials-rotation": numbers.join("-") };
}

function pod(args: GlitchtipPodArgs, container: k8s.types.input.core.v1.Container) {
    const { platform } = args;
    return {
        serviceAccountName: ACCOUNT,
        automountServiceAccountToken: false,
        enableServiceLinks: false,
        securityContext: restrictedPod(USER),
        ...pullSecrets(platform),
        ...platform.scheduling,
        containers: [
            {
                image: `${platform.imageRegistry ?? glitchtipImage.registry}/${glitchtipImage.path}`,
                // What Python and DuckDB write beside themselves is not known to the last file.
                securityContext: restrictedContainer(false),
                ...container,
            },
        ],
    };
}

const PARTS: Readonly<Record<Part, (args: GlitchtipPodArgs) => Partial<k8s.types.input.core.v1.Container>>> = {
    web: ({ platform }) => ({
        env: [value("SERVER_ROLE", "web"), value("GRANIAN_HOST", platform.ipFamilies === "ipv4" ? "0.0.0.0" : "::")],
        ports: [{ name: "http", containerPort: PORTS.web }],
        // Without the database it answers nobody, and no restart would mend that.
        readinessProbe: { httpGet: { path: "/_health/", port: PORTS.web }, periodSeconds: 10, timeoutSeconds: 5 },
        livenessProbe: { tcpSocket: { port: PORTS.web }, ...PATIENT, periodSeconds: 20 },
        startupProbe: { tcpSocket: { port: PORTS.web }, periodSeconds: 5, failureThreshold: 60 },
        // Endpoints forget it before it stops.
        lifecycle: { preStop: { sleep: { seconds: 10 } } },
    }),
    worker: () => ({
        env: [
            value("SERVER_ROLE", "worker"),
            value("VTASKS_METRICS_PORT", String(PORTS.workerMetrics)),
            value("VTASKS_HEALTH_CHECK_FILE", HEALTH),
        ],
        ports: [{ name: "metrics", containerPort: PORTS.workerMetrics }],
        readinessProbe: { exec: { command: ["/bin/sh", "-c", `test -f ${HEALTH}`] }, periodSeconds: 10 },
        livenessProbe: {
            exec: { command: ["/bin/sh", "-c", `[ $(($(date +%s) - $(stat -c %Y ${HEALTH}))) -lt 60 ]`] },
            periodSeconds: 30,
            timeoutSeconds: 10,
            failureThreshold: 4,
        },
        startupProbe: {
            exec: { command: ["/bin/sh", "-c", `test -f ${HEALTH}`] },
            periodSeconds: 5,
            failureThreshold: 60,
        },
    }),
};

/** A worker writes it as long as it lives. */
const HEALTH = "/tmp/worker_health";

/** A part's Deployment. */
export function partSpec(part: Part, args: GlitchtipPodArgs): k8s.types.input.apps.v1.DeploymentSpec {
    const { platform, settings } = args;
    const { survives } = platform;
    const alike = glitchtipReplicated[part];
    const replicas = settings.replicas[part];
    const labels = { ...alike.labels };
    const affinity = hostAntiAffinity(labels, survives);
    const spread = zoneSpread(alike, survives);
    const { env = [], ...container } = PARTS[part](args);
    return {
        replicas,
        selector: { matchLabels: labels },
        // Hosts apart and no host to spare: a pod more would wait for ever.
        strategy: {
            rollingUpdate: replicas > 1 ? { maxSurge: 0, maxUnavailable: 1 } : { maxSurge: 1, maxUnavailable: 0 },
        },
        template: {
            metadata: { labels, annotations: rotations(args) },
            spec: {
                ...pod(args, {
                    name: part,
                    ...container,
                    env: [...(env as object[]), ...environment(args)] as k8s.types.input.core.v1.EnvVar[],
                    resources:
                        survives === "nothing"
                            ? resources("20m", "256Mi", "768Mi")
                            : resources("100m", "384Mi", "768Mi"),
                }),
                terminationGracePeriodSeconds: 60,
                ...(affinity && { affinity }),
                ...(spread && { topologySpreadConstraints: spread }),
            },
        },
    };
}

/** Files of the migration. */
export function migrationFiles(): Record<string, string> {
    const read = (name: string) => readFileSync(join(__dirname, "scripts", name), "utf8");
    return { "migrate.sh": read("migrate.sh"), "accounts.py": read("accounts.py") };
}

/** Runs once for each version, content and rotation: a Job cannot be changed, so its name says what it does. */
export function migrationJob(args: GlitchtipPodArgs): k8s.types.input.batch.v1.Job & { metadata: { name: string } } {
    const { oidc, admin } = args.settings;
    const shown = oidc && { name: oidc.name, serverUrl: oidc.serverUrl, clientId: oidc.clientId };
    const content = JSON.stringify([glitchtipImage, migrationFiles(), rotations(args), admin, shown]);
    const name = `${MIGRATION}-${createHash("sha256").update(content).digest("hex").slice(0, 10)}`;
    const labels = { "app.kubernetes.io/name": MIGRATION, "app.kubernetes.io/part-of": "observability-platform" };
    const { containers, ...spec } = pod(args, {
        name: "migrate",
        command: ["/bin/sh", "/setup/migrate.sh"],
        env: [
            ...environment(args),
            value("SETUP", "/setup"),
            value("ADMIN_EMAIL", admin),
            fromSecret("ADMIN_PASSWORD", ADMIN_SECRET, "password"),
            ...(oidc === undefined
                ? []
                : [
                      value("OIDC_NAME", oidc.name),
                      value("OIDC_SERVER_URL", oidc.serverUrl),
                      value("OIDC_CLIENT_ID", oidc.clientId),
                      fromSecret("OIDC_CLIENT_SECRET", SECRET),
                  ]),
        ],
        volumeMounts: [{ name: "setup", mountPath: "/setup", readOnly: true }],
        resources: resources("50m", "256Mi", "768Mi"),
    });
    return {
        metadata: { name, namespace: NAMESPACE, labels },
        spec: {
            backoffLimit: 10,
            template: {
                metadata: { labels },
                spec: {
                    ...spec,
                    containers,
                    restartPolicy: "Never",
                    volumes: [{ name: "setup", configMap: { name: MIGRATION } }],
                },
            },
        },
    };
}

/** The name of a part's objects. */
export function nameOf(part: Part): string {
    return part === "web" ? WEB : WORKER;
}
