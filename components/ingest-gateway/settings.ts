import { z } from "zod";
import type { Survives } from "../kubernetes/placement";
import type { PlatformSettings } from "../settings/platform";
import type { Slice } from "../settings/slice";
import {
    about,
    count,
    describe,
    dnsLabel,
    flag,
    labelKey,
    plainText,
    replicas,
    tenantId,
    text,
} from "../settings/types";
import { problem, type SettingsProblem } from "../settings/problem";
import { ask } from "../settings/readable";
import { leastOf, replicaRules } from "../settings/replicas";
import { AT, ingestGatewayReplicated } from "./workloads";

const subject = text(
    /^[A-Za-z0-9 =,.@_:/-]*CN=[A-Za-z0-9 =,.@_:/-]+$/,
    "a subject in the form of RFC 2253, of letters, digits, spaces and =,.@_:/-, at most 512",
    "CN=edge-eu,O=Example",
    512,
);

const client = z.strictObject({
    name: describe(dnsLabel, { description: "User name of the client.", example: "edge-eu" }),
    tenant: describe(tenantId, {
        description: "Tenant that what it sends is kept as, one of `tenants`; the platform's if absent.",
    }).optional(),
    rotation: describe(count, { description: "Raise by one to make a new password; 1 if absent." }).optional(),
    subject: describe(subject, {
        description:
            "Whole subject of its certificate, as `openssl x509 -noout -subject -nameopt RFC2253` prints it; CN=<name> if absent.",
    }).optional(),
});

const serverCertificate = z
    .discriminatedUnion("from", [
        z.strictObject({
            from: describe(z.literal("issuer"), { description: "Where the gateway's own certificate comes from." }),
            clusterIssuer: describe(dnsLabel, {
                description: "cert-manager's ClusterIssuer.",
                example: "letsencrypt",
            }),
        }),
        z.strictObject({
            from: z.literal("secret"),
            secretName: describe(dnsLabel, {
                description: "Existing TLS Secret in the namespace ingest-gateway.",
                example: "push-tls",
            }),
        }),
    ])
    .register(about, { example: "{ from: issuer, clusterIssuer: letsencrypt }" });

/** How a client proves who it is. */
const auth = z
    .discriminatedUnion("by", [
        z.strictObject({
            by: describe(z.literal("password"), {
                description:
                    "How clients prove who they are; by certificate the gateway has a load balancer of its own.",
            }),
        }),
        z.strictObject({
            by: z.literal("certificate"),
            clientCa: describe(dnsLabel, {
                example: "push-client-ca",
                description:
                    "Existing Secret in the namespace ingest-gateway with `ca.crt`, the authority of the clients' certificates.",
            }),
            serverCertificate,
            annotations: describe(z.record(labelKey, plainText), {
                description: "Annotations of the Service of type LoadBalancer, as the cluster's provider wants them.",
                allowed: "a map of texts",
            }).optional(),
        }),
    ])
    .register(about, {
        allowed: "by: password or certificate",
        example: "{ by: certificate, clientCa: push-client-ca, serverCertificate: { from: secret, secretName: push } }",
    });

/** Pushes from outside the cluster: off unless asked for, and never without TLS and proof of who sends. */
export const ingestGatewaySettings = z.strictObject({
    enabled: describe(flag, {
        description:
            "Take metrics, logs and traces from outside the cluster at push.<domain>, with TLS and proof of who sends.",
    }),
    auth,
    clients: z.array(client),
    replicas: describe(replicas, { description: "Gateways that check who sends and pass on." }),
});

export type IngestGatewaySettings = z.infer<typeof ingestGatewaySettings>;

export function ingestGatewayDefaults(survives: Survives): IngestGatewaySettings {
    const replicas = leastOf(ingestGatewayReplicated.gateway, survives);
    return { enabled: false, auth: { by: "password" }, clients: [], replicas };
}

export function ingestGatewayRules(
    settings: IngestGatewaySettings,
    platform: Pick<PlatformSettings, "access" | "survives">,
): SettingsProblem[] {
    if (!settings.enabled) return [];
    return ask(
        () => (settings.auth.by === "password" ? accessRules(platform.access) : []),
        () => proofRules(settings.auth, settings.clients),
        () => nameRules(settings),
        () => replicaRules(ingestGatewayReplicated, { gateway: settings.replicas }, platform.survives),
    );
}

function nameRules({ clients }: IngestGatewaySettings): SettingsProblem[] {
    if (clients.length === 0) {
        return [problem(`${AT}.clients`, [], "one client or more", "clients: [{ name: edge-eu }]")];
    }
    const names = clients.map(({ name }) => name);
    const twice = names.find((name, index) => names.indexOf(name) !== index);
    return twice === undefined ? [] : [problem(`${AT}.clients`, twice, "each name once", "write another name")];
}

/** Each client has what it is asked for, and no two the same. */
function proofRules(auth: IngestGatewaySettings["auth"], clients: IngestGatewaySettings["clients"]): SettingsProblem[] {
    const useless = auth.by === "password" ? "subject" : "rotation";
    const subjects = clients.map(subjectOf);
    return clients.flatMap((client, i) => {
        const path = `${AT}.clients[${i}]`;
        const problems: SettingsProblem[] = [];
        if (client[useless] !== undefined) {
            const allowed = `nothing with auth.by: ${auth.by}`;
            problems.push(problem(`${path}.${useless}`, client[useless], allowed, "remove it"));
        }
        if (auth.by === "certificate" && subjects.indexOf(subjectOf(client)) < i) {
            problems.push(problem(`${path}.subject`, subjectOf(client), "each subject once", "write another subject"));
        }
        return problems;
    });
}

/** The whole subject of a client's certificate. */
export function subjectOf({ name, subject }: IngestGatewaySettings["clients"][number]): string {
    return subject ?? `CN=${name}`;
}

/** Passwords travel with every push, so the way in has to speak TLS and nothing else. */
function accessRules(access: PlatformSettings["access"]): SettingsProblem[] {
    if (access.kind === "none") {
        return [problem("access.kind", "none", `ingress or gateway with ${AT}.enabled`, "write access: …")];
    }
    if (access.kind === "ingress" && access.tls.from === "none") {
        const allowed = `issuer or secret with ${AT}.enabled: passwords would travel in the open`;
        return [problem("access.tls.from", "none", allowed, "tls: { from: issuer, clusterIssuer: … }")];
    }
    if (access.kind === "gateway" && access.listener === undefined) {
        const allowed = `the Gateway's HTTPS listener with ${AT}.enabled: a route joins plain listeners too`;
        return [problem("access.listener", "nothing", allowed, "listener: https")];
    }
    return [];
}

export const ingestGatewaySlice: Slice<typeof ingestGatewaySettings> = {
    schema: ingestGatewaySettings,
    defaults: ingestGatewayDefaults,
    rules: ingestGatewayRules,
};
