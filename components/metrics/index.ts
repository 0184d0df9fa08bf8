import type * as pulumi from "@pulumi/pulumi";
import type { AlertReceiver } from "../contracts/alert-receiver";
import type { MetricsSink, MetricsStore, Sidecars } from "../contracts/metrics-store";
import type { HubGateway } from "../contracts/hub";
import type { ObjectStore } from "../contracts/object-store";
import { made, maker } from "../settings/make";
import type { PlatformSettings } from "../settings/platform";
import { Cortex } from "./cortex/cortex";
import type { CortexSettings, CortexTenant } from "./cortex/settings";
import type { secondMetricsKinds } from "./second";
import type { metricsKinds } from "./settings";
import { VictoriaMetrics } from "./victoriametrics/victoriametrics";
import type { ThanosSettings, ThanosTenant } from "./thanos/settings";
import { Thanos } from "./thanos/thanos";
import type { VmSettings, VmTenant } from "./victoriametrics/settings";
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
    /** The sidecars of Prometheus, where a store has them bring it blocks. */
    readonly sidecars: Sidecars;
    /** The definition of ServiceMonitor. */
    readonly monitoringCrds: pulumi.Resource[];
}

type Opts = pulumi.ComponentResourceOptions;
type Shared = Omit<MetricsStoreArgs, "hub">;
interface Tenants<Tenant> {
    readonly tenants: Readonly<Record<string, Tenant>>;
}
type Own<Settings, Tenant> = Shared & Tenants<Tenant> & { readonly settings: Settings };

/** Each store in this cluster by its kind. Its name in Pulumi is its kind's: what stands second may become the first. */
const stores = {
    cortex: (args: Own<CortexSettings, CortexTenant>, opts: Opts) =>
        new Cortex("cortex", { ...args, objectStore: made(args.objectStore) }, opts),
    victoriametrics: (args: Own<VmSettings, VmTenant>, opts: Opts) =>
        new VictoriaMetrics("victoriametrics", args, opts),
    thanos: (args: Own<ThanosSettings, ThanosTenant>, opts: Opts) =>
        new Thanos("thanos", { ...args, objectStore: made(args.objectStore) }, opts),
};

/** The metrics store that the settings choose. */
export const makeMetricsStore = maker<typeof metricsKinds, MetricsStoreArgs, MetricsSink>({
    ...stores,
    remote: (args, opts) => new RemoteMetrics("remote-metrics", { ...args, hub: made(args.hub) }, opts),
});

/** The metrics store beside it; undefined where there is none. */
export const makeSecondMetricsStore = maker<
    typeof secondMetricsKinds,
    Shared & Tenants<object>,
    MetricsStore | undefined
>({
    none: () => undefined,
    ...stores,
});
