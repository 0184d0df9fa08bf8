import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { LogDataSource } from "../../contracts/datasource";
import type { LogStore } from "../../contracts/log-store";
import { grantOf, type KeyPair, type ObjectStore } from "../../contracts/object-store";
import type { Endpoint } from "../../contracts/ready";
import { noTenancy, type Tenancy } from "../../contracts/tenancy";
import { applications, readers } from "../../kubernetes/access-labels";
import { chartRelease, type ChartPin } from "../../kubernetes/chart-release";
import { secret } from "../../kubernetes/credentials";
import { systemNamespace } from "../../kubernetes/namespace";
import { networkPolicies } from "../../kubernetes/network-policies";
import { nginxDeployment, type NginxPods } from "../../kubernetes/nginx-pods";
import { queryService } from "../../kubernetes/query-service";
import { resources } from "../../kubernetes/resources";
import { completed, type Given } from "../../settings/complete";
import { made } from "../../settings/make";
import type { PlatformSettings } from "../../settings/platform";
import { luceneJoins } from "../lucene";
import { GATEWAY_PORTS, KEYS_DIRECTORY, searchGatewayConfig } from "../search-gateway";
import { makeCertificates } from "./certificates";
import { dashboardsChart, exporterChart, opensearchChart, vectorChart } from "./chart";
import { securityConfig } from "./config";
import { buildDashboardsValues, dashboardsUrl } from "./dashboards";
import { buildExporterValues } from "./exporter";
import { opensearchKind } from "./kind";
import { FIELDS } from "./lines";
import {
    DASHBOARDS_RELEASE,
    EXPORTER_RELEASE,
    GATEWAY,
    GATEWAY_KEYS,
    NAMESPACE,
    OTLP_RELEASE,
    otlpUrl,
    PATTERN,
    PLUGIN,
    podLabels,
    PORTS,
    QUERY_SERVICE,
    queryUrl,
    RELEASE,
    S3_KEYSTORE,
    SECURITY_CONFIG,
    TITLE,
    url,
} from "./names";
import { opensearchNetwork } from "./network-policies";
import { buildVectorValues } from "./otlp";
import type { OpensearchSettings } from "./settings";
import { makeSetup } from "./setup";
import { makeUsers } from "./users";
import { buildOpensearchValues } from "./values";
import { certificateSecrets } from "./values-args";
import { opensearchReplicated } from "./workloads";

export interface OpenSearchArgs {
    readonly platform: PlatformSettings;
    readonly settings: OpensearchSettings;
    /** Where snapshots go; may be undefined where none are made. */
    readonly objectStore: ObjectStore | undefined;
    /** Namespaces of the platform whose pods push. */
    readonly pushFrom: readonly string[];
    /** Namespaces of the platform whose pods query. */
    readonly queryFrom: readonly string[];
    /** The definitions of ServiceMonitor and PodMonitor. */
    readonly monitoringCrds: pulumi.Resource[];
}

type Optional = "objectStore" | "pushFrom" | "queryFrom" | "monitoringCrds";

const at = (podPort: number): Endpoint => ({ namespace: NAMESPACE, podPort });

/** Seconds: nodes roll one after the other, each until its copies are made. */
const TIMEOUT = 3600;

/** Logs: an OpenSearch of this stack's own, with what takes OTLP before it. */
export class OpenSearch extends pulumi.ComponentResource implements LogStore {
    readonly push = { otlpUrl, lokiUrl: undefined, endpoint: at(PORTS.otlpHttp) };
    readonly read = {
        url: queryUrl,
        healthUrl: `${queryUrl}/${PATTERN}/_search?size=0`,
        endpoint: at(GATEWAY_PORTS.query),
    };
    readonly tenancy: Tenancy;
    readonly screens: string | undefined;
    readonly ruler = undefined;
    readonly datasource: LogDataSource;
    readonly ready: pulumi.Resource[];

    constructor(name: string, given: Given<OpenSearchArgs, Optional>, opts?: pulumi.ComponentResourceOptions) {
        const args = completed<OpenSearchArgs, Optional>(
            "logs",
            opensearchKind,
            given,
            { objectStore: undefined, pushFrom: [], queryFrom: [], monitoringCrds: [] },
            {},
        );
        super("observability:logs:OpenSearch", name, {}, opts);
        const { platform, settings } = args;
        const { backup } = settings.buckets;
        const snapshots = backup === undefined ? undefined : snapshotsIn(made(args.objectStore), backup);
        this.tenancy = noTenancy(platform.tenant);
        this.datasource = datasource();
        this.screens = settings.dashboards.enabled ? dashboardsUrl(platform) : undefined;
        const child = { parent: this };

        const namespace = systemNamespace(
            { name: NAMESPACE, podSecurity: { level: "restricted" }, holdsData: platform.protectData, platform },
            child,
        );
        const inNamespace = { ...child, dependsOn: [namespace] };
        const policies = networkPolicies(
            opensearchNetwork({
                cluster: platform,
                pushFrom: args.pushFrom,
                queryFrom: args.queryFrom,
                applications: applications(platform),
                readers: readers(platform),
                objectStore: snapshots?.to,
                dashboards: settings.dashboards,
            }),
            inNamespace,
        );
        const before = [
            ...policies,
            ...makeCertificates(settings, inNamespace),
            ...makeUsers(settings, inNamespace),
            secret(
                SECURITY_CONFIG,
                { name: SECURITY_CONFIG, namespace: NAMESPACE, data: securityConfig() },
                inNamespace,
            ),
            ...(snapshots === undefined
                ? []
                : [keystore(snapshots, { ...child, dependsOn: [namespace, ...snapshots.to.ready] })]),
        ];
        const valuesArgs = { platform, settings, snapshots };
        const release = (
            { name: of, pin }: { name: string; pin: ChartPin },
            values: object,
            userValues: Record<string, unknown>,
            after: readonly pulumi.Resource[],
        ): k8s.helm.v3.Release =>
            chartRelease(
                of,
                {
                    ...{ release: of, namespace: NAMESPACE, pin, values, userValues, timeout: TIMEOUT },
                    chartMirror: platform.chartMirror,
                    protectData: platform.protectData,
                },
                { ...child, dependsOn: [namespace, ...before, ...args.monitoringCrds, ...after] },
            );
        const nodes = release(
            { name: RELEASE, pin: opensearchChart },
            buildOpensearchValues(valuesArgs),
            settings.values,
            [],
        );
        // No line before the template: its index would be one that never ends.
        const setup = makeSetup(platform, settings, inNamespace, [nodes, ...before]);
        this.ready = [
            nodes,
            setup,
            release({ name: OTLP_RELEASE, pin: vectorChart }, buildVectorValues(valuesArgs), settings.vectorValues, [
                setup,
            ]),
            release(
                { name: EXPORTER_RELEASE, pin: exporterChart },
                buildExporterValues(valuesArgs),
                settings.exporterValues,
                [setup],
            ),
            ...(settings.dashboards.enabled
                ? [
                      release(
                          { name: DASHBOARDS_RELEASE, pin: dashboardsChart },
                          buildDashboardsValues(valuesArgs),
                          settings.dashboardsValues,
                          [setup],
                      ),
                  ]
                : []),
            ...queries(platform, settings, { ...child, dependsOn: [namespace, ...before] }),
        ];
        this.registerOutputs({ otlpUrl, queryUrl, healthUrl: this.read.healthUrl });
    }
}

function datasource(): LogDataSource {
    const joins = luceneJoins(FIELDS);
    return {
        ...{ title: TITLE, type: PLUGIN, url: queryUrl, ...joins },
        jsonData: {
            database: PATTERN,
            flavor: "opensearch",
            // The plugin would ask for it, and Grafana of today does not let it.
            version: opensearchChart.appVersion,
            ...joins.jsonData,
        },
    };
}

interface Snapshots {
    readonly to: ObjectStore;
    readonly keys: KeyPair;
}

function snapshotsIn(to: ObjectStore, bucket: string): Snapshots {
    const { keys } = grantOf(to, "logs", [bucket]);
    if (keys === undefined) throw new Error("OpenSearch opens its bucket by a key pair alone.");
    return { to, keys };
}

/** The key pair of the bucket, by the names that the keystore has for it. */
function keystore({ keys }: Snapshots, opts: pulumi.CustomResourceOptions): k8s.core.v1.Secret {
    const data = {
        "s3.client.default.access_key": keys.accessKeyId,
        "s3.client.default.secret_key": keys.secretAccessKey,
    };
    return secret(S3_KEYSTORE, { name: S3_KEYSTORE, namespace: NAMESPACE, data }, opts);
}

/** The gateway's pods: whoever may query by network policies is shown to OpenSearch as its reader. */
export function gatewayPods(
    platform: Pick<PlatformSettings, "survives" | "ipFamilies">,
    settings: OpensearchSettings,
): NginxPods {
    const ca = "/etc/store-ca";
    return {
        name: GATEWAY,
        alike: opensearchReplicated.gateway,
        replicas: settings.replicas.gateway,
        config: searchGatewayConfig({ url, ca: `${ca}/ca.crt` }, platform),
        ports: { query: GATEWAY_PORTS.query },
        resources:
            platform.survives === "nothing" ? resources("10m", "32Mi", "128Mi") : resources("50m", "64Mi", "256Mi"),
        annotations: { "observability-platform/credentials-rotation": String(settings.rotation) },
        ...(settings.certificates.from === "secrets" && { fromOutside: [settings.certificates.node] }),
        secrets: [
            { name: "keys", secretName: GATEWAY_KEYS, mountPath: KEYS_DIRECTORY },
            { name: "ca", secretName: certificateSecrets(settings).node, mountPath: ca, keys: ["ca.crt"] },
        ],
    };
}

function queries(
    platform: PlatformSettings,
    settings: OpensearchSettings,
    opts: pulumi.CustomResourceOptions & { readonly dependsOn: pulumi.Resource[] },
): pulumi.Resource[] {
    const service = queryService(
        {
            name: QUERY_SERVICE,
            namespace: NAMESPACE,
            selector: podLabels("gateway"),
            ports: { query: { port: 80, targetPort: GATEWAY_PORTS.query } },
        },
        opts,
    );
    return [nginxDeployment(platform, gatewayPods(platform, settings), { namespace: NAMESPACE }, opts), service];
}
