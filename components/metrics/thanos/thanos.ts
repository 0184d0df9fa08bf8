import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { DataSource } from "../../contracts/datasource";
import type { BlockUploads, MetricsStore, Sidecars } from "../../contracts/metrics-store";
import { accessOf, grantOf, type ObjectStore } from "../../contracts/object-store";
import type { Endpoint } from "../../contracts/ready";
import { headerTenancy, type Tenancy } from "../../contracts/tenancy";
import { applications, readers } from "../../kubernetes/access-labels";
import { chartRelease } from "../../kubernetes/chart-release";
import { bucketKeys, secret } from "../../kubernetes/credentials";
import { systemNamespace } from "../../kubernetes/namespace";
import { networkPolicies } from "../../kubernetes/network-policies";
import { nginxDeployment } from "../../kubernetes/nginx-pods";
import { queryService } from "../../kubernetes/query-service";
import { completed, type Given } from "../../settings/complete";
import { NEEDED } from "../../settings/needed";
import type { PlatformSettings } from "../../settings/platform";
import { makeCaches } from "./caches";
import { thanosChart } from "./chart";
import { gatewayConfig, gatewayPods } from "./gateway";
import { thanosKind } from "./kind";
import {
    GATEWAY,
    HA_LABELS,
    NAMESPACE,
    OBJECT_STORE_KEY,
    OBJECT_STORE_SECRET,
    otlpUrl,
    podLabels,
    PORTS,
    pushUrl,
    QUERY_SERVICE,
    queryUrl,
    RELEASE,
    rulesUrl,
    S3_SECRET,
    TENANT_LABEL,
    TITLE,
} from "./names";
import { thanosNetwork } from "./network-policies";
import { objectStoreConfig } from "./object-store";
import type { ThanosSettings } from "./settings";
import { buildThanosValues } from "./values";

export interface ThanosArgs {
    readonly platform: PlatformSettings;
    readonly settings: ThanosSettings;
    readonly objectStore: ObjectStore;
    /** The sidecars of Prometheus. */
    readonly sidecars: Sidecars;
    /** Namespaces of the platform whose pods push. */
    readonly pushFrom: readonly string[];
    /** Namespaces of the platform whose pods query. */
    readonly queryFrom: readonly string[];
    /** The definition of ServiceMonitor: the release makes such objects. */
    readonly monitoringCrds: pulumi.Resource[];
}

/** What the platform gives, and a program of one store may leave out. */
type Optional = "pushFrom" | "queryFrom" | "monitoringCrds" | "sidecars";

/** Of a program without Prometheus. */
const NO_SIDECARS: Sidecars = { address: "", endpoint: { namespace: NAMESPACE, podPort: PORTS.grpc } };

const at = (podPort: number): Endpoint => ({ namespace: NAMESPACE, podPort });

/** Thanos: the metrics of every Prometheus, kept in the object store; of a pair's copies a query answers with one. */
export class Thanos extends pulumi.ComponentResource implements MetricsStore {
    readonly push = { url: pushUrl, otlpUrl, endpoint: at(PORTS.push) };
    readonly read = {
        url: queryUrl,
        healthUrl: `${queryUrl}/api/v1/query?query=vector(1)`,
        endpoint: at(PORTS.query),
    };
    readonly tenancy: Tenancy;
    readonly highAvailability = HA_LABELS;
    readonly exemplars = true;
    readonly nativeHistograms = true;
    readonly ruleQueries = { url: rulesUrl, endpoint: at(PORTS.query), addedLabels: [TENANT_LABEL] };
    readonly rulerApi = false;
    readonly datasource: DataSource = {
        title: TITLE,
        type: "prometheus",
        url: queryUrl,
        // The newest version of Thanos that Grafana tells from older ones.
        jsonData: { prometheusType: "Thanos", prometheusVersion: "0.31.1" },
    };
    readonly uploads: BlockUploads | undefined;
    readonly ready: pulumi.Resource[];

    constructor(name: string, given: Given<ThanosArgs, Optional>, opts?: pulumi.ComponentResourceOptions) {
        const args = completed<ThanosArgs, Optional>(
            "metrics",
            thanosKind,
            given,
            { pushFrom: [], queryFrom: [], monitoringCrds: [], sidecars: NO_SIDECARS },
            { objectStore: NEEDED.objectStore },
        );
        super("observability:metrics:Thanos", name, {}, opts);
        const { platform, settings, objectStore } = args;
        const grant = grantOf(objectStore, "metrics", Object.values(settings.buckets));
        this.tenancy = headerTenancy(platform.tenant);
        const child = { parent: this };

        const namespace = systemNamespace(
            { name: NAMESPACE, podSecurity: { level: "restricted" }, holdsData: platform.protectData, platform },
            child,
        );
        const inNamespace = { ...child, dependsOn: [namespace] };
        const policies = networkPolicies(
            thanosNetwork({
                cluster: platform,
                pushFrom: args.pushFrom,
                queryFrom: args.queryFrom,
                applications: applications(platform),
                readers: readers(platform),
                objectStore,
                sidecars: settings.ingest === "sidecar" ? args.sidecars.endpoint : undefined,
            }),
            inNamespace,
        );
        const keys = bucketKeys(S3_SECRET, NAMESPACE, grant, {
            parent: this,
            dependsOn: [namespace, ...objectStore.ready],
        });
        const valuesArgs = { platform, settings, objectStore, access: accessOf(grant), sidecars: args.sidecars };
        this.uploads =
            settings.ingest === "sidecar"
                ? {
                      bucketConfig: objectStoreConfig(valuesArgs),
                      grant,
                      labels: { [TENANT_LABEL]: platform.tenant },
                      readFrom: NAMESPACE,
                  }
                : undefined;
        const bucket = secret(
            OBJECT_STORE_SECRET,
            {
                name: OBJECT_STORE_SECRET,
                namespace: NAMESPACE,
                data: { [OBJECT_STORE_KEY]: objectStoreConfig(valuesArgs) },
            },
            inNamespace,
        );
        const release = chartRelease(
            name,
            {
                release: RELEASE,
                namespace: NAMESPACE,
                pin: thanosChart,
                values: buildThanosValues(valuesArgs),
                userValues: settings.values,
                chartMirror: platform.chartMirror,
                // Ingestors roll one after another, each with up to a quarter of an hour to stop.
                timeout: 3600,
                protectData: platform.protectData,
            },
            {
                ...child,
                dependsOn: [namespace, ...keys, bucket, ...policies, ...args.monitoringCrds, ...objectStore.ready],
            },
        );
        const after = { ...child, dependsOn: [namespace, ...policies] };
        makeCaches({ platform, settings, monitoringCrds: args.monitoringCrds }, after);
        this.ready = [release, ...this.gateway(platform, settings, after)];
        const { url, otlpUrl: otlp } = this.push;
        this.registerOutputs({ pushUrl: url, otlpUrl: otlp, queryUrl: this.read.url, healthUrl: this.read.healthUrl });
    }

    /** What asks for a tenant, which Thanos does not: its pods, and a Service for each of its ports. */
    private gateway(
        platform: PlatformSettings,
        settings: ThanosSettings,
        opts: pulumi.CustomResourceOptions & { readonly dependsOn: pulumi.Resource[] },
    ): pulumi.Resource[] {
        const labels = podLabels("gateway");
        const pods = gatewayPods(platform, settings, gatewayConfig(platform));
        const deployment = nginxDeployment(platform, pods, { namespace: NAMESPACE }, opts);
        const push = new k8s.core.v1.Service(
            GATEWAY,
            {
                // It comes before the pods behind it.
                metadata: {
                    name: GATEWAY,
                    namespace: NAMESPACE,
                    labels,
                    annotations: { "pulumi.com/skipAwait": "true" },
                },
                spec: { selector: labels, ports: [{ name: "push", port: 80, targetPort: PORTS.push }] },
            },
            opts,
        );
        const query = queryService(
            {
                name: QUERY_SERVICE,
                namespace: NAMESPACE,
                selector: labels,
                ports: { query: { port: 80, targetPort: PORTS.query } },
            },
            opts,
        );
        return [deployment, push, query];
    }
}
