import type * as pulumi from "@pulumi/pulumi";
import type { MetricsSink } from "../contracts/metrics-store";
import type { HubGateway } from "../contracts/hub";
import type { ObjectStore } from "../contracts/object-store";
import type { TraceSink } from "../contracts/trace-store";
import { made, maker } from "../settings/make";
import type { PlatformSettings } from "../settings/platform";
import type { tracesKinds } from "./settings";
import { Tempo } from "./tempo/tempo";
import { RemoteTraces } from "./remote/remote";

/** What every trace store is given, beside its settings and its tenants. */
export interface TraceStoreArgs {
    readonly platform: PlatformSettings;
    /** Undefined where no role has buckets. */
    readonly objectStore: ObjectStore | undefined;
    /** Undefined where no role sends. */
    readonly hub: HubGateway | undefined;
    /** Takes the metrics that it makes of spans. */
    readonly metricsStore: MetricsSink;
    /** Namespaces of the platform whose pods push. */
    readonly pushFrom: readonly string[];
    /** Namespaces of the platform whose pods query. */
    readonly queryFrom: readonly string[];
    /** The definitions of ServiceMonitor and PodMonitor. */
    readonly monitoringCrds: pulumi.Resource[];
}

/** The trace store that the settings choose. */
export const makeTraceStore = maker<typeof tracesKinds, TraceStoreArgs, TraceSink>({
    tempo: (args, opts) => new Tempo("tempo", { ...args, objectStore: made(args.objectStore) }, opts),
    remote: (args, opts) => new RemoteTraces("remote-traces", { ...args, hub: made(args.hub) }, opts),
});
