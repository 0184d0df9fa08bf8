import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Database } from "../contracts/database";
import type { GrafanaPart } from "../contracts/grafana";
import type { LogStore } from "../contracts/log-store";
import type { MetricsStore } from "../contracts/metrics-store";
import type { TraceStore } from "../contracts/trace-store";
import { password, secret } from "../kubernetes/credentials";
import { MONITORING } from "../kubernetes/namespaces";
import type { Flow } from "../kubernetes/network-policies";
import { completed, type Given } from "../settings/complete";
import { NEEDED } from "../settings/needed";
import type { PlatformSettings } from "../settings/platform";
import { grafanaUrl } from "./access";
import {
    ADMIN_SECRET,
    DASHBOARD_READER,
    DATABASE_SECRET,
    grafanaServiceUrl,
    OIDC_SECRET,
    SECRET_KEY_SECRET,
} from "./names";
import { grafanaEgressFlows, grafanaIngressFlows } from "./network-policies";
import { grafanaSlice, type GrafanaSettings } from "./settings";
import { grafanaValues, type GrafanaValues } from "./values";

export interface GrafanaArgs {
    readonly platform: PlatformSettings;
    readonly settings: GrafanaSettings;
    /** Helm release that Grafana's chart is a part of. */
    readonly release: string;
    /** The namespace `monitoring`. */
    readonly namespace: k8s.core.v1.Namespace;
    /** Tenants beside the platform's own. */
    readonly tenants: readonly string[];
    readonly metricsStore: MetricsStore;
    /** Another beside it, while a stack moves from one to the other. */
    readonly secondMetricsStore?: MetricsStore | undefined;
    readonly logStore: LogStore;
    readonly traceStore: TraceStore;
    /** The Prometheus that scrapes, and how often. */
    readonly prometheus: { readonly url: string; readonly scrapeInterval: string };
    readonly alertmanagerUrl: string;
    /** Grafana's PostgreSQL; without it Grafana keeps SQLite on a volume. */
    readonly database: Database | undefined;
}

/**
 * Grafana: reads every store, and shows what they have joined. Its chart is a part of kube-prometheus-stack's, which brings
 * the dashboards of Kubernetes, so that its pods come with that release; this makes what they read, and says the rest.
 */
export class Grafana extends pulumi.ComponentResource implements GrafanaPart {
    /** Where people open it. */
    readonly url: string;
    /** Answers 200 while it serves. */
    readonly healthUrl = `${grafanaServiceUrl}/api/health`;
    /** Secret with `admin-user` and `admin-password`, in the namespace monitoring. */
    readonly adminSecret = ADMIN_SECRET;
    readonly values: GrafanaValues;
    readonly ingress: readonly Flow[];
    readonly egress: readonly Flow[];
    readonly after: pulumi.Resource[];
    readonly holdsData: boolean;
    readonly ready: pulumi.Resource[];

    constructor(
        name: string,
        given: Given<GrafanaArgs, "tenants" | "database">,
        opts?: pulumi.ComponentResourceOptions,
    ) {
        const args = completed<GrafanaArgs, "tenants" | "database">(
            "grafana",
            grafanaSlice,
            given,
            {
                tenants: [],
                database: undefined,
            },
            {
                release: "the Helm release that Grafana's chart is a part of, as text",
                namespace: NEEDED.monitoring,
                metricsStore: NEEDED.metricsStore,
                logStore: NEEDED.logStore,
                traceStore: NEEDED.traceStore,
                prometheus: "the Prometheus that scrapes: url and scrapeInterval",
                alertmanagerUrl: "the address of Alertmanager, as text",
            },
        );
        super("observability:grafana:Grafana", name, {}, opts);
        const { platform, database } = args;
        this.url = grafanaUrl(platform);
        this.values = grafanaValues(args);
        this.ingress = grafanaIngressFlows(platform.access, args.release);
        this.egress = grafanaEgressFlows(args);
        this.after = database?.ready ?? [];
        // SQLite's volume belongs to the release.
        this.holdsData = database === undefined;
        this.ready = [...this.secrets(args), this.dashboardReader()];
        this.registerOutputs({ url: this.url, healthUrl: this.healthUrl, adminSecret: this.adminSecret });
    }

    /** What the sidecar needs to find dashboards in any namespace. */
    private dashboardReader(): k8s.rbac.v1.ClusterRole {
        return new k8s.rbac.v1.ClusterRole(
            DASHBOARD_READER,
            {
                metadata: { name: DASHBOARD_READER, labels: { "app.kubernetes.io/part-of": "observability-platform" } },
                rules: [{ apiGroups: [""], resources: ["configmaps"], verbs: ["get", "list", "watch"] }],
            },
            { parent: this },
        );
    }

    private secrets({ platform, settings, database, namespace }: GrafanaArgs): k8s.core.v1.Secret[] {
        const parent = { parent: this };
        const make = (name: string, data: Record<string, pulumi.Input<string>>) =>
            secret(name, { name, namespace: MONITORING, data }, { ...parent, dependsOn: [namespace] });
        const { oidc } = settings;
        // Grafana encrypts with this key what it keeps in its database: another key could not read it, so it never rotates.
        const secretKey = password("grafana-secret-key", 1, { ...parent, protect: platform.protectData });
        return [
            make(ADMIN_SECRET, {
                "admin-user": "admin",
                "admin-password": password("grafana-admin", settings.rotation, parent),
            }),
            make(SECRET_KEY_SECRET, { "secret-key": secretKey }),
            ...(database ? [make(DATABASE_SECRET, { password: database.password })] : []),
            ...(oidc ? [make(OIDC_SECRET, { "client-secret": oidc.clientSecret })] : []),
        ];
    }
}
