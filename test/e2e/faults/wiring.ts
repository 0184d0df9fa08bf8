import { changed, closed, replaced, rulesOf, spec, without, type Fault, type Part } from "./fault";

/** Faults in who calls whom, with what, and whether he may. */
export const WIRING: readonly Fault[] = [
    {
        name: "a data source with another system's port",
        check: "addresses",
        finds: /monitoring\/ConfigMap\/grafana: .*loki-query.*:3100 -> a port that Service loki-query has: 80/,
        put: replaced("monitoring/ConfigMap/grafana", "loki-query.loki.svc.cluster.local", "loki-query.loki.svc:3100"),
    },
    {
        name: "an S3 endpoint in a namespace that MinIO is not in, in a Secret",
        check: "addresses",
        finds: /cortex\/Secret\/cortex: minio\.storage\.svc.* namespace storage/,
        put: replaced("cortex/Secret/cortex", "minio.minio.svc", "minio.storage.svc"),
    },
    {
        name: "a cache that is looked up by a port name which its Service does not have",
        check: "addresses",
        finds: /loki\/ConfigMap\/loki: dnssrvnoa\+_memcached\._tcp\.loki-chunks-cache/,
        put: replaced("loki/ConfigMap/loki", "_memcached-client._tcp", "_memcached._tcp"),
    },
    {
        name: "a Service whose selector no pods match any more",
        check: "addresses",
        finds: /cortex\/ConfigMap\/cortex-nginx: .*pods that Service cortex-distributor selects: it selects none/,
        put: changed("cortex/Service/cortex-distributor", (service) => {
            (spec(service).selector as Part)["app.kubernetes.io/component"] = "distributors";
        }),
    },
    {
        name: "a port of the Alertmanagers that the rulers know by another name",
        check: "addresses",
        finds: /loki\/ConfigMap\/loki: .*alertmanager-operated.* -> a port that Service alertmanager-operated has/,
        put: changed("monitoring/Alertmanager/kps-alertmanager", (alertmanager) => {
            spec(alertmanager).portName = "web";
        }),
    },
    {
        name: "a data source with a typing error in the collectors' configuration language",
        check: "addresses",
        finds: /collectors\/ConfigMap\/k8s-monitoring-alloy-logs: .*loki-gatway/,
        put: replaced("collectors/ConfigMap/k8s-monitoring-alloy-logs", "loki-gateway", "loki-gatway"),
    },
    {
        name: "a Secret that lacks a key which a container asks for",
        check: "references",
        finds: /cortex\/StatefulSet\/cortex-ingester: no key AWS_ACCESS_KEY_ID in Secret cortex\/cortex-s3/,
        put: changed("cortex/Secret/cortex-s3", (secret) => {
            secret.stringData = { AWS_ACCESS_KEY: "x", AWS_SECRET_ACCESS_KEY: "y" };
        }),
    },
    {
        name: "a priority class that nobody makes",
        check: "references",
        finds: /collectors\/Alloy\/k8s-monitoring-alloy-logs: no PriorityClass observability-node-agent/,
        put: without("PriorityClass/observability-node-agent"),
    },
    {
        name: "a file that a container mounts out of a ConfigMap which has it under another name",
        check: "references",
        finds: /monitoring\/Deployment\/grafana: no key grafana\.ini in ConfigMap monitoring\/grafana/,
        put: changed("monitoring/ConfigMap/grafana", (config) => {
            const { "grafana.ini": ini, ...rest } = config.data as Part;
            config.data = { ...rest, "config.ini": ini };
        }),
    },
    {
        name: "a bucket without a grant",
        check: "buckets",
        finds: /loki\/ConfigMap\/loki: policy logs-rw does not allow .*s3:PutObject.* in loki-ruler/,
        put: replaced("minio/ConfigMap/minio", "arn:aws:s3:::loki-ruler/*", "arn:aws:s3:::loki-rules/*"),
    },
    {
        name: "a bucket that MinIO is not told to make",
        check: "buckets",
        finds: /tempo\/ConfigMap\/tempo-config: bucket traces, .*not told to make/,
        put: replaced("tempo/ConfigMap/tempo-config", "bucket: tempo-traces", "bucket: traces"),
    },
    {
        name: "a store with the key pair of another",
        check: "buckets",
        finds: /loki\/ConfigMap\/loki: policy traces-rw does not allow .* in loki-chunks/,
        put: (objects) => {
            const other = objects.find(({ object }) => object.metadata.name === "tempo-s3")?.object.stringData;
            return changed("loki/Secret/loki-s3", (secret) => {
                secret.stringData = other;
            })(objects);
        },
    },
    {
        name: "a monitor that matches nothing",
        check: "monitors",
        finds: /tempo\/ServiceMonitor\/tempo-ingester: its selector matches no Service/,
        put: changed("tempo/ServiceMonitor/tempo-ingester", (monitor) => {
            const { matchLabels } = spec(monitor).selector as Part;
            (matchLabels as Part)["app.kubernetes.io/component"] = "ingesters";
        }),
    },
    {
        name: "a monitor of a port that its Service lacks",
        check: "monitors",
        finds: /cortex\/ServiceMonitor\/cortex-ruler: none of cortex-ruler has port metrics/,
        put: changed("cortex/ServiceMonitor/cortex-ruler", (monitor) => {
            spec(monitor).endpoints = [{ port: "metrics" }];
        }),
    },
    {
        name: "a Prometheus that reads the monitors of its own release alone, which is the chart's default",
        check: "monitors",
        finds: /cortex\/ServiceMonitor\/cortex-ingester: no Prometheus of the stack selects it/,
        put: changed("monitoring/Prometheus/kps-prometheus", (prometheus) => {
            spec(prometheus).serviceMonitorSelector = { matchLabels: { release: "kps" } };
        }),
    },
    {
        name: "a headless Service that makes its targets be scraped twice",
        check: "monitors",
        finds: /loki\/ServiceMonitor\/loki: .*loki-querier.* is scraped for loki\/ServiceMonitor\/loki already/,
        put: changed("loki/Service/loki-querier-headless", (service) => {
            delete service.metadata.labels?.["prometheus.io/service-monitor"];
        }),
    },
    {
        name: "a policy that keeps the ruler from its Alertmanagers",
        check: "network-paths",
        finds: /loki\/StatefulSet\/loki-ruler: may not call monitoring\/Alertmanager\/kps-alertmanager, port 9093/,
        put: closed("loki/NetworkPolicy/loki-ruler", "egress", '"monitoring"'),
    },
    {
        name: "a ruler that is closed to the collector which writes its rules",
        check: "network-paths",
        finds: /loki\/StatefulSet\/loki-ruler: is closed to collectors\/Alloy\/k8s-monitoring-alloy-events on port 3100/,
        put: closed("loki/NetworkPolicy/loki-ruler", "ingress", '"collectors"'),
    },
    {
        name: "a policy with the Service's port instead of the pods'",
        check: "network-paths",
        finds: /collectors\/Alloy\/k8s-monitoring-alloy-logs: may not call loki\/Deployment\/loki-gateway, port 8080/,
        put: changed("collectors/NetworkPolicy/all-pods", (policy) => {
            for (const rule of rulesOf(policy, "egress", '"loki"')) rule.ports = [{ port: 80, protocol: "TCP" }];
        }),
    },
    {
        name: "a store that shuts Prometheus out",
        check: "network-paths",
        finds: /tempo\/StatefulSet\/tempo-ingester: is closed to monitoring\/Prometheus\/kps-prometheus on port 3200/,
        put: closed("tempo/NetworkPolicy/all-pods", "ingress", '"monitoring"'),
    },
    {
        name: "a namespace whose pods may not look names up",
        check: "network-paths",
        finds: /cortex\/Deployment\/cortex-querier: may not call kube-system\/.*kube-dns, port 53 \(UDP\)/,
        put: closed("cortex/NetworkPolicy/all-pods", "egress", '"kube-system"'),
    },
    {
        name: "a webhook that the API server cannot reach",
        check: "network-paths",
        finds: /cnpg-system\/Deployment\/cnpg-cloudnative-pg: is closed to addresses outside of the pods on port 9443/,
        put: closed("cnpg-system/NetworkPolicy/cloudnative-pg-cnpg", "ingress", "0.0.0.0/0"),
    },
    {
        name: "a port of queries that is open to whoever may push",
        check: "readers",
        finds: /loki\/NetworkPolicy\/loki-gateway: opens port 8081 of loki\/Deployment\/loki-gateway/,
        put: changed("loki/NetworkPolicy/loki-gateway", (policy) => {
            const others = rulesOf(policy, "ingress", "observability-platform/ingest");
            for (const rule of others) rule.ports = [{ port: 8081, protocol: "TCP" }];
        }),
    },
    {
        name: "a database that is closed to its operator",
        check: "network-paths",
        finds: /postgres\/Cluster\/grafana-db: is closed to cnpg-system\/Deployment\/cnpg-cloudnative-pg on port 8000/,
        put: closed("postgres/NetworkPolicy/all-pods", "ingress", '"cnpg-system"'),
    },
];
