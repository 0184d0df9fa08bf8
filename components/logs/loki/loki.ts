import * as pulumi from "@pulumi/pulumi";
import { chartRelease } from "../../kubernetes/chart-release";
import type { AlertReceiver } from "../../contracts/alert-receiver";
import type { LogDataSource } from "../../contracts/datasource";
import type { LogRuler, LogStore } from "../../contracts/log-store";
import { headerTenancy, severalByHeader, type Tenancy } from "../../contracts/tenancy";
import type { MetricsSink } from "../../contracts/metrics-store";
import { accessOf, grantOf, type ObjectStore } from "../../contracts/object-store";
import type { Endpoint } from "../../contracts/ready";
import { bucketKeys } from "../../kubernetes/credentials";
import { systemNamespace } from "../../kubernetes/namespace";
import { applications, readers } from "../../kubernetes/access-labels";
import { networkPolicies } from "../../kubernetes/network-policies";
import { queryService } from "../../kubernetes/query-service";
import type { Survives } from "../../kubernetes/placement";
import { completed, type Given } from "../../settings/complete";
import { NEEDED } from "../../settings/needed";
import type { PlatformSettings } from "../../settings/platform";
import { lokiChart } from "./chart";
import { NAMESPACE, PLUGIN, podLabels, PORTS, QUERY_SERVICE, RELEASE, S3_SECRET, TITLE } from "./names";
import { lokiEgress, lokiIngress, type LokiClients } from "./network-policies";
import { lokiKind } from "./kind";
import type { LokiSettings, LokiTenant } from "./settings";
import { buildLokiValues } from "./values";

/** Seconds: a first start pulls six images, and ingesters take their time to stop. */
const TIMEOUT = 1200;

function rulerUrl(survives: Survives): string {
    const service = survives === "nothing" ? RELEASE : `${RELEASE}-ruler`;
    return `http://${service}.${NAMESPACE}.svc.cluster.local:${PORTS.http}`;
}

const at = (podPort: number): Endpoint => ({ namespace: NAMESPACE, podPort });

const PUSH_URL = `http://${RELEASE}-gateway.${NAMESPACE}.svc.cluster.local`;
const QUERY_URL = `http://${QUERY_SERVICE}.${NAMESPACE}.svc.cluster.local`;

export interface LokiArgs extends Omit<LokiClients, "applications" | "readers"> {
    readonly platform: PlatformSettings;
    readonly settings: LokiSettings;
    /** Tenants beside the platform's own. */
    readonly tenants: Readonly<Record<string, LokiTenant>>;
    readonly objectStore: ObjectStore;
    readonly alertReceiver: AlertReceiver;
    /** Takes what recording rules make. */
    readonly metricsStore: Pick<MetricsSink, "push">;
    /** The definition of ServiceMonitor: the release makes such objects. */
    readonly monitoringCrds: pulumi.Resource[];
}

/** Logs: a Loki that keeps them in the object store. */
export class Loki extends pulumi.ComponentResource implements LogStore {
    readonly push = {
        otlpUrl: `${PUSH_URL}/otlp`,
        lokiUrl: `${PUSH_URL}/loki/api/v1/push`,
        endpoint: at(PORTS.push),
    };
    readonly read = {
        url: QUERY_URL,
        healthUrl: `${QUERY_URL}/loki/api/v1/query?query=vector(1)`,
        endpoint: at(PORTS.query),
    };
    readonly tenancy: Tenancy;
    readonly ruler: LogRuler;
    readonly datasource: LogDataSource = {
        title: TITLE,
        type: PLUGIN,
        url: QUERY_URL,
        jsonData: { maxLines: 1000 },
        // Structured metadata.
        toTrace: (link) => ({
            derivedFields: [{ name: "trace_id", matcherType: "label", matcherRegex: "trace_id", ...link }],
        }),
        ofSpan: {
            filterByTraceID: true,
            filterBySpanID: false,
            tags: [{ key: "service.name", value: "service_name" }],
        },
    };
    readonly ready: pulumi.Resource[];

    constructor(
        name: string,
        given: Given<LokiArgs, "tenants" | "pushFrom" | "queryFrom" | "monitoringCrds">,
        opts?: pulumi.ComponentResourceOptions,
    ) {
        const args = completed<LokiArgs, "tenants" | "pushFrom" | "queryFrom" | "monitoringCrds">(
            "logs",
            lokiKind,
            given,
            { tenants: {}, pushFrom: [], queryFrom: [], monitoringCrds: [] },
            {
                objectStore: NEEDED.objectStore,
                alertReceiver: NEEDED.alertReceiver,
                metricsStore: NEEDED.metricsStore,
                rulesFrom: "the namespace of whoever carries rules on logs into it, as text",
            },
        );
        super("observability:logs:Loki", name, {}, opts);
        const { platform, settings, objectStore, alertReceiver, metricsStore } = args;
        const grant = grantOf(objectStore, "logs", Object.values(settings.buckets));
        this.tenancy = severalByHeader(headerTenancy(platform.tenant));
        this.ruler = {
            url: rulerUrl(platform.survives),
            endpoint: at(PORTS.http),
        };

        const namespace = systemNamespace(
            { name: NAMESPACE, podSecurity: { level: "restricted" }, holdsData: platform.protectData, platform },
            { parent: this },
        );
        const inNamespace = { parent: this, dependsOn: [namespace] };
        const policies = networkPolicies(
            {
                namespace: NAMESPACE,
                cluster: platform,
                ingress: lokiIngress(platform.survives, {
                    ...args,
                    applications: applications(platform),
                    readers: readers(platform),
                }),
                egress: lokiEgress(platform.survives, {
                    objectStore,
                    alertReceiver: alertReceiver.peer,
                    metricsStore: metricsStore.push.endpoint,
                }),
            },
            inNamespace,
        );
        const keys = bucketKeys(S3_SECRET, NAMESPACE, grant, {
            parent: this,
            dependsOn: [namespace, ...objectStore.ready],
        });
        const query = queryService(
            {
                name: QUERY_SERVICE,
                namespace: NAMESPACE,
                selector: podLabels("gateway"),
                ports: {
                    query: { port: 80, targetPort: PORTS.query },
                    canary: { port: PORTS.throughGateway, targetPort: PORTS.throughGateway },
                },
            },
            inNamespace,
        );
        const release = chartRelease(
            RELEASE,
            {
                release: RELEASE,
                namespace: NAMESPACE,
                pin: lokiChart,
                values: buildLokiValues({
                    settings,
                    tenants: args.tenants,
                    platform,
                    objectStore,
                    access: accessOf(grant),
                    alertmanagerUrl: alertReceiver.srvUrl,
                    metricsPushUrl: metricsStore.push.url,
                }),
                userValues: settings.values,
                chartMirror: platform.chartMirror,
                timeout: TIMEOUT,
                protectData: platform.protectData,
            },
            {
                parent: this,
                dependsOn: [namespace, ...policies, ...keys, ...args.monitoringCrds, ...objectStore.ready],
            },
        );
        this.ready = [release, query];
        const { lokiUrl, otlpUrl } = this.push;
        const { url: queryUrl, healthUrl } = this.read;
        this.registerOutputs({ lokiUrl, otlpUrl, queryUrl, healthUrl, rulerUrl: this.ruler.url });
    }
}
