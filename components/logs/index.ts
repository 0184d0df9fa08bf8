import type * as pulumi from "@pulumi/pulumi";
import type { AlertReceiver } from "../contracts/alert-receiver";
import type { LogSink } from "../contracts/log-store";
import type { MetricsSink } from "../contracts/metrics-store";
import type { HubGateway } from "../contracts/hub";
import type { ObjectStore } from "../contracts/object-store";
import { made, maker } from "../settings/make";
import type { PlatformSettings } from "../settings/platform";
import { Elasticsearch } from "./elasticsearch/elasticsearch";
import { Loki } from "./loki/loki";
import { OpenSearch } from "./opensearch/opensearch";
import type { logsKinds } from "./settings";
import { RemoteLogs } from "./remote/remote";

/** What every log store is given, beside its settings and its tenants. */
export interface LogStoreArgs {
    readonly platform: PlatformSettings;
    /** Undefined where no role has buckets. */
    readonly objectStore: ObjectStore | undefined;
    /** Undefined where no role sends. */
    readonly hub: HubGateway | undefined;
    /** Where it sends alerts, if it evaluates rules. */
    readonly alertReceiver: AlertReceiver;
    /** Takes the metrics that it makes of lines. */
    readonly metricsStore: MetricsSink;
    /** Namespaces of the platform whose pods push. */
    readonly pushFrom: readonly string[];
    /** Namespaces of the platform whose pods query. */
    readonly queryFrom: readonly string[];
    /** Namespace of what writes rules; nobody else may. */
    readonly rulesFrom: string;
    /** The definition of ServiceMonitor. */
    readonly monitoringCrds: pulumi.Resource[];
}

/** The log store that the settings choose. */
export const makeLogStore = maker<typeof logsKinds, LogStoreArgs, LogSink>({
    loki: (args, opts) => new Loki("loki", { ...args, objectStore: made(args.objectStore) }, opts),
    opensearch: (args, opts) => new OpenSearch("opensearch", args, opts),
    elasticsearch: (args, opts) => new Elasticsearch("elasticsearch", args, opts),
    remote: (args, opts) => new RemoteLogs("remote-logs", { ...args, hub: made(args.hub) }, opts),
});
