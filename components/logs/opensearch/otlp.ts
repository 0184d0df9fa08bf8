import { inMib, PUSH } from "../../contracts/push-sizes";
import { pullSecrets } from "../../kubernetes/image-pull";
import { hostAntiAffinity, zoneSpread } from "../../kubernetes/placement";
import { restrictedContainer, restrictedPod } from "../../kubernetes/pod-security";
import { PATIENT } from "../../kubernetes/probes";
import { resources } from "../../kubernetes/resources";
import { vectorChart } from "./chart";
import { DATA_STREAM, OTLP_RELEASE, PORTS, url, userSecret } from "./names";
import { certificateSecrets, fromOutside, type OpensearchValuesArgs } from "./values-args";
import type { ChartValues } from "./vector-values.gen";
import { opensearchReplicated } from "./workloads";

const USER = 65_532;
const CA_DIRECTORY = "/etc/opensearch-ca";
const DATA = "/vector-data-dir";

/** Values of the chart vector: OTLP in, the data stream out. It holds nothing: each answer waits until OpenSearch has the lines. */
export function buildVectorValues({ platform, settings }: OpensearchValuesArgs): ChartValues {
    const { survives, scheduling, imageRegistry } = platform;
    const { otlp: alike } = opensearchReplicated;
    const { otlp: replicas } = settings.replicas;
    const port = (name: string, number: number) => ({ name, port: number, protocol: "TCP" });
    const pods = (name: string, containerPort: number) => ({ name, containerPort, protocol: "TCP" });
    const affinity = hostAntiAffinity(alike.labels, survives);
    const { imagePullSecrets } = pullSecrets(platform);
    return {
        fullnameOverride: OTLP_RELEASE,
        role: "Stateless-Aggregator",
        image: {
            repository: `${imageRegistry ?? "docker.io"}/timberio/vector`,
            tag: vectorChart.appVersion,
            ...(imagePullSecrets && { pullSecrets: imagePullSecrets }),
        },
        replicas,
        podDisruptionBudget: { enabled: replicas > 1, maxUnavailable: 1, minAvailable: null },
        updateStrategy:
            replicas > 1
                ? { type: "RollingUpdate", rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } }
                : { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
        rbac: { create: false },
        serviceAccount: { create: true, automountToken: false },
        podSecurityContext: restrictedPod(USER),
        securityContext: restrictedContainer(),
        resources: survives === "nothing" ? resources("20m", "64Mi", "256Mi") : resources("100m", "256Mi", "512Mi"),
        terminationGracePeriodSeconds: 60,
        nodeSelector: scheduling.nodeSelector,
        tolerations: scheduling.tolerations,
        ...(affinity && { affinity }),
        topologySpreadConstraints: zoneSpread(alike, survives) ?? [],
        podAnnotations: {
            "observability-platform/credentials-rotation": String(settings.rotation),
            ...fromOutside(settings),
        },
        env: [fromSecret("OPENSEARCH_USER", "username"), fromSecret("OPENSEARCH_PASSWORD", "password")],
        containerPorts: [
            pods("otlp-grpc", PORTS.otlpGrpc),
            pods("otlp-http", PORTS.otlpHttp),
            pods("prom-exporter", PORTS.otlpMetrics),
            pods("health", PORTS.otlpHealth),
        ],
        service: { ports: [port("otlp-grpc", PORTS.otlpGrpc), port("otlp-http", PORTS.otlpHttp)] },
        // The node's own folders.
        defaultVolumes: [],
        defaultVolumeMounts: [],
        persistence: { enabled: false, hostPath: { enabled: false } },
        dataDir: DATA,
        extraVolumes: [
            {
                name: "ca",
                secret: {
                    secretName: certificateSecrets(settings).node,
                    items: [{ key: "ca.crt", path: "ca.crt" }],
                },
            },
        ],
        extraVolumeMounts: [{ name: "ca", mountPath: CA_DIRECTORY, readOnly: true }],
        readinessProbe: { httpGet: { path: "/health", port: "health" } },
        livenessProbe: { httpGet: { path: "/health", port: "health" }, ...PATIENT },
        podMonitor: { enabled: true },
        customConfig: vectorConfig(platform.ipFamilies),
    };
}

function fromSecret(name: string, key: string) {
    return { name, valueFrom: { secretKeyRef: { name: userSecret("writer"), key } } };
}

/** Fields that lines are looked for by, from where OTLP has them; the rest stays as it came. */
const SHAPE = `.service = .resources."service.name"
.namespace = .resources."k8s.namespace.name"
.pod = .resources."k8s.pod.name"
.container = .resources."k8s.container.name"
.cluster = .resources."k8s.cluster.name"
.level = .severity_text
if !is_string(.message) {
  .message = encode_json(.message)
}
`;

/** Vector's configuration: https://vector.dev/docs/reference/configuration/ */
export function vectorConfig(ipFamilies: "ipv4" | "ipv6" | "dual") {
    const listen = (port: number) => `${ipFamilies === "ipv4" ? "0.0.0.0" : "[::]"}:${port}`;
    const [type, dataset, namespace] = DATA_STREAM.split("-");
    return {
        data_dir: DATA,
        api: { enabled: true, address: listen(PORTS.otlpHealth) },
        // Whoever sends waits for OpenSearch's answer: nothing is here that a restart could lose.
        acknowledgements: { enabled: true },
        sources: {
            otlp: {
                type: "opentelemetry",
                grpc: { address: listen(PORTS.otlpGrpc) },
                http: { address: listen(PORTS.otlpHttp) },
            },
            own: { type: "internal_metrics" },
        },
        transforms: {
            shape: { type: "remap", inputs: ["otlp.logs"], drop_on_error: false, source: SHAPE },
        },
        sinks: {
            opensearch: {
                type: "elasticsearch",
                inputs: ["shape"],
                endpoints: [url],
                api_version: "v8",
                mode: "data_stream",
                data_stream: { type, dataset, namespace, auto_routing: false, sync_fields: true },
                compression: "gzip",
                // Of a request that was taken in part, what was refused for the moment comes again.
                request_retry_partial: true,
                auth: { strategy: "basic", user: "${OPENSEARCH_USER}", password: "${OPENSEARCH_PASSWORD}" },
                tls: { ca_file: `${CA_DIRECTORY}/ca.crt` },
                batch: { max_bytes: inMib(PUSH / 2) * 1_000_000, timeout_secs: 1 },
            },
            prometheus: { type: "prometheus_exporter", inputs: ["own"], address: listen(PORTS.otlpMetrics) },
        },
    };
}
