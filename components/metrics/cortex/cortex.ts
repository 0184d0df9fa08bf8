import * as pulumi from "@pulumi/pulumi";
import { chartRelease } from "../../kubernetes/chart-release";
import type { AlertReceiver, Endpoint, MetricsStore, ObjectStore } from "../../contracts/contracts";
import { bucketKeys } from "../../kubernetes/credentials";
import { applications } from "../../kubernetes/ingest-label";
import { systemNamespace } from "../../kubernetes/namespace";
import type { PlatformSettings } from "../../settings/platform";
import { NAMESPACE, otlpUrl, PORTS, pushUrl, queryUrl, RELEASE, S3_SECRET } from "./names";
import { cortexChart } from "./chart";
import { cortexNetwork } from "./network-policies";
import { networkPolicies } from "../../kubernetes/network-policies";
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
    /** Namespaces of the platform whose pods push and query. */
    readonly writers: readonly string[];
    /** The definition of ServiceMonitor: the release makes such objects. */
    readonly monitoringCrds: pulumi.Resource[];
}

/**
 * Cortex: the metrics of every Prometheus, one copy of each pair's, kept in the object store.
 */
export class Cortex extends pulumi.ComponentResource implements MetricsStore {
    readonly pushUrl = pushUrl;
    readonly otlpUrl = otlpUrl;
    readonly queryUrl = queryUrl;
    readonly healthUrl = `${queryUrl}/api/v1/query?query=vector(1)`;
    readonly tenant: string;
    readonly peer: Endpoint = { namespace: NAMESPACE, podPort: PORTS.http };
    readonly ready: pulumi.Resource[];

    constructor(name: string, args: CortexArgs, opts?: pulumi.ComponentResourceOptions) {
        super("observability:cortex:Cortex", name, {}, opts);
        const { platform, settings, objectStore, alertReceiver } = args;
        const grant = objectStore.grants.cortex;
        this.tenant = platform.tenant;
        const child = { parent: this };

        const namespace = systemNamespace(
            { name: NAMESPACE, podSecurity: { level: "restricted" }, holdsData: platform.protectData },
            child,
        );
        const inNamespace = { ...child, dependsOn: [namespace] };
        const keys = bucketKeys(S3_SECRET, NAMESPACE, grant, {
            parent: this,
            dependsOn: [namespace, ...objectStore.ready],
        });
        const policies = networkPolicies(
            cortexNetwork({
                enabled: platform.networkPolicies,
                writers: args.writers,
                applications: applications(platform),
                objectStore: objectStore.peer,
                alertReceiver: alertReceiver.peer,
            }),
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
                    credentialsGeneration: grant.generation,
                    alertReceiver,
                }),
                userValues: settings.values,
                chartMirror: platform.chartMirror,
                // The rings settle one after the other, a minute and more for each; ingesters stop slowly.
                timeout: 1200,
                holdsData: platform.protectData,
            },
            { ...child, dependsOn: [namespace, keys, ...policies, ...args.monitoringCrds, ...objectStore.ready] },
        );
        this.ready = [release];
        this.registerOutputs({});
    }
}
