import type * as pulumi from "@pulumi/pulumi";
import type { AlertReceiver } from "../contracts/alert-receiver";
import type { MetricsSink } from "../contracts/metrics-store";
import type { HubGateway } from "../contracts/hub";
import type { ObjectStore } from "../contracts/object-store";
import { made, maker } from "../settings/make";
import type { PlatformSettings } from "../settings/platform";
import { Cortex } from "./cortex/cortex";
import type { metricsKinds } from "./settings";
import { VictoriaMetrics } from "./victoriametrics/victoriametrics";
import { Thanos } from "./thanos/thanos";
import { RemoteMetrics } from "./remote/remote";

/** What every metrics store is given, beside its settings and its tenants. */
export interface MetricsStoreArgs {
    readonly platform: PlatformSettings;
    /** Undefined where no role has buckets. */
    readonly objectStore: ObjectStore | undefined;
    /** Undefined where no role sends. */
    readonly hub: HubGateway | undefined;
    /** Where it sends alerts, if it evaluates rules. */
    readonly alertReceiver: AlertReceiver;
    /** Namespaces of the platform whose pods push. */
    readonly pushFrom: readonly string[];
    /** Namespaces of the platform whose pods query. */
    readonly queryFrom: readonly string[];
    /** How often Prometheus scrapes, such as `30s`: a store may keep one sample of each interval, whoever of a pair sent it. */
    readonly scrapeInterval: string;
    /** The definition of ServiceMonitor. */
    readonly monitoringCrds: pulumi.Resource[];
}

/** The metrics store that the settings choose. */
export const makeMetricsStore = maker<typeof metricsKinds, MetricsStoreArgs, MetricsSink>({
    cortex: (args, opts) => new Cortex("cortex", { ...args, objectStore: made(args.objectStore) }, opts),
    victoriametrics: (args, opts) => new VictoriaMetrics("victoriametrics", args, opts),
    thanos: (args, opts) => new Thanos("thanos", { ...args, objectStore: made(args.objectStore) }, opts),
    remote: (args, opts) => new RemoteMetrics("remote-metrics", { ...args, hub: made(args.hub) }, opts),
});
