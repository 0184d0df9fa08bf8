import { STORE_RULES } from "../../contracts/rule-objects";
import { MONITORING } from "../../kubernetes/namespaces";
import { zoneSpread } from "../../kubernetes/placement";
import { resources } from "../../kubernetes/resources";
import { alertReceiver, RULER } from "./names";
import type { ChartValues } from "./values.gen";
import type { KubePrometheusStackValuesArgs } from "./values-args";
import { kubePrometheusStackReplicated } from "./workloads";

type RulerValues = NonNullable<ChartValues["thanosRuler"]>;

/** Label that the operator gives each ruler, and has its alerts go without. */
const OWN_LABEL = "thanos_ruler_replica";

/**
 * Evaluates rules on the metrics store, whichever it is: what is asked is Prometheus' API, and results go back by remote
 * write. It keeps nothing: how long an alert has been true is read from the store. There is none where the store is in
 * another cluster.
 */
export function rulerValues({ platform, settings, metricsStore }: KubePrometheusStackValuesArgs): RulerValues {
    const { ruleQueries } = metricsStore;
    if (ruleQueries === undefined) return { enabled: false };
    const { survives } = platform;
    const { replicas } = settings.ruler;
    const small = survives === "nothing";
    const spread = zoneSpread(kubePrometheusStackReplicated.ruler, survives);
    return {
        enabled: true,
        name: RULER,
        // The chart's would hand the pods a token, and so does the operator, whatever the pods ask of the API server.
        serviceAccount: { create: false, name: RULER },
        podDisruptionBudget: { enabled: replicas > 1, minAvailable: 1 },
        thanosRulerSpec: {
            replicas,
            podAntiAffinity: small ? "" : "hard",
            ...(spread && { topologySpreadConstraints: spread }),
            ...platform.scheduling,
            ruleSelector: { matchLabels: { [STORE_RULES.label]: STORE_RULES.value } },
            ruleNamespaceSelector: {},
            evaluationInterval: settings.prometheus.scrapeInterval,
            queryEndpoints: [ruleQueries.url],
            alertmanagersConfig: { secret: alertmanagers() },
            labels: { cluster: platform.cluster },
            // An alert is found again by the labels of its rule and its expression, and no others. That of the cluster is one
            // of the expression's: whoever aggregates keeps it, and from what is ignored here it would be taken away.
            additionalArgs: [metricsStore.highAvailability.cluster, ...ruleQueries.addedLabels].map((value) => ({
                name: "restore-ignored-label",
                value,
            })),
            remoteWrite: [results(metricsStore)],
            podMetadata: { annotations: { "prometheus.io/scrape": "false" } },
            resources: small ? resources("10m", "48Mi", "256Mi") : resources("100m", "256Mi", "1Gi"),
        },
    };
}

/** Every Alertmanager by its SRV record: they tell each other what they have sent, not what they were told. */
function alertmanagers() {
    const { host, protocol } = new URL(alertReceiver.srvUrl);
    return {
        alertmanagers: [{ static_configs: [`dnssrv+${host}`], scheme: protocol.replace(":", ""), api_version: "v2" }],
    };
}

/**
 * Rulers are a pair as replicas of Prometheus are, so that the store keeps one copy. A result has the pair's label of what it
 * was made of wherever its expression keeps labels: with that one a store that elects a replica would drop it.
 */
function results({ push, tenancy, highAvailability }: KubePrometheusStackValuesArgs["metricsStore"]) {
    const headers = tenancy.headers(tenancy.tenant);
    return {
        name: "metrics-store",
        url: push.url,
        ...(Object.keys(headers).length > 0 && { headers }),
        writeRelabelConfigs: [
            { targetLabel: highAvailability.cluster, replacement: `${MONITORING}/${RULER}` },
            // By its name: at a value that is taken over from another label Thanos 0.42 ends, with its first result.
            ...(highAvailability.dropReplica === "store"
                ? [{ action: "labelmap" as const, regex: OWN_LABEL, replacement: highAvailability.replica }]
                : []),
            { regex: OWN_LABEL, action: "labeldrop" },
        ],
        queueConfig: { maxShards: 4 },
    };
}
