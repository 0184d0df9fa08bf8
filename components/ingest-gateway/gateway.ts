import type { types } from "@pulumi/kubernetes";
import type { NginxPods } from "../kubernetes/nginx-pods";
import { resources } from "../kubernetes/resources";
import type { PlatformSettings } from "../settings/platform";
import { countingFiles, exporterContainer, SCRAPED } from "./counting";
import { CLUSTERS_PORT, GATEWAY, HTPASSWD_SECRET, LABELS, NAMESPACE, PORT, TLS_PORT, TLS_SECRET } from "./names";
import { CLIENT_CA_DIRECTORY, HTPASSWD_DIRECTORY, TLS_DIRECTORY } from "./nginx";
import type { IngestGatewaySettings } from "./settings";
import { ingestGatewayReplicated } from "./workloads";

/** Its pods. Pure. A changed configuration rolls them, changed passwords do not. */
export function gatewayPods(
    { replicas, auth, clusters }: Pick<IngestGatewaySettings, "replicas" | "auth" | "clusters">,
    config: string,
    { imageRegistry }: Pick<PlatformSettings, "imageRegistry">,
): NginxPods {
    const secrets = proofs(auth);
    return {
        name: GATEWAY,
        alike: ingestGatewayReplicated.gateway,
        replicas,
        config,
        files: countingFiles(clusters),
        beside: (configuration) => [exporterContainer(imageRegistry, configuration)],
        ports: { http: PORT, ...(auth.by === "certificate" && { https: TLS_PORT }), clusters: CLUSTERS_PORT },
        resources: resources("25m", "32Mi", "128Mi"),
        secrets,
        fromOutside: auth.by === "certificate" ? secrets.map(({ secretName }) => secretName) : [],
    };
}

/** Secrets that the gateway reads, and where. */
function proofs(auth: IngestGatewaySettings["auth"]) {
    if (auth.by === "password") {
        return [{ name: "clients", secretName: HTPASSWD_SECRET, mountPath: HTPASSWD_DIRECTORY }];
    }
    const { clientCa, serverCertificate: own } = auth;
    return [
        { name: "client-ca", secretName: clientCa, mountPath: CLIENT_CA_DIRECTORY },
        { name: "tls", secretName: own.from === "secret" ? own.secretName : TLS_SECRET, mountPath: TLS_DIRECTORY },
    ];
}

/** By certificate the gateway itself ends TLS, which no Ingress would leave to it: it has an address of its own. */
export function gatewayService(auth: IngestGatewaySettings["auth"]): types.input.core.v1.Service {
    return auth.by === "password"
        ? { metadata, spec: { selector: LABELS, ports: [{ name: "http", port: 80, targetPort: PORT }] } }
        : {
              metadata: { ...metadata, ...(auth.annotations && { annotations: auth.annotations }) },
              spec: {
                  type: "LoadBalancer",
                  selector: LABELS,
                  ports: [{ name: "https", port: 443, targetPort: TLS_PORT }],
              },
          };
}

/** https://prometheus-operator.dev/docs/api-reference/api/#monitoring.coreos.com/v1.PodMonitor */
export function gatewayMonitor() {
    return {
        apiVersion: "monitoring.coreos.com/v1",
        kind: "PodMonitor",
        metadata,
        spec: {
            selector: { matchLabels: LABELS },
            podMetricsEndpoints: Object.keys(SCRAPED).map((port) => ({ port })),
        },
    };
}

export const metadata = { name: GATEWAY, namespace: NAMESPACE, labels: LABELS };
