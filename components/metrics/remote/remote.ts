import * as pulumi from "@pulumi/pulumi";
import type { HubGateway } from "../../contracts/hub";
import type { HighAvailabilityLabels, MetricsSink } from "../../contracts/metrics-store";
import { PUSH_PATHS } from "../../contracts/push-paths";
import { noTenancy } from "../../contracts/tenancy";
import { completed, type Given } from "../../settings/complete";
import { NEEDED } from "../../settings/needed";
import type { PlatformSettings } from "../../settings/platform";
import { remoteMetricsKind } from "./kind";
import type { RemoteMetricsSettings } from "./settings";

export interface RemoteMetricsArgs {
    readonly platform: PlatformSettings;
    readonly settings: RemoteMetricsSettings;
    readonly hub: HubGateway;
}

/** Metrics that the hub keeps, behind a metrics store's contract. It makes nothing in the cluster. */
export class RemoteMetrics extends pulumi.ComponentResource implements MetricsSink {
    readonly push: MetricsSink["push"];
    readonly tenancy: MetricsSink["tenancy"];
    readonly highAvailability: HighAvailabilityLabels;
    readonly exemplars: boolean;
    readonly nativeHistograms: boolean;
    readonly offline: string;
    readonly ready: pulumi.Resource[];

    constructor(name: string, given: Given<RemoteMetricsArgs>, opts?: pulumi.ComponentResourceOptions) {
        const args = completed<RemoteMetricsArgs>("metrics", remoteMetricsKind, given, {}, { hub: NEEDED.hub });
        super("observability:metrics:Remote", name, {}, opts);
        const { platform, settings, hub } = args;
        this.push = {
            url: `${hub.url}${PUSH_PATHS.metrics}`,
            otlpUrl: `${hub.url}${PUSH_PATHS.otlp}`,
            endpoint: hub.endpoint,
        };
        this.tenancy = noTenancy(platform.tenant);
        this.highAvailability = {
            // The names that every store of this platform knows a pair by.
            cluster: "prometheus",
            replica: "prometheus_replica",
            dropReplica: settings.replicaLabel === "drop" ? "sender" : "store",
            // The operator names each cluster's pair alike: a hub that elects one replica of a pair would drop other clusters'.
            pair: platform.cluster,
        };
        this.exemplars = settings.exemplars;
        this.nativeHistograms = settings.nativeHistograms;
        this.offline = hub.offline;
        this.ready = hub.ready;
        this.registerOutputs({ pushUrl: this.push.url });
    }
}
