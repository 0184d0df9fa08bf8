import { record, records } from "../../../tools/records";
import { changed, replaced, spec, type Fault } from "./fault";

/** Faults in what programs are told, by itself and against what others are told. */
export const CONFIGS: readonly Fault[] = [
    {
        name: "a directive of the gateway without its end",
        check: "config-syntax",
        finds: /cortex\/ConfigMap\/cortex-nginx: nginx.conf: line \d+: a directive without ;/,
        put: replaced(
            "cortex/ConfigMap/cortex-nginx",
            "default_type application/octet-stream;",
            "default_type application/octet-stream }",
        ),
    },
    {
        name: "a configuration under another key than the containers read",
        check: "config-syntax",
        finds: /loki\/StatefulSet\/loki-ingester: told to read \/etc\/loki\/config\/config.yaml/,
        put: changed("loki/ConfigMap/loki", (object) => {
            object.data = { "loki.yaml": record(object.data)["config.yaml"] };
        }),
    },
    {
        name: "a key of S3 as another store spells it",
        check: "config-keys",
        finds: /loki\/ConfigMap\/loki: config.yaml: common.storage.s3.forcepathstyle .* -> s3forcepathstyle\?/,
        put: replaced("loki/ConfigMap/loki", "s3forcepathstyle", "forcepathstyle"),
    },
    {
        name: "a duration in days where Go reads hours, in a Secret",
        check: "config-keys",
        finds: /cortex\/Secret\/cortex: cortex.yaml: querier.query_store_after is a text -> a duration .* without days/,
        put: replaced("cortex/Secret/cortex", "query_store_after: 12h", "query_store_after: 1d"),
    },
    {
        name: "an argument that Alloy does not know",
        check: "config-keys",
        finds: /collectors\/ConfigMap\/k8s-monitoring-alloy-logs: .*loki.write.endpoint.tenant .* -> tenant_id\?/,
        put: replaced("collectors/ConfigMap/k8s-monitoring-alloy-logs", "tenant_id =", "tenant ="),
    },
    {
        name: "a rule that is no PromQL",
        check: "rule-expressions",
        finds: /monitoring\/PrometheusRule\/kps-general.rules: .*: column \d+: unexpected/,
        put: changed("monitoring/PrometheusRule/kps-general.rules", (object) => {
            const [group] = records(spec(object).groups);
            const [rule] = records(group?.rules);
            if (rule) rule.expr = `sum(${String(rule.expr)}`;
        }),
    },
    {
        name: "a rule on logs that is no LogQL",
        check: "rule-expressions",
        finds: /monitoring\/PrometheusRule\/platform-log-lines: .*: column \d+: unexpected .* that Loki can read/,
        put: changed("monitoring/PrometheusRule/platform-log-lines", (object) => {
            const [rule] = records(records(spec(object).groups)[0]?.rules);
            if (rule) rule.expr = "sum(rate(up[5m]))";
        }),
    },
    {
        name: "rules on logs that Prometheus is given too",
        check: "rule-readers",
        finds: /PrometheusRule\/platform-log-lines: read by monitoring\/Prometheus\/kps-prometheus and collectors\/ConfigMap/,
        put: changed("monitoring/Prometheus/kps-prometheus", (object) => {
            spec(object).ruleSelector = {};
        }),
    },
    {
        name: "rules on logs that no collector carries",
        check: "rule-readers",
        finds: /PrometheusRule\/platform-log-lines: nobody reads it/,
        put: replaced(
            "collectors/ConfigMap/k8s-monitoring-alloy-events",
            '"observability-platform/rules" = "logs"',
            '"observability-platform/rules" = "lines"',
        ),
    },
    {
        name: "a webhook that judges LogQL as PromQL",
        check: "rule-readers",
        finds: /PrometheusRule\/platform-log-lines: ValidatingWebhookConfiguration\/.* is asked about it/,
        put: changed("ValidatingWebhookConfiguration/kps-admission", (object) => {
            for (const hook of records(object.webhooks)) delete hook.objectSelector;
        }),
    },
    {
        name: "a ruler that is not told whose rules it is given",
        check: "tenants",
        finds: /k8s-monitoring-alloy-events: loki.rules.kubernetes.log_rules: no X-Scope-OrgID for http:\/\/loki-ruler/,
        put: replaced("collectors/ConfigMap/k8s-monitoring-alloy-events", 'tenant_id = "prod"\n  rule', "rule"),
    },
    {
        name: "fewer ingesters than copies",
        check: "replication-factors",
        finds: /loki\/ConfigMap\/loki: replication factor 3 of log lines, 2 of ingester/,
        put: changed("loki/StatefulSet/loki-ingester", (object) => {
            spec(object).replicas = 2;
        }),
    },
    {
        name: "compactors that do all work twice",
        check: "shared-rings",
        finds: /cortex\/Secret\/cortex: 2 of compactor without compactor.sharding_enabled/,
        put: replaced("cortex/Secret/cortex", "sharding_enabled: true", "sharding_enabled: false"),
    },
    {
        name: "members that gossip on another port than they are joined on",
        check: "gossip",
        finds: /cortex\/Secret\/cortex: memberlist.join_members has .*:7947, joined on 7947; members bind 7948/,
        put: replaced("cortex/Secret/cortex", "bind_port: 7947", "bind_port: 7948"),
    },
    {
        name: "a data source for a tenant that nobody writes",
        check: "tenants",
        finds: /monitoring\/ConfigMap\/grafana: data source Loki reads tenant production of loki -> .*: prod/,
        put: replaced("monitoring/ConfigMap/grafana", "httpHeaderValue1: prod", "httpHeaderValue1: production"),
    },
    {
        name: "a remote write that does not say whose it is",
        check: "tenants",
        finds: /monitoring\/Prometheus\/kps-prometheus: remoteWrite: no X-Scope-OrgID/,
        put: changed("monitoring/Prometheus/kps-prometheus", (object) => {
            for (const target of records(spec(object).remoteWrite)) target.headers = {};
        }),
    },
    {
        name: "replicas that Prometheus names otherwise than Cortex elects on",
        check: "ha-deduplication",
        finds: /names its replicas in __replica__; Cortex elects on prometheus_replica/,
        put: changed("monitoring/Prometheus/kps-prometheus", (object) => {
            spec(object).replicaExternalLabelName = "__replica__";
        }),
    },
    {
        name: "a gap between ingesters and bucket",
        check: "query-windows",
        finds: /querier.query_ingesters_within is 13h, querier.query_store_after is 20h/,
        put: replaced("cortex/Secret/cortex", "query_store_after: 12h", "query_store_after: 20h"),
    },
    {
        name: "a retention that is shorter than Loki can keep to",
        check: "retention",
        finds: /limits_config.retention_period is 12h, shorter than the index period of 24h/,
        put: replaced("loki/ConfigMap/loki", "retention_period: 744h", "retention_period: 12h"),
    },
    {
        name: "a server that refuses what its clients may send",
        check: "message-sizes",
        finds: /loki\/ConfigMap\/loki: a distributor's write may have 104857600 bytes/,
        put: replaced(
            "loki/ConfigMap/loki",
            "grpc_server_max_recv_msg_size: 104857600",
            "grpc_server_max_recv_msg_size: 4194304",
        ),
    },
    {
        name: "a ruler that tells one Alertmanager of three",
        check: "alert-receivers",
        finds: /loki\/ConfigMap\/loki: ruler discovers Alertmanagers by an address that is no SRV name/,
        put: replaced("loki/ConfigMap/loki", "_http-web._tcp.alertmanager-operated", "alertmanager-operated"),
    },
    {
        name: "a rule whose types do not fit, which only promtool knows",
        check: "asks-promtool",
        finds: /monitoring\/PrometheusRule\/kps-general.rules: promtool: .*expected type/,
        put: changed("monitoring/PrometheusRule/kps-general.rules", (object) => {
            const [group] = records(spec(object).groups);
            const [rule] = records(group?.rules);
            if (rule) rule.expr = "rate(up)";
        }),
    },
    {
        name: "a limit of the wrong kind, in Cortex' own words",
        check: "asks-cortex",
        finds: /cortex\/Secret\/cortex: cortex: .*cannot unmarshal/,
        put: replaced("cortex/Secret/cortex", "accept_ha_samples: true", "accept_ha_samples: [often]"),
    },
    ...[
        { name: "of remote write", in: "metrics", from: "http://cortex-nginx.cortex.svc.cluster.local/api/v1/push" },
        { name: "of Loki", in: "logs", from: "http://loki-gateway.loki.svc.cluster.local/loki/api/v1/push" },
        { name: "of rules", in: "events", from: "http://loki-ruler.loki.svc.cluster.local:3100" },
        { name: "of Tempo", in: "receiver", from: "tempo-distributor.tempo.svc.cluster.local:4317" },
    ].map(({ name, in: collector, from }): Fault => ({
        name: `an empty address ${name}, which Alloy starts with`,
        check: "config-keys",
        finds: new RegExp(`k8s-monitoring-alloy-${collector}: config.alloy: line \\d+, .* is "" -> an address`),
        put: replaced(`collectors/ConfigMap/k8s-monitoring-alloy-${collector}`, `"${from}"`, '""'),
    })),
    ...[
        {
            name: "an expression of a stage that is none",
            in: "logs",
            ...{ from: '"(warning)"', to: '"(warning"', says: /47:3: .*missing closing \)/ },
        },
        {
            name: "an expression that is none, and quotes what is said of files that are not here",
            in: "logs",
            ...{ from: '"(warning)"', to: '"(no such file or directory"', says: /missing closing \)/ },
        },
        {
            name: "a stage's selector that is none",
            in: "logs",
            ...{ from: '"{level=', to: '"{{level=', says: /invalid selector syntax/ },
        },
        {
            name: "a statement on spans that is none",
            in: "receiver",
            ...{ from: 'set(attributes["cluster"], ', to: 'set(attributes["cluster", ', says: /invalid syntax/ },
        },
    ].map(({ name, in: collector, from, to, says }): Fault => ({
        name: `${name}, which Alloy's validate passes`,
        check: "asks-alloy",
        finds: new RegExp(`k8s-monitoring-alloy-${collector}: alloy: .*${says.source}`),
        put: replaced(`collectors/ConfigMap/k8s-monitoring-alloy-${collector}`, from, to),
    })),
];
