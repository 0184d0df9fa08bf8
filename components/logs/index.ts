import type * as pulumi from "@pulumi/pulumi";
import type { AlertReceiver } from "../contracts/alert-receiver";
import type { LogStore } from "../contracts/log-store";
import type { MetricsStore } from "../contracts/metrics-store";
import type { ObjectStore } from "../contracts/object-store";
import { maker } from "../settings/make";
import type { PlatformSettings } from "../settings/platform";
import { Elasticsearch } from "./elasticsearch/elasticsearch";
import { Loki } from "./loki/loki";
import { OpenSearch } from "./opensearch/opensearch";
import type { logsKinds } from "./settings";

/** What every log store is given, beside its settings and its tenants. */
export interface LogStoreArgs {
    readonly platform: PlatformSettings;
    readonly objectStore: ObjectStore;
    /** Where it sends alerts, if it evaluates rules. */
    readonly alertReceiver: AlertReceiver;
    /** Takes the metrics that it makes of lines. */
    readonly metricsStore: MetricsStore;
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
export const makeLogStore = maker<typeof logsKinds, LogStoreArgs, LogStore>({
    loki: (args, opts) => new Loki("loki", args, opts),
    opensearch: (args, opts) => new OpenSearch("opensearch", args, opts),
    elasticsearch: (args, opts) => new Elasticsearch("elasticsearch", args, opts),
});
