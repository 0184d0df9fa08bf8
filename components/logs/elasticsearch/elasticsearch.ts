import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { LogDataSource } from "../../contracts/datasource";
import type { LogStore } from "../../contracts/log-store";
import type { Endpoint } from "../../contracts/ready";
import { noTenancy, type Tenancy } from "../../contracts/tenancy";
import { applications, readers } from "../../kubernetes/access-labels";
import { secret } from "../../kubernetes/credentials";
import { systemNamespace } from "../../kubernetes/namespace";
import { networkPolicies } from "../../kubernetes/network-policies";
import { nginxDeployment, type NginxPods } from "../../kubernetes/nginx-pods";
import { queryService } from "../../kubernetes/query-service";
import { resources } from "../../kubernetes/resources";
import { completed, type Given } from "../../settings/complete";
import type { PlatformSettings } from "../../settings/platform";
import { luceneJoins } from "../lucene";
import { GATEWAY_PORTS, KEY_FILES, keyFile, KEYS_DIRECTORY, searchGatewayConfig } from "../search-gateway";
import { elasticsearchKind } from "./kind";
import { FIELDS } from "./lines";
import { GATEWAY, KEYS_SECRET, NAMESPACE, otlpUrl, PLUGIN, podLabels, QUERY_SERVICE, queryUrl, TITLE } from "./names";
import { elasticsearchNetwork } from "./network-policies";
import { otlpTarget, type ElasticsearchSettings } from "./settings";
import { elasticsearchReplicated } from "./workloads";

export interface ElasticsearchArgs {
    readonly platform: PlatformSettings;
    readonly settings: ElasticsearchSettings;
    /** Namespaces of the platform whose pods push. */
    readonly pushFrom: readonly string[];
    /** Namespaces of the platform whose pods query. */
    readonly queryFrom: readonly string[];
}

const at = (podPort: number): Endpoint => ({ namespace: NAMESPACE, podPort });

/** Logs: an Elasticsearch that is there already. In the cluster is what shows it keys. */
export class Elasticsearch extends pulumi.ComponentResource implements LogStore {
    readonly push = { otlpUrl, lokiUrl: undefined, endpoint: at(GATEWAY_PORTS.push) };
    readonly read: LogStore["read"];
    readonly tenancy: Tenancy;
    readonly ruler = undefined;
    readonly datasource: LogDataSource;
    readonly ready: pulumi.Resource[];

    constructor(
        name: string,
        given: Given<ElasticsearchArgs, "pushFrom" | "queryFrom">,
        opts?: pulumi.ComponentResourceOptions,
    ) {
        const args = completed<ElasticsearchArgs, "pushFrom" | "queryFrom">(
            "logs",
            elasticsearchKind,
            given,
            { pushFrom: [], queryFrom: [] },
            {},
        );
        super("observability:logs:Elasticsearch", name, {}, opts);
        const { platform, settings } = args;
        const { index, url } = settings;
        this.tenancy = noTenancy(platform.tenant);
        this.read = {
            url: queryUrl,
            // Answered without a data stream too.
            healthUrl: `${queryUrl}/${index}/_search?size=0`,
            endpoint: at(GATEWAY_PORTS.query),
        };
        const joins = luceneJoins(FIELDS);
        this.datasource = {
            ...{ title: TITLE, type: PLUGIN, url: queryUrl, ...joins },
            jsonData: { index, ...joins.jsonData },
        };
        const child = { parent: this };

        const namespace = systemNamespace(
            { name: NAMESPACE, podSecurity: { level: "restricted" }, holdsData: false, platform },
            child,
        );
        const inNamespace = { ...child, dependsOn: [namespace] };
        const policies = networkPolicies(
            elasticsearchNetwork({
                cluster: platform,
                pushFrom: args.pushFrom,
                queryFrom: args.queryFrom,
                applications: applications(platform),
                readers: readers(platform),
                urls: [url, otlpTarget(settings)],
            }),
            inNamespace,
        );
        const keys = secret(
            KEYS_SECRET,
            { name: KEYS_SECRET, namespace: NAMESPACE, data: keyFiles(settings) },
            inNamespace,
        );
        const place = { namespace: NAMESPACE, after: [keys, ...policies] };
        const deployment = nginxDeployment(platform, gatewayPods(platform, settings), place, inNamespace);
        this.ready = [deployment, ...services(inNamespace)];
        this.registerOutputs({ otlpUrl, queryUrl, healthUrl: this.read.healthUrl });
    }
}

/** What the gateway shows the store. */
function keyFiles({ keys, ca }: Pick<ElasticsearchSettings, "keys" | "ca">): Record<string, pulumi.Output<string>> {
    const file = (key: string) => pulumi.secret(key).apply((text) => keyFile(`ApiKey ${text}`));
    return {
        [KEY_FILES.writer]: file(keys.writer),
        [KEY_FILES.reader]: file(keys.reader),
        ...(ca !== undefined && { [KEY_FILES.ca]: pulumi.output(ca) }),
    };
}

/** Its pods. Keys are read at the start: another rotation has to start new ones. */
export function gatewayPods(
    platform: Pick<PlatformSettings, "survives" | "ipFamilies">,
    settings: ElasticsearchSettings,
): NginxPods {
    const { url, ca, replicas, rotation } = settings;
    return {
        name: GATEWAY,
        alike: elasticsearchReplicated.gateway,
        replicas: replicas.gateway,
        config: searchGatewayConfig(
            {
                url,
                otlpUrl: otlpTarget(settings),
                ...(ca !== undefined && { ca: `${KEYS_DIRECTORY}/${KEY_FILES.ca}` }),
            },
            platform,
        ),
        ports: GATEWAY_PORTS,
        resources:
            platform.survives === "nothing" ? resources("10m", "32Mi", "128Mi") : resources("50m", "64Mi", "256Mi"),
        annotations: { "observability-platform/credentials-rotation": String(rotation) },
        secrets: [{ name: "keys", secretName: KEYS_SECRET, mountPath: KEYS_DIRECTORY }],
    };
}

/** An address for each of its ports. */
function services(opts: pulumi.CustomResourceOptions): k8s.core.v1.Service[] {
    const labels = podLabels("gateway");
    const service = (name: string, targetPort: number) =>
        queryService({ name, namespace: NAMESPACE, selector: labels, ports: { http: { port: 80, targetPort } } }, opts);
    return [service(GATEWAY, GATEWAY_PORTS.push), service(QUERY_SERVICE, GATEWAY_PORTS.query)];
}
