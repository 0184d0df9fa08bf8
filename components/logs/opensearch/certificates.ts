import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { ADMIN_NAME, NAMESPACE, NODE_HOSTS, NODE_NAME } from "./names";
import type { OpensearchSettings } from "./settings";
import { certificateSecrets } from "./values-args";

const ISSUER = "opensearch";
const AUTHORITY = "opensearch-authority";

/**
 * An authority of the namespace's own, and the certificates that it signs: of the nodes, who are servers and each other's
 * clients, and of who sets them up. cert-manager renews them in their Secrets, where nodes read them anew.
 * https://cert-manager.io/docs/configuration/ca/
 */
export function certificateObjects({ certificates }: Pick<OpensearchSettings, "certificates">) {
    if (certificates.from === "secrets") return [];
    const { node, admin } = certificateSecrets({ certificates });
    const object = (kind: "Issuer" | "Certificate", name: string, spec: object) => ({
        apiVersion: "cert-manager.io/v1",
        kind,
        metadata: { name, namespace: NAMESPACE },
        spec,
    });
    const by = (name: string) => ({ issuerRef: { group: "cert-manager.io", kind: "Issuer", name } });
    // The plugin reads no other form of a key.
    const leaf = { privateKey: { algorithm: "RSA", size: 2048, encoding: "PKCS8", rotationPolicy: "Always" } };
    return [
        object("Issuer", AUTHORITY, { selfSigned: {} }),
        object("Certificate", AUTHORITY, {
            isCA: true,
            commonName: AUTHORITY,
            secretName: AUTHORITY,
            // What trusts it reads it at its start: it outlives every pod.
            duration: "87600h0m0s",
            privateKey: { algorithm: "ECDSA", size: 256, rotationPolicy: "Never" },
            ...by(AUTHORITY),
        }),
        object("Issuer", ISSUER, { ca: { secretName: AUTHORITY } }),
        object("Certificate", NODE_NAME, {
            commonName: NODE_NAME,
            secretName: node,
            dnsNames: NODE_HOSTS,
            usages: ["digital signature", "key encipherment", "server auth", "client auth"],
            ...leaf,
            ...by(ISSUER),
        }),
        object("Certificate", ADMIN_NAME, {
            commonName: ADMIN_NAME,
            secretName: admin,
            usages: ["digital signature", "key encipherment", "client auth"],
            ...leaf,
            ...by(ISSUER),
        }),
    ];
}

export function makeCertificates(
    settings: Pick<OpensearchSettings, "certificates">,
    opts: pulumi.CustomResourceOptions,
): pulumi.Resource[] {
    return certificateObjects(settings).map(
        (object) =>
            new k8s.apiextensions.CustomResource(`${object.kind.toLowerCase()}-${object.metadata.name}`, object, opts),
    );
}
