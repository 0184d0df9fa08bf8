/** Names in the cluster. */
export const NAMESPACE = "egress-gateway";
export const GATEWAY = "hub-gateway";
/** Address and credentials of the hub, where the program makes the Secret. */
export const HUB_SECRET = "hub";

export const PORT = 8080;

export const LABELS = { "app.kubernetes.io/name": GATEWAY, "app.kubernetes.io/part-of": "observability-platform" };

/** Where it is found inside this cluster. */
export const gatewayUrl = `http://${GATEWAY}.${NAMESPACE}.svc.cluster.local`;

/** Keys of the Secret, whoever makes it. */
export const KEYS = {
    url: "url",
    username: "username",
    password: "password",
    ca: "ca.crt",
    certificate: "tls.crt",
    key: "tls.key",
} as const;
