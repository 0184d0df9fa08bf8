import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Database } from "../../contracts/database";
import type { Dsn, ErrorStore } from "../../contracts/error-store";
import { grantOf, type BucketGrant, type ObjectStore } from "../../contracts/object-store";
import { bucketKeys, password, secret } from "../../kubernetes/credentials";
import { systemNamespace } from "../../kubernetes/namespace";
import { networkPolicies } from "../../kubernetes/network-policies";
import { webAccess } from "../../kubernetes/web-access";
import { completed, type Given } from "../../settings/complete";
import { NEEDED } from "../../settings/needed";
import type { PlatformSettings } from "../../settings/platform";
import { dsnsOf } from "../projects";
import { glitchtipKind } from "./kind";
import {
    ACCOUNT,
    ADMIN_SECRET,
    errorsHost,
    healthUrl,
    HTTP,
    MIGRATION,
    NAMESPACE,
    podLabels,
    PORTS,
    S3_SECRET,
    SECRET,
    WEB,
    WORKER,
    type Part,
} from "./names";
import { glitchtipNetwork } from "./network-policies";
import { errorsUrl, migrationFiles, migrationJob, nameOf, partSpec, type GlitchtipPodArgs } from "./pods";
import type { GlitchtipSettings } from "./settings";

export interface GlitchtipArgs {
    readonly platform: PlatformSettings;
    readonly settings: GlitchtipSettings;
    /** Its own: errors fill disks. */
    readonly database: Database;
    /** Keeps attachments. */
    readonly objectStore: ObjectStore;
    /** The definition of PodMonitor. */
    readonly monitoringCrds: pulumi.Resource[];
}

type Opts = Omit<pulumi.CustomResourceOptions, "dependsOn"> & { readonly dependsOn: pulumi.Resource[] };

/** Applications' errors: a GlitchTip of this stack's own. */
export class Glitchtip extends pulumi.ComponentResource implements ErrorStore {
    readonly url: string;
    readonly healthUrl = healthUrl;
    readonly dsns: Readonly<Record<string, Dsn>>;
    readonly ready: pulumi.Resource[];

    constructor(name: string, given: Given<GlitchtipArgs, "monitoringCrds">, opts?: pulumi.ComponentResourceOptions) {
        const args = completed<GlitchtipArgs, "monitoringCrds">(
            "errors",
            glitchtipKind,
            given,
            { monitoringCrds: [] },
            { objectStore: NEEDED.objectStore, database: NEEDED.database },
        );
        super("observability:errors:Glitchtip", name, {}, opts);
        const { platform, settings, database, objectStore } = args;
        const grant = grantOf(objectStore, "errors", [settings.buckets.attachments]);
        this.url = errorsUrl(platform);
        this.dsns = dsnsOf(settings.projects);
        const child = { parent: this };
        // Nothing of it keeps data: that is in the database and in the bucket.
        const namespace = systemNamespace(
            { name: NAMESPACE, podSecurity: { level: "restricted" }, holdsData: false, platform },
            child,
        );
        const inNamespace = { ...child, dependsOn: [namespace] };
        const podArgs: GlitchtipPodArgs = {
            platform,
            settings,
            objectStore,
            bucketRotation: grant.keys?.rotation,
            database,
        };
        const before = [
            namespace,
            ...networkPolicies(glitchtipNetwork({ platform, settings, database, objectStore }), inNamespace),
            ...secrets(args, grant, inNamespace),
            new k8s.core.v1.ServiceAccount(
                ACCOUNT,
                {
                    metadata: { name: ACCOUNT, namespace: NAMESPACE, annotations: { ...grant.accountAnnotations } },
                    automountServiceAccountToken: false,
                },
                inNamespace,
            ),
            ...database.ready,
            ...objectStore.ready,
        ];
        // Its tables before its programs.
        const files = new k8s.core.v1.ConfigMap(
            MIGRATION,
            { metadata: { name: MIGRATION, namespace: NAMESPACE }, data: migrationFiles() },
            inNamespace,
        );
        const migration = new k8s.batch.v1.Job(MIGRATION, migrationJob(podArgs), {
            ...child,
            dependsOn: [...before, files],
        });
        const after = { ...child, dependsOn: [...before, migration] };
        this.ready = [
            ...(["web", "worker"] as const).map((part) => deployment(part, podArgs, after)),
            ...doors(platform, inNamespace),
            new k8s.apiextensions.CustomResource(
                `${WORKER}-monitor`,
                {
                    apiVersion: "monitoring.coreos.com/v1",
                    kind: "PodMonitor",
                    metadata: { name: WORKER, namespace: NAMESPACE },
                    spec: {
                        selector: { matchLabels: podLabels("worker") },
                        podMetricsEndpoints: [{ port: "metrics", path: "/" }],
                    },
                },
                { ...child, dependsOn: [namespace, ...args.monitoringCrds] },
            ),
        ];
        this.registerOutputs({ url: this.url, healthUrl });
    }
}

function secrets(
    { settings, database, objectStore }: GlitchtipArgs,
    grant: BucketGrant,
    opts: Opts,
): pulumi.Resource[] {
    const { rotation, admin, oidc, mail } = settings;
    const parent = opts.parent === undefined ? {} : { parent: opts.parent };
    return [
        secret(
            SECRET,
            {
                name: SECRET,
                namespace: NAMESPACE,
                data: {
                    SECRET_KEY: password("glitchtip-key", rotation, parent),
                    DATABASE_SECRET: database.password,
                    ...(oidc && { OIDC_CLIENT_SECRET: oidc.clientSecret }),
                    ...(mail && { EMAIL_URL: mail.url }),
                },
            },
            opts,
        ),
        secret(
            ADMIN_SECRET,
            {
                name: ADMIN_SECRET,
                namespace: NAMESPACE,
                data: { username: admin, password: password("glitchtip-admin", rotation, parent) },
            },
            opts,
        ),
        ...bucketKeys(S3_SECRET, NAMESPACE, grant, {
            ...parent,
            dependsOn: [...opts.dependsOn, ...objectStore.ready],
        }),
    ];
}

function deployment(part: Part, args: GlitchtipPodArgs, opts: Opts): k8s.apps.v1.Deployment {
    const metadata = { name: nameOf(part), namespace: NAMESPACE, labels: podLabels(part) };
    if (args.settings.replicas[part] > 1) {
        new k8s.policy.v1.PodDisruptionBudget(
            nameOf(part),
            {
                metadata,
                spec: {
                    maxUnavailable: 1,
                    unhealthyPodEvictionPolicy: "AlwaysAllow",
                    selector: { matchLabels: podLabels(part) },
                },
            },
            opts,
        );
    }
    return new k8s.apps.v1.Deployment(nameOf(part), { metadata, spec: partSpec(part, args) }, opts);
}

/** The Service, and the way to it from outside: browsers send errors too. */
function doors(platform: PlatformSettings, opts: Opts): pulumi.Resource[] {
    const open = webAccess(platform.access, {
        name: WEB,
        namespace: NAMESPACE,
        host: errorsHost(platform.domain),
        port: HTTP,
    });
    return [
        new k8s.core.v1.Service(
            WEB,
            {
                metadata: {
                    name: WEB,
                    namespace: NAMESPACE,
                    // Its pods come after the database.
                    annotations: { "pulumi.com/skipAwait": "true" },
                },
                spec: { selector: podLabels("web"), ports: [{ name: "http", port: HTTP, targetPort: PORTS.web }] },
            },
            opts,
        ),
        ...(open === undefined
            ? []
            : [
                  open.kind === "Ingress"
                      ? new k8s.networking.v1.Ingress(WEB, { metadata: open.metadata, spec: open.spec }, opts)
                      : new k8s.apiextensions.CustomResource(WEB, open, opts),
              ]),
    ];
}
