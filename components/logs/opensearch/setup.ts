import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { pullSecrets } from "../../kubernetes/image-pull";
import { restrictedContainer, restrictedPod } from "../../kubernetes/pod-security";
import { resources } from "../../kubernetes/resources";
import type { PlatformSettings } from "../../settings/platform";
import { hours } from "../../settings/units";
import { opensearchChart } from "./chart";
import { logins } from "./config";
import {
    DASHBOARDS_USERS,
    DATA_STREAM,
    NAMESPACE,
    PATTERN,
    SETUP,
    SETUP_USERS,
    url,
    type DashboardsUser,
    type User,
} from "./names";
import type { OpensearchSettings } from "./settings";
import { certificateSecrets, fromOutside } from "./values-args";

/** User of the image. */
const USER = 1000;

type Bodies = Readonly<Record<string, object>>;
type SetupSettings = Pick<OpensearchSettings, "retention" | "copies" | "buckets" | "dashboards">;

const keyword = { type: "keyword", ignore_above: 8191 } as const;

/**
 * The lines' fields. What else a line has is kept and found as text of one field: a field for each name that applications
 * think of would be refused as soon as two of them mean something else by it, and the line with it.
 */
const FIELDS = {
    "@timestamp": { type: "date_nanos" },
    message: { type: "text" },
    ...Object.fromEntries(
        ["service", "namespace", "pod", "container", "cluster", "level", "trace_id", "span_id"].map((name) => [
            name,
            keyword,
        ]),
    ),
    severity_number: { type: "byte" },
    attributes: { type: "flat_object" },
    resources: { type: "flat_object" },
};

/** An index is full at this size, or after a day, whichever comes first. */
const FULL = { min_index_age: "1d", min_primary_shard_size: "30gb" };

/** What each user may do: the writer does not search, the reader does not write. */
export const ROLES: Readonly<Record<User, object>> = {
    writer: {
        cluster_permissions: ["cluster:monitor/main", "indices:data/write/bulk"],
        index_permissions: [
            {
                index_patterns: [PATTERN],
                allowed_actions: [
                    "indices:data/write/index",
                    "indices:data/write/bulk*",
                    "indices:admin/mapping/put",
                    "indices:admin/auto_create",
                ],
            },
        ],
    },
    reader: {
        cluster_permissions: ["cluster:monitor/main", "indices:data/read/msearch", "indices:data/read/mget"],
        index_permissions: [
            {
                index_patterns: [PATTERN],
                allowed_actions: [
                    "indices:data/read/*",
                    "indices:admin/mappings/get",
                    "indices:admin/mappings/fields/get*",
                    "indices:admin/get",
                    "indices:admin/resolve/index",
                ],
            },
        ],
    },
    monitor: {
        cluster_permissions: ["cluster:monitor/*", "cluster:admin/snapshot/get", "cluster:admin/repository/get"],
        index_permissions: [
            { index_patterns: ["*"], allowed_actions: ["indices:monitor/*", "indices:admin/data_stream/get"] },
        ],
    },
};

/**
 * Who has which role. The plugin brings what Dashboards' server and its users need beside their own: to keep what people save.
 * https://docs.opensearch.org/latest/security/access-control/users-roles/#predefined-roles
 */
function rolesOf({ enabled, oidc }: OpensearchSettings["dashboards"]): Readonly<Record<string, object>> {
    const people = enabled ? ["viewer" satisfies DashboardsUser] : [];
    const groups = oidc?.readers ?? [];
    return {
        writer: { users: ["writer"] },
        reader: { users: ["reader", ...people], backend_roles: groups },
        monitor: { users: ["monitor"] },
        kibana_user: { users: people, backend_roles: groups },
        kibana_server: { users: enabled ? ["dashboards" satisfies DashboardsUser] : [] },
    };
}

/** What the setup puts, by the name of its file: the script knows where each goes. */
export function setupBodies({ retention, copies, buckets, dashboards }: SetupSettings): Bodies {
    const named = (prefix: string, bodies: Readonly<Record<string, object>>) =>
        Object.fromEntries(Object.entries(bodies).map(([name, body]) => [`${prefix}.${name}.json`, body]));
    return {
        "logins.json": logins(dashboards.oidc),
        ...named("role", ROLES),
        ...named("mapping", rolesOf(dashboards)),
        "template.json": {
            index_patterns: [PATTERN],
            data_stream: { timestamp_field: { name: "@timestamp" } },
            priority: 200,
            template: {
                settings: {
                    number_of_shards: 1,
                    number_of_replicas: copies - 1,
                    codec: "best_compression",
                    refresh_interval: "5s",
                },
                mappings: { dynamic: false, properties: FIELDS },
            },
        },
        "policy.json": { policy: lifePolicy(retention) },
        ...(buckets.backup !== undefined && {
            "repository.json": { type: "s3", settings: { bucket: buckets.backup, client: "default" } },
            "snapshots.json": snapshotPolicy,
        }),
    };
}

/** Rolled over when full, deleted when old: https://docs.opensearch.org/latest/im-plugin/ism/policies/ */
function lifePolicy(retention: string) {
    return {
        description: "Lines of the platform",
        default_state: "written",
        states: [
            {
                name: "written",
                actions: [{ rollover: FULL }],
                transitions: [{ state_name: "old", conditions: { min_rollover_age: `${hours(retention)}h` } }],
            },
            { name: "old", actions: [{ delete: {} }], transitions: [] },
        ],
        ism_template: [{ index_patterns: [PATTERN], priority: 100 }],
    };
}

/** https://docs.opensearch.org/latest/tuning-your-cluster/availability-and-recovery/snapshots/sm-api/ */
const snapshotPolicy = {
    description: "A snapshot each night",
    creation: { schedule: { cron: { expression: "30 2 * * *", timezone: "UTC" } }, time_limit: "6h" },
    deletion: {
        schedule: { cron: { expression: "30 6 * * *", timezone: "UTC" } },
        condition: { max_age: "14d", min_count: 2 },
        time_limit: "1h",
    },
    snapshot_config: { repository: "backup", indices: PATTERN, include_global_state: false },
};

export function setupScript(): string {
    return readFileSync(join(__dirname, "scripts", "setup.sh"), "utf8");
}

/** Its files, all of them open to read. */
export function setupFiles(settings: SetupSettings): Record<string, string> {
    const bodies = Object.entries(setupBodies(settings));
    return {
        "setup.sh": setupScript(),
        ...Object.fromEntries(bodies.map(([name, body]) => [name, `${JSON.stringify(body, null, 2)}\n`])),
    };
}

/** Users that Dashboards had, where they no longer run. */
export function goneUsers({ dashboards }: Pick<OpensearchSettings, "dashboards">): string {
    return dashboards.enabled ? "" : DASHBOARDS_USERS.join(" ");
}

/** Runs once for each content and each rotation: a Job cannot be changed, so its name says what it does. */
export function setupJob(
    platform: Pick<PlatformSettings, "scheduling" | "imageRegistry" | "imagePullSecret">,
    settings: OpensearchSettings,
    files: Readonly<Record<string, string>>,
): k8s.types.input.batch.v1.Job & { metadata: { name: string } } {
    const content = JSON.stringify([files, settings.rotation, settings.image]);
    const name = `${SETUP}-${createHash("sha256").update(content).digest("hex").slice(0, 10)}`;
    const labels = { "app.kubernetes.io/name": SETUP, "app.kubernetes.io/part-of": "observability-platform" };
    const { admin } = certificateSecrets(settings);
    const mount = (volume: string, mountPath: string) => ({ name: volume, mountPath, readOnly: true });
    return {
        metadata: { name, namespace: NAMESPACE, labels },
        spec: {
            backoffLimit: 10,
            template: {
                metadata: { labels, annotations: fromOutside(settings, "admin") },
                spec: {
                    restartPolicy: "Never",
                    automountServiceAccountToken: false,
                    enableServiceLinks: false,
                    securityContext: restrictedPod(USER),
                    ...pullSecrets(platform),
                    nodeSelector: platform.scheduling.nodeSelector,
                    tolerations: platform.scheduling.tolerations,
                    containers: [
                        {
                            name: "setup",
                            image: nodeImage(settings, platform.imageRegistry),
                            command: ["/bin/bash", "/setup/setup.sh"],
                            env: Object.entries({
                                URL: url,
                                DATA_STREAM,
                                PATTERN,
                                GONE: goneUsers(settings),
                                SETUP: "/setup",
                                USERS: "/users",
                                TLS: "/tls",
                                ANSWER: "/tmp/answer",
                            }).map(([key, value]) => ({ name: key, value })),
                            securityContext: restrictedContainer(),
                            resources: resources("10m", "32Mi", "128Mi"),
                            volumeMounts: [
                                ...[mount("setup", "/setup"), mount("users", "/users"), mount("tls", "/tls")],
                                { name: "tmp", mountPath: "/tmp" },
                            ],
                        },
                    ],
                    volumes: [
                        { name: "setup", configMap: { name: SETUP } },
                        { name: "users", secret: { secretName: SETUP_USERS } },
                        { name: "tls", secret: { secretName: admin } },
                        { name: "tmp", emptyDir: {} },
                    ],
                },
            },
        },
    };
}

/** The nodes' image has bash and curl, and is on their hosts already. */
function nodeImage({ image }: Pick<OpensearchSettings, "image">, registry = "docker.io"): string {
    return image ?? `${registry}/opensearchproject/opensearch:${opensearchChart.appVersion}`;
}

/** The files and the Job. */
export function makeSetup(
    platform: PlatformSettings,
    settings: OpensearchSettings,
    opts: Omit<pulumi.CustomResourceOptions, "dependsOn"> & { readonly dependsOn: pulumi.Resource[] },
    after: readonly pulumi.Resource[],
): k8s.batch.v1.Job {
    const data = setupFiles(settings);
    const files = new k8s.core.v1.ConfigMap(SETUP, { metadata: { name: SETUP, namespace: NAMESPACE }, data }, opts);
    return new k8s.batch.v1.Job(SETUP, setupJob(platform, settings, data), {
        ...opts,
        dependsOn: [...opts.dependsOn, files, ...after],
    });
}
