import type * as pulumi from "@pulumi/pulumi";
import type { MetricsStore } from "../contracts/metrics-store";
import type { ObjectStore } from "../contracts/object-store";
import type { TraceStore } from "../contracts/trace-store";
import { maker } from "../settings/make";
import type { PlatformSettings } from "../settings/platform";
import type { tracesKinds } from "./settings";
import { Tempo } from "./tempo/tempo";

/** What every trace store is given, beside its settings and its tenants. */
export interface TraceStoreArgs {
    readonly platform: PlatformSettings;
    readonly objectStore: ObjectStore;
    /** Takes the metrics that it makes of spans. */
    readonly metricsStore: MetricsStore;
    /** Namespaces of the platform whose pods push. */
    readonly pushFrom: readonly string[];
    /** Namespaces of the platform whose pods query. */
    readonly queryFrom: readonly string[];
    /** The definitions of ServiceMonitor and PodMonitor. */
    readonly monitoringCrds: pulumi.Resource[];
}

/** The trace store that the settings choose. */
export const makeTraceStore = maker<typeof tracesKinds, TraceStoreArgs, TraceStore>({
    tempo: (args, opts) => new Tempo("tempo", args, opts),
});
