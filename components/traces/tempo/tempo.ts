import * as pulumi from "@pulumi/pulumi";
import { chartRelease } from "../../kubernetes/chart-release";
import type { MetricsSink } from "../../contracts/metrics-store";
import { accessOf, grantOf, type ObjectStore } from "../../contracts/object-store";
import { headerTenancy, severalByHeader, type Tenancy } from "../../contracts/tenancy";
import type { DataSource } from "../../contracts/datasource";
import type { TraceStore } from "../../contracts/trace-store";
import { bucketKeys } from "../../kubernetes/credentials";
import { systemNamespace } from "../../kubernetes/namespace";
import { readers } from "../../kubernetes/access-labels";
import { networkPolicies } from "../../kubernetes/network-policies";
import { completed, type Given } from "../../settings/complete";
import { NEEDED } from "../../settings/needed";
import type { PlatformSettings } from "../../settings/platform";
import { TraceCanary } from "./canary";
import { tempoDistributedChart, tempoSingleChart } from "./chart";
import { tempoNetwork } from "./network-policies";
import { NAMESPACE, PORTS, RELEASE, S3_SECRET, serviceHost, TITLE } from "./names";
import { tempoKind } from "./kind";
import type { TempoSettings, TempoTenant } from "./settings";
import { buildTempoValues } from "./values";
import { buildSingleValues } from "./single-values";

export interface TempoArgs {
    readonly platform: PlatformSettings;
    readonly settings: TempoSettings;
    /** Tenants beside the platform's own. */
    readonly tenants: Readonly<Record<string, TempoTenant>>;
    readonly objectStore: ObjectStore;
    /** Takes what the metrics generator makes of spans. */
    readonly metricsStore: Pick<MetricsSink, "push" | "tenancy" | "exemplars">;
    /** Namespaces of the platform whose pods push spans. */
    readonly pushFrom: readonly string[];
    /** Namespaces of the platform whose pods query. */
    readonly queryFrom: readonly string[];
    /** The definitions of ServiceMonitor and PodMonitor. */
    readonly monitoringCrds: pulumi.Resource[];
}

/**
 * Tempo: takes spans, keeps traces in the object store, and makes metrics of them. A canary beside it checks that it does.
 */
export class Tempo extends pulumi.ComponentResource implements TraceStore {
    readonly push: TraceStore["push"];
    readonly read: TraceStore["read"];
    readonly tenancy: Tenancy;
    readonly spanMetrics = true;
    readonly datasource: DataSource;
    readonly ready: pulumi.Resource[];

    constructor(
        name: string,
        given: Given<TempoArgs, "tenants" | "pushFrom" | "queryFrom" | "monitoringCrds">,
        opts?: pulumi.ComponentResourceOptions,
    ) {
        const args = completed<TempoArgs, "tenants" | "pushFrom" | "queryFrom" | "monitoringCrds">(
            "traces",
            tempoKind,
            given,
            { tenants: {}, pushFrom: [], queryFrom: [], monitoringCrds: [] },
            {
                objectStore: NEEDED.objectStore,
                metricsStore: NEEDED.metricsStore,
            },
        );
        super("observability:traces:Tempo", name, {}, opts);
        const { platform, settings, objectStore, metricsStore } = args;
        const single = platform.survives === "nothing";
        const grant = grantOf(objectStore, "traces", Object.values(settings.buckets));

        const pushHost = serviceHost(single ? undefined : "distributor");
        const queryHost = serviceHost(single ? undefined : "query-frontend");
        this.push = {
            otlpGrpc: `${pushHost}:${PORTS.otlpGrpc}`,
            otlpHttp: `http://${pushHost}:${PORTS.otlpHttp}`,
            endpoint: { namespace: NAMESPACE, podPort: PORTS.otlpGrpc },
        };
        const url = `http://${queryHost}:${PORTS.http}`;
        this.read = { url, healthUrl: `${url}/api/echo`, endpoint: { namespace: NAMESPACE, podPort: PORTS.http } };
        this.tenancy = severalByHeader(headerTenancy(platform.tenant, settings.multitenancy));
        this.datasource = { title: TITLE, type: "tempo", url, jsonData: {} };

        const namespace = systemNamespace(
            { name: NAMESPACE, podSecurity: { level: "restricted" }, holdsData: platform.protectData, platform },
            { parent: this },
        );
        const inNamespace = { parent: this, dependsOn: [namespace] };
        const policies = networkPolicies(
            tempoNetwork({
                cluster: platform,
                single,
                pushFrom: args.pushFrom,
                queryFrom: args.queryFrom,
                readers: readers(platform),
                objectStore,
                metricsStore: metricsStore.push.endpoint,
            }),
            inNamespace,
        );
        const keys = bucketKeys(S3_SECRET, NAMESPACE, grant, {
            parent: this,
            dependsOn: [namespace, ...objectStore.ready],
        });
        const { tenants } = args;
        const valuesArgs = {
            platform,
            settings,
            tenants,
            objectStore,
            metricsStore,
            access: accessOf(grant),
        };
        const release = chartRelease(
            name,
            {
                release: RELEASE,
                namespace: NAMESPACE,
                pin: single ? tempoSingleChart : tempoDistributedChart,
                values: single ? buildSingleValues(valuesArgs) : buildTempoValues(valuesArgs),
                userValues: settings.values,
                chartMirror: platform.chartMirror,
                // Ingesters roll one after another, each with up to five minutes to stop.
                timeout: 1200,
                protectData: platform.protectData,
            },
            {
                parent: this,
                // Ingesters and compactors list the bucket when they start, and end if they cannot.
                dependsOn: [namespace, ...keys, ...policies, ...args.monitoringCrds, ...objectStore.ready],
            },
        );
        this.ready = [release];
        new TraceCanary(
            "trace-canary",
            { platform, store: this, retention: settings.retention, monitoringCrds: args.monitoringCrds },
            { parent: this, dependsOn: [namespace, release, ...policies] },
        );
        const { otlpGrpc, otlpHttp } = this.push;
        this.registerOutputs({ otlpGrpc, otlpHttp, queryUrl: this.read.url, healthUrl: this.read.healthUrl });
    }
}
