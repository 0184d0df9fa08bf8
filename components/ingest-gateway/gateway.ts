import { createHash } from "node:crypto";
import type { types } from "@pulumi/kubernetes";
import { pullSecrets } from "../kubernetes/image-pull";
import { hostAntiAffinity, zoneSpread } from "../kubernetes/placement";
import type { PlatformSettings } from "../settings/platform";
import { restrictedContainer, restrictedPod } from "../kubernetes/pod-security";
import { resources } from "../kubernetes/resources";
import { FROM_OUTSIDE, GATEWAY, HTPASSWD_SECRET, LABELS, NAMESPACE, PORT, TLS_PORT, TLS_SECRET } from "./names";
import { CLIENT_CA_DIRECTORY, HTPASSWD_DIRECTORY, RESOLVER_DIRECTORY, TLS_DIRECTORY } from "./nginx";
import type { IngestGatewaySettings } from "./settings";
import { ingestGatewayReplicated } from "./workloads";

/** The image that Loki's gateway runs too. */
const IMAGE = "nginxinc/nginx-unprivileged:1.31-alpine";
/** User of the image. */
const NGINX_USER = 101;
const CONFIGURATION_DIRECTORY = "/etc/nginx";

const probe = { httpGet: { path: "/healthz", port: PORT }, periodSeconds: 5 };

/** The Deployment's spec. Pure. A changed configuration rolls the pods, changed passwords do not. */
export function gatewaySpec(
    platform: PlatformSettings,
    { replicas, auth }: Pick<IngestGatewaySettings, "replicas" | "auth">,
    config: string,
): types.input.apps.v1.DeploymentSpec {
    const spread = zoneSpread(ingestGatewayReplicated.gateway, platform.survives);
    const affinity = hostAntiAffinity(LABELS, platform.survives);
    return {
        replicas,
        selector: { matchLabels: LABELS },
        // Hosts apart and no host to spare: a pod more would wait for ever.
        strategy: {
            rollingUpdate: replicas > 1 ? { maxSurge: 0, maxUnavailable: 1 } : { maxSurge: 1, maxUnavailable: 0 },
        },
        template: {
            metadata: {
                labels: LABELS,
                annotations: {
                    "observability-platform/configuration": createHash("sha256").update(config).digest("hex"),
                    ...(auth.by === "certificate" && {
                        [FROM_OUTSIDE]: proofs(auth)
                            .map(({ secretName }) => secretName)
                            .join(","),
                    }),
                },
            },
            spec: {
                ...platform.scheduling,
                ...pullSecrets(platform),
                ...(affinity && { affinity }),
                ...(spread && { topologySpreadConstraints: spread }),
                automountServiceAccountToken: false,
                // Services of the namespace are no business of nginx' environment, which its template is filled from.
                enableServiceLinks: false,
                securityContext: restrictedPod(NGINX_USER),
                containers: [container(platform.imageRegistry ?? "docker.io", auth)],
                volumes: [
                    { name: "configuration", configMap: { name: GATEWAY } },
                    ...proofs(auth).map(({ name, secretName }) => ({ name, secret: { secretName } })),
                    { name: "tmp", emptyDir: {} },
                ],
            },
        },
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

function container(registry: string, auth: IngestGatewaySettings["auth"]): types.input.core.v1.Container {
    return {
        name: "nginx",
        image: `${registry}/${IMAGE}`,
        env: [
            { name: "NGINX_ENTRYPOINT_LOCAL_RESOLVERS", value: "1" },
            { name: "NGINX_ENVSUBST_TEMPLATE_DIR", value: CONFIGURATION_DIRECTORY },
            { name: "NGINX_ENVSUBST_OUTPUT_DIR", value: RESOLVER_DIRECTORY },
        ],
        ports: [
            { name: "http", containerPort: PORT },
            ...(auth.by === "certificate" ? [{ name: "https", containerPort: TLS_PORT }] : []),
        ],
        readinessProbe: probe,
        livenessProbe: { ...probe, periodSeconds: 10 },
        // Endpoints forget it before nginx stops.
        lifecycle: { preStop: { sleep: { seconds: 10 } } },
        resources: resources("25m", "32Mi", "128Mi"),
        securityContext: restrictedContainer(),
        volumeMounts: [
            { name: "configuration", mountPath: CONFIGURATION_DIRECTORY, readOnly: true },
            ...proofs(auth).map(({ name, mountPath }) => ({ name, mountPath, readOnly: true })),
            // Bodies that do not fit into memory, the process id, and what the start script writes.
            { name: "tmp", mountPath: "/tmp" },
        ],
    };
}

/**
 * A line of nginx' user file. SHA-1 without salt is no weakness for 238 random bits, which nobody guesses, and it is
 * computed at each push, where bcrypt would cost a core for some ten pushes a second.
 */
export function htpasswdLine(client: string, password: string): string {
    return `${client}:{SHA}${createHash("sha1").update(password).digest("base64")}`;
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

export const metadata = { name: GATEWAY, namespace: NAMESPACE, labels: LABELS };
