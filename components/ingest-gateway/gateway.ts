import { createHash } from "node:crypto";
import type { types } from "@pulumi/kubernetes";
import type { NginxPods } from "../kubernetes/nginx-pods";
import { resources } from "../kubernetes/resources";
import { GATEWAY, HTPASSWD_SECRET, LABELS, NAMESPACE, PORT, TLS_PORT, TLS_SECRET } from "./names";
import { CLIENT_CA_DIRECTORY, HTPASSWD_DIRECTORY, TLS_DIRECTORY } from "./nginx";
import type { IngestGatewaySettings } from "./settings";
import { ingestGatewayReplicated } from "./workloads";

/** Its pods. Pure. A changed configuration rolls them, changed passwords do not. */
export function gatewayPods(
    { replicas, auth }: Pick<IngestGatewaySettings, "replicas" | "auth">,
    config: string,
): NginxPods {
    const secrets = proofs(auth);
    return {
        name: GATEWAY,
        alike: ingestGatewayReplicated.gateway,
        replicas,
        config,
        ports: auth.by === "certificate" ? { http: PORT, https: TLS_PORT } : { http: PORT },
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
