import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { AlertReceiver } from "../../contracts/alert-receiver";
import type { DataSource } from "../../contracts/datasource";
import type { MetricsStore, RuleQueries } from "../../contracts/metrics-store";
import { accessOf, grantOf, type ObjectStore } from "../../contracts/object-store";
import type { Endpoint } from "../../contracts/ready";
import { headerTenancy, type Tenancy } from "../../contracts/tenancy";
import { applications, readers } from "../../kubernetes/access-labels";
import { chartRelease } from "../../kubernetes/chart-release";
import { bucketKeys, secret } from "../../kubernetes/credentials";
import { systemNamespace } from "../../kubernetes/namespace";
import { networkPolicies } from "../../kubernetes/network-policies";
import { queryService } from "../../kubernetes/query-service";
import { completed, type Given } from "../../settings/complete";
import { made } from "../../settings/make";
import type { PlatformSettings } from "../../settings/platform";
import { vmClusterChart, vmSingleChart } from "./chart";
import { vmKind } from "./kind";
import {
    HA_LABELS,
    NAMESPACE,
    otlpUrl,
    ownQueryUrl,
    podLabels,
    PORTS,
    pushUrl,
    queryUrl,
    RELEASE,
    ROUTES_SECRET,
    S3_SECRET,
    SINGLE_LABELS,
    TITLE,
    VMAUTH,
} from "./names";
import { vmNetwork } from "./network-policies";
import { makeObjects } from "./objects";
import { vmauthRoutes } from "./routes";
import type { VmSettings, VmTenant } from "./settings";
import { buildSingleValues } from "./single-values";
import { buildVmValues } from "./values";

export interface VictoriaMetricsArgs {
    readonly platform: PlatformSettings;
    readonly settings: VmSettings;
    /** Tenants beside the platform's own. */
    readonly tenants: Readonly<Record<string, VmTenant>>;
    /** Where backups go; needed where `buckets.backup` names a bucket. */
    readonly objectStore?: ObjectStore | undefined;
    /** Namespaces of the platform whose pods push. */
    readonly pushFrom: readonly string[];
    /** Namespaces of the platform whose pods query. */
    readonly queryFrom: readonly string[];
    /** How often Prometheus scrapes, such as `30s`: one sample of each interval is kept. */
    readonly scrapeInterval: string;
    /** Where alerts of VMRule objects go; needed where `objects` are scraped and evaluated. */
    readonly alertReceiver?: AlertReceiver | undefined;
    /** The definition of ServiceMonitor. */
    readonly monitoringCrds: pulumi.Resource[];
}

/** What the platform gives, and a program of one store may leave out. */
type Optional = "tenants" | "pushFrom" | "queryFrom" | "monitoringCrds";

const at = (podPort: number): Endpoint => ({ namespace: NAMESPACE, podPort });

/**
 * VictoriaMetrics: the metrics of every Prometheus, one sample of each interval, kept on volumes and backed up into the
 * object store.
 */
export class VictoriaMetrics extends pulumi.ComponentResource implements MetricsStore {
    readonly push = { url: pushUrl, otlpUrl, endpoint: at(PORTS.push) };
    readonly read = {
        url: queryUrl,
        healthUrl: `${queryUrl}/api/v1/query?query=vector(1)`,
        endpoint: at(PORTS.query),
    };
    readonly tenancy: Tenancy;
    readonly highAvailability = HA_LABELS;
    readonly exemplars = false;
    /** They are turned into series of another kind, which no query for a histogram reads. */
    readonly nativeHistograms = false;
    readonly ruleQueries: RuleQueries;
    readonly rulerApi = false;
    readonly datasource: DataSource = {
        title: TITLE,
        type: "prometheus",
        url: queryUrl,
        jsonData: { prometheusType: "Prometheus" },
    };
    readonly alertsFrom: string | undefined;
    readonly ready: pulumi.Resource[];

    constructor(name: string, given: Given<VictoriaMetricsArgs, Optional>, opts?: pulumi.ComponentResourceOptions) {
        const args = completed<VictoriaMetricsArgs, Optional>(
            "metrics",
            vmKind,
            given,
            {
                tenants: {},
                pushFrom: [],
                queryFrom: [],
                monitoringCrds: [],
            },
            {
                scrapeInterval: 'the interval of Prometheus\' scrapes, such as "30s"',
            },
        );
        super("observability:metrics:VictoriaMetrics", name, {}, opts);
        const { platform, settings, objectStore } = args;
        const single = platform.survives === "nothing";
        const { backup } = settings.buckets;
        const grant = backup === undefined ? undefined : grantOf(made(objectStore), "metrics", [backup]);
        this.tenancy = headerTenancy(platform.tenant, !single);
        const alertReceiver = settings.objects ? made(args.alertReceiver) : undefined;
        this.alertsFrom = alertReceiver && NAMESPACE;
        this.ruleQueries = single
            ? { url: queryUrl, endpoint: at(PORTS.query), addedLabels: [] }
            : // Not by vmauth: with a way for those who name no tenant it would answer unknown ones with another status.
              { url: ownQueryUrl, endpoint: at(PORTS.vmselect), addedLabels: [] };

        const child = { parent: this };
        const namespace = systemNamespace(
            { name: NAMESPACE, podSecurity: { level: "restricted" }, holdsData: platform.protectData, platform },
            child,
        );
        const inNamespace = { ...child, dependsOn: [namespace] };
        const keys =
            grant &&
            bucketKeys(S3_SECRET, NAMESPACE, grant, { ...child, dependsOn: [namespace, ...made(objectStore).ready] });
        const policies = networkPolicies(
            vmNetwork({
                cluster: platform,
                single,
                pushFrom: args.pushFrom,
                queryFrom: args.queryFrom,
                applications: applications(platform),
                readers: readers(platform),
                objectStore: grant && made(objectStore).peer,
                alertReceiver: alertReceiver?.peer,
            }),
            inNamespace,
        );
        const routes = { single, tenant: platform.tenant, tenants: Object.keys(args.tenants) };
        const ways = secret(
            ROUTES_SECRET,
            {
                name: ROUTES_SECRET,
                namespace: NAMESPACE,
                data: {
                    "push.yml": JSON.stringify(vmauthRoutes("push", routes), null, 2),
                    "query.yml": JSON.stringify(vmauthRoutes("query", routes), null, 2),
                },
            },
            inNamespace,
        );
        const service = vmauthService(single, inNamespace);
        vmauthMonitor({ ...child, dependsOn: [namespace, ...args.monitoringCrds] });
        const valuesArgs = {
            platform,
            settings,
            objectStore,
            credentialsRotation: grant && accessOf(grant).rotation,
            scrapeInterval: args.scrapeInterval,
        };
        const release = chartRelease(
            name,
            {
                release: RELEASE,
                namespace: NAMESPACE,
                pin: single ? vmSingleChart : vmClusterChart,
                values: single ? buildSingleValues(valuesArgs) : buildVmValues(valuesArgs),
                userValues: settings.values,
                chartMirror: platform.chartMirror,
                // A server opens all that it holds before it serves, one after the other when they roll.
                timeout: 1200,
                protectData: platform.protectData,
            },
            { ...child, dependsOn: [namespace, ways, ...(keys ?? []), ...policies, ...args.monitoringCrds] },
        );
        const objects =
            alertReceiver === undefined
                ? []
                : makeObjects(
                      { ...valuesArgs, tenancy: this.tenancy, alertReceiver, monitoringCrds: args.monitoringCrds },
                      { ...child, dependsOn: [namespace, ...policies] },
                  );
        this.ready = [release, service, ...objects];
        this.registerOutputs({ pushUrl, otlpUrl, queryUrl, healthUrl: this.read.healthUrl });
    }
}

/** Before both of vmauth's processes: the charts' Services have the port of one, or none. */
function vmauthService(single: boolean, opts: pulumi.CustomResourceOptions): k8s.core.v1.Service {
    const port = (number: number) => ({ port: number, targetPort: number });
    return queryService(
        {
            name: VMAUTH,
            namespace: NAMESPACE,
            selector: single ? SINGLE_LABELS : podLabels(VMAUTH),
            ports: {
                push: port(PORTS.push),
                query: port(PORTS.query),
                "push-metrics": port(PORTS.pushMetrics),
                "query-metrics": port(PORTS.queryMetrics),
            },
        },
        opts,
    );
}

function vmauthMonitor(opts: pulumi.CustomResourceOptions): void {
    const metadata = { name: VMAUTH, namespace: NAMESPACE };
    new k8s.apiextensions.CustomResource(
        `${VMAUTH}-metrics`,
        {
            apiVersion: "monitoring.coreos.com/v1",
            kind: "ServiceMonitor",
            metadata,
            spec: {
                // The namespace's one Service that no chart makes.
                selector: { matchLabels: { "app.kubernetes.io/part-of": "observability-platform" } },
                endpoints: [{ port: "push-metrics" }, { port: "query-metrics" }],
            },
        },
        opts,
    );
}
