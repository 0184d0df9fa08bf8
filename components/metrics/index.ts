import type * as pulumi from "@pulumi/pulumi";
import type { AlertReceiver } from "../contracts/alert-receiver";
import type { MetricsStore } from "../contracts/metrics-store";
import type { ObjectStore } from "../contracts/object-store";
import { maker } from "../settings/make";
import type { PlatformSettings } from "../settings/platform";
import { Cortex } from "./cortex/cortex";
import type { metricsKinds } from "./settings";
import { VictoriaMetrics } from "./victoriametrics/victoriametrics";
import { Thanos } from "./thanos/thanos";

/** What every metrics store is given, beside its settings and its tenants. */
export interface MetricsStoreArgs {
    readonly platform: PlatformSettings;
    readonly objectStore: ObjectStore;
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
export const makeMetricsStore = maker<typeof metricsKinds, MetricsStoreArgs, MetricsStore>({
    cortex: (args, opts) => new Cortex("cortex", args, opts),
    victoriametrics: (args, opts) => new VictoriaMetrics("victoriametrics", args, opts),
    thanos: (args, opts) => new Thanos("thanos", args, opts),
});
