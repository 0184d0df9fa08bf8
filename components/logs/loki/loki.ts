import * as pulumi from "@pulumi/pulumi";
import { chartRelease } from "../../kubernetes/chart-release";
import type {
    AlertReceiver,
    BucketRequest,
    Endpoint,
    LogStore,
    MetricsStore,
    ObjectStore,
} from "../../contracts/contracts";
import { bucketKeys } from "../../kubernetes/credentials";
import { systemNamespace } from "../../kubernetes/namespace";
import { applications } from "../../kubernetes/ingest-label";
import { networkPolicies, type Flow, type Peer } from "../../kubernetes/network-policies";
import type { Survives } from "../../kubernetes/placement";
import type { PlatformSettings } from "../../settings/platform";
import { lokiChart } from "./chart";
import { LOKI_PODS, NAMESPACE, podLabels, PORTS, RELEASE, S3_SECRET } from "./names";
import type { LokiSettings, LokiTenant } from "./settings";
import { buildLokiValues } from "./values";

/** Seconds: a first start pulls six images, and ingesters take their time to stop. */
const TIMEOUT = 1200;

/** The workload that runs the rules. */
function rulerComponent(survives: Survives): string {
    return survives === "nothing" ? "single-binary" : "ruler";
}

function rulerUrl(survives: Survives): string {
    const service = survives === "nothing" ? RELEASE : `${RELEASE}-ruler`;
    return `http://${service}.${NAMESPACE}.svc.cluster.local:${PORTS.http}`;
}

const GATEWAY_URL = `http://${RELEASE}-gateway.${NAMESPACE}.svc.cluster.local`;

export interface LokiArgs {
    readonly platform: PlatformSettings;
    readonly settings: LokiSettings;
    /** Tenants beside the platform's own. */
    readonly tenants: Readonly<Record<string, LokiTenant>>;
    readonly objectStore: ObjectStore;
    readonly alertReceiver: AlertReceiver;
    readonly metricsStore: MetricsStore;
    /** Namespaces of the platform that push, and that query. */
    readonly writers: readonly string[];
    readonly readers: readonly string[];
    /** Namespace of what writes rules. Nobody else may: a rule sees every line, and alerts and metrics are made of it. */
    readonly rulesFrom: string;
    /** The definition of ServiceMonitor: the release makes such objects. */
    readonly monitoringCrds: pulumi.Resource[];
}

/** Buckets that Loki asks the object store for. */
export function lokiBuckets(settings: LokiSettings): BucketRequest {
    return { store: "loki", buckets: [settings.buckets.chunks, settings.buckets.ruler] };
}

/** Logs: a Loki that keeps them in the object store. */
export class Loki extends pulumi.ComponentResource implements LogStore {
    readonly pushUrl = `${GATEWAY_URL}/loki/api/v1/push`;
    readonly otlpUrl = `${GATEWAY_URL}/otlp`;
    readonly queryUrl = GATEWAY_URL;
    readonly healthUrl = `${GATEWAY_URL}/loki/api/v1/query?query=vector(1)`;
    readonly tenant: string;
    readonly peer: Endpoint = { namespace: NAMESPACE, podPort: PORTS.gateway };
    readonly rulerUrl: string;
    readonly ruler: Endpoint = { namespace: NAMESPACE, podPort: PORTS.http };
    readonly ready: pulumi.Resource[];

    constructor(name: string, args: LokiArgs, opts?: pulumi.ComponentResourceOptions) {
        super("observability:loki:Loki", name, {}, opts);
        const { platform, settings, objectStore, alertReceiver, metricsStore } = args;
        const grant = objectStore.grants.loki;
        this.tenant = platform.tenant;
        this.rulerUrl = rulerUrl(platform.survives);

        const namespace = systemNamespace(
            { name: NAMESPACE, podSecurity: { level: "restricted" }, holdsData: platform.protectData },
            { parent: this },
        );
        const inNamespace = { parent: this, dependsOn: [namespace] };
        const policies = networkPolicies(
            {
                namespace: NAMESPACE,
                enabled: platform.networkPolicies,
                ingress: lokiIngress(platform.survives, { ...args, applications: applications(platform) }),
                egress: lokiEgress(platform.survives, {
                    objectStore: objectStore.peer,
                    alertReceiver: alertReceiver.peer,
                    metricsStore: metricsStore.peer,
                }),
            },
            inNamespace,
        );
        const keys = bucketKeys(S3_SECRET, NAMESPACE, grant, {
            parent: this,
            dependsOn: [namespace, ...objectStore.ready],
        });
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
                    credentialsGeneration: grant.generation,
                    alertmanagerUrl: alertReceiver.srvUrl,
                    metricsPushUrl: metricsStore.pushUrl,
                }),
                userValues: settings.values,
                chartMirror: platform.chartMirror,
                timeout: TIMEOUT,
                holdsData: platform.protectData,
            },
            {
                parent: this,
                dependsOn: [namespace, ...policies, keys, ...args.monitoringCrds, ...objectStore.ready],
            },
        );
        this.ready = [release];
        this.registerOutputs({});
    }
}

/** Who may come in. */
export interface LokiClients extends Pick<LokiArgs, "writers" | "readers" | "rulesFrom"> {
    /** Who else may push: Fluent Bit, Fluentd and other shippers. */
    readonly applications: Peer;
}

/**
 * What may come in. Pushes and queries share the gateway's port, which no policy can tell apart: whoever may push may
 * also query, and a tenant's name is no secret. Rules are written past the gateway, which refuses them.
 */
export function lokiIngress(survives: Survives, clients: LokiClients): Flow[] {
    const { writers, readers, rulesFrom, applications } = clients;
    const at = { ports: [PORTS.gateway], pods: podLabels("gateway") };
    return [
        { name: "push-from-applications", peer: applications, ...at },
        ...writers.map((namespace) => ({ name: `push-from-${namespace}`, peer: { namespace }, ...at })),
        ...readers.map((namespace) => ({ name: `reads-from-${namespace}`, peer: { namespace }, ...at })),
        {
            name: `rules-from-${rulesFrom}`,
            peer: { namespace: rulesFrom },
            ports: [PORTS.http],
            pods: podLabels(rulerComponent(survives)),
        },
        {
            name: "from-prometheus",
            peer: { namespace: "monitoring" },
            ports: [PORTS.http, PORTS.canary, PORTS.gatewayExporter, PORTS.cacheExporter],
        },
    ];
}

/** Who stands at the other ends of what goes out. */
export interface LokiPeers {
    readonly objectStore: Endpoint;
    readonly alertReceiver: Endpoint;
    readonly metricsStore: Endpoint;
}

/** What may go out: to the object store from every Loki pod, alerts and samples from where rules run. */
export function lokiEgress(survives: Survives, peers: LokiPeers): Flow[] {
    const ruler = podLabels(rulerComponent(survives));
    return [
        { name: "to-object-store", ...target(peers.objectStore), pods: LOKI_PODS },
        { name: "to-alertmanager", ...target(peers.alertReceiver), pods: ruler },
        { name: "to-metrics-store", ...target(peers.metricsStore), pods: ruler },
    ];
}

function target({ namespace, podPort }: Endpoint): { peer: Peer; ports: number[] } {
    return { peer: namespace === undefined ? "anywhere" : { namespace }, ports: [podPort] };
}
