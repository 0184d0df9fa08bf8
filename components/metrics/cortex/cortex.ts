import * as pulumi from "@pulumi/pulumi";
import { chartRelease } from "../../kubernetes/chart-release";
import type { AlertReceiver } from "../../contracts/alert-receiver";
import type { MetricsStore } from "../../contracts/metrics-store";
import { accessOf, grantOf, type ObjectStore } from "../../contracts/object-store";
import { headerTenancy, severalByHeader, type Tenancy } from "../../contracts/tenancy";
import type { DataSource } from "../../contracts/datasource";
import type { Endpoint } from "../../contracts/ready";
import { bucketKeys } from "../../kubernetes/credentials";
import { applications, readers } from "../../kubernetes/access-labels";
import { systemNamespace } from "../../kubernetes/namespace";
import { completed, type Given } from "../../settings/complete";
import { NEEDED } from "../../settings/needed";
import type { PlatformSettings } from "../../settings/platform";
import {
    HA_LABELS,
    NAMESPACE,
    otlpUrl,
    podLabels,
    PORTS,
    pushUrl,
    QUERY_SERVICE,
    queryUrl,
    RELEASE,
    rulesUrl,
    S3_SECRET,
    TITLE,
} from "./names";
import { cortexChart } from "./chart";
import { cortexNetwork } from "./network-policies";
import { networkPolicies } from "../../kubernetes/network-policies";
import { queryService } from "../../kubernetes/query-service";
import { cortexKind } from "./kind";
import type { CortexSettings, CortexTenant } from "./settings";
import { buildCortexValues } from "./values";

export interface CortexArgs {
    readonly platform: PlatformSettings;
    readonly settings: CortexSettings;
    /** Tenants beside the platform's own. */
    readonly tenants: Readonly<Record<string, CortexTenant>>;
    readonly objectStore: ObjectStore;
    /** Where the ruler sends alerts. */
    readonly alertReceiver: AlertReceiver;
    /** Namespaces of the platform whose pods push. */
    readonly pushFrom: readonly string[];
    /** Namespaces of the platform whose pods query. */
    readonly queryFrom: readonly string[];
    /** The definition of ServiceMonitor: the release makes such objects. */
    readonly monitoringCrds: pulumi.Resource[];
}

/** What the platform gives, and a program of one store may leave out. */
type Optional = "tenants" | "pushFrom" | "queryFrom" | "monitoringCrds";

const at = (podPort: number): Endpoint => ({ namespace: NAMESPACE, podPort });

/**
 * Cortex: the metrics of every Prometheus, one copy of each pair's, kept in the object store.
 */
export class Cortex extends pulumi.ComponentResource implements MetricsStore {
    readonly push = { url: pushUrl, otlpUrl, endpoint: at(PORTS.http) };
    readonly read = {
        url: queryUrl,
        healthUrl: `${queryUrl}/api/v1/query?query=vector(1)`,
        endpoint: at(PORTS.query),
    };
    readonly tenancy: Tenancy;
    readonly highAvailability = HA_LABELS;
    readonly exemplars = true;
    readonly nativeHistograms = true;
    readonly ruleQueries = { url: rulesUrl, endpoint: at(PORTS.query), addedLabels: [] };
    readonly rulerApi = true;
    readonly datasource: DataSource = {
        title: TITLE,
        type: "prometheus",
        url: queryUrl,
        jsonData: { prometheusType: "Cortex" },
    };
    readonly ready: pulumi.Resource[];

    constructor(name: string, given: Given<CortexArgs, Optional>, opts?: pulumi.ComponentResourceOptions) {
        const args = completed<CortexArgs, Optional>(
            "metrics",
            cortexKind,
            given,
            {
                tenants: {},
                pushFrom: [],
                queryFrom: [],
                monitoringCrds: [],
            },
            {
                objectStore: NEEDED.objectStore,
                alertReceiver: NEEDED.alertReceiver,
            },
        );
        super("observability:metrics:Cortex", name, {}, opts);
        const { platform, settings, objectStore, alertReceiver } = args;
        const grant = grantOf(objectStore, "metrics", Object.values(settings.buckets));
        this.tenancy = severalByHeader(headerTenancy(platform.tenant));
        const child = { parent: this };

        const namespace = systemNamespace(
            { name: NAMESPACE, podSecurity: { level: "restricted" }, holdsData: platform.protectData, platform },
            child,
        );
        const inNamespace = { ...child, dependsOn: [namespace] };
        const keys = bucketKeys(S3_SECRET, NAMESPACE, grant, {
            parent: this,
            dependsOn: [namespace, ...objectStore.ready],
        });
        const policies = networkPolicies(
            cortexNetwork({
                cluster: platform,
                pushFrom: args.pushFrom,
                queryFrom: args.queryFrom,
                applications: applications(platform),
                readers: readers(platform),
                objectStore,
                alertReceiver: alertReceiver.peer,
            }),
            inNamespace,
        );
        const query = queryService(
            {
                name: QUERY_SERVICE,
                namespace: NAMESPACE,
                selector: podLabels("nginx"),
                ports: { query: { port: 80, targetPort: PORTS.query } },
            },
            inNamespace,
        );
        const release = chartRelease(
            name,
            {
                release: RELEASE,
                namespace: NAMESPACE,
                pin: cortexChart,
                values: buildCortexValues({
                    platform,
                    settings,
                    tenants: args.tenants,
                    objectStore,
                    access: accessOf(grant),
                    alertReceiver,
                }),
                userValues: settings.values,
                chartMirror: platform.chartMirror,
                // The rings settle one after the other, a minute and more for each; ingesters stop slowly.
                timeout: 1200,
                protectData: platform.protectData,
            },
            { ...child, dependsOn: [namespace, ...keys, ...policies, ...args.monitoringCrds, ...objectStore.ready] },
        );
        this.ready = [release, query];
        const { url, otlpUrl: otlp } = this.push;
        this.registerOutputs({ pushUrl: url, otlpUrl: otlp, queryUrl: this.read.url, healthUrl: this.read.healthUrl });
    }
}
