import { z } from "zod";
import type { Survives } from "../kubernetes/placement";
import type { PlatformSettings } from "../settings/platform";
import type { Slice } from "../settings/slice";
import { about, certificates, describe, flag, labelKey, objectName, plainText, replicas } from "../settings/types";
import { problem, type SettingsProblem } from "../settings/problem";
import { ask } from "../settings/readable";
import { unused } from "../settings/unused";
import { leastOf, replicaRules } from "../settings/replicas";
import { clientLimits, clientSettings, clusterSettings, subjectOf, type ClientSettings } from "./client-settings";
import { AT, ingestGatewayReplicated } from "./workloads";

const serverCertificate = z
    .discriminatedUnion("from", [
        z.strictObject({
            from: describe(z.literal("issuer"), { description: "Where the gateway's own certificate comes from." }),
            clusterIssuer: describe(objectName, {
                description: "cert-manager's ClusterIssuer.",
                example: "letsencrypt",
            }),
        }),
        z.strictObject({
            from: z.literal("secret"),
            secretName: describe(objectName, {
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
            clientCa: describe(objectName, {
                example: "push-client-ca",
                description:
                    "Existing Secret in the namespace ingest-gateway with `ca.crt`, the authority of the clients' certificates.",
            }),
            revocationList: describe(flag, {
                description:
                    "Whether that Secret also has `ca.crl`, the authority's list of revoked certificates. A list whose next update is past refuses everybody.",
            }).optional(),
            serverCertificate,
            annotations: describe(z.record(labelKey, plainText), {
                description: "Annotations of the Service of type LoadBalancer, as the cluster's provider wants them.",
                allowed: "a map of texts",
                example: "{ service.beta.kubernetes.io/aws-load-balancer-type: external }",
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
    ca: describe(certificates, {
        description:
            "Authorities that the gateway's own certificate is of, which clusters get with their credentials; absent where every client trusts it by itself.",
    }).optional(),
    clients: describe(z.array(clientSettings), { allowed: "a list of clients", example: "[{ name: edge-eu }]" }),
    clusters: describe(z.array(clusterSettings), { allowed: "a list of clusters", example: "[{ name: edge-eu }]" }),
    limits: clientLimits,
    replicas: describe(replicas, { description: "Gateways that check who sends and pass on." }),
});

export type IngestGatewaySettings = z.infer<typeof ingestGatewaySettings>;

export function ingestGatewayDefaults(survives: Survives): IngestGatewaySettings {
    const replicas = leastOf(ingestGatewayReplicated.gateway, survives);
    // 500 pushes of 2,000 samples, as Prometheus sends them, are a million samples a second.
    const limits = { requestsPerSecond: 500, concurrentRequests: 200 };
    return { enabled: false, auth: { by: "password" }, clients: [], clusters: [], limits, replicas };
}

export function ingestGatewayRules(
    settings: IngestGatewaySettings,
    platform: Pick<PlatformSettings, "access" | "survives" | "cluster" | "tenant">,
): SettingsProblem[] {
    // Who may push is looked at behind a closed door too: it is opened in haste.
    const listed = [
        () => proofRules(settings.auth, settings),
        () => nameRules(settings),
        () => labelRules(settings, platform),
        () => signalsRules(settings),
    ];
    if (!settings.enabled) return ask(...listed);
    return ask(
        () => (settings.auth.by === "password" ? accessRules(platform.access) : []),
        () => openRules(settings),
        () => authorityRules(settings),
        ...listed,
        () => replicaRules(ingestGatewayReplicated, { gateway: settings.replicas }, platform.survives),
    );
}

type Clients = Pick<IngestGatewaySettings, "clients" | "clusters">;

/** Clients with their places in the settings. */
export function clientPlaces({
    clients,
    clusters,
}: Clients): { readonly path: string; readonly client: ClientSettings }[] {
    const placed = (key: keyof Clients) => (client: ClientSettings, i: number) => ({
        path: `${AT}.${key}[${i}]`,
        client,
    });
    return [...clusters.map(placed("clusters")), ...clients.map(placed("clients"))];
}

/** A door that nobody may enter. */
function openRules(settings: Clients): SettingsProblem[] {
    if (clientPlaces(settings).length > 0) return [];
    return [problem(`${AT}.clients`, [], "one client or cluster, or more", "clients: [{ name: edge-eu }]")];
}

/** The gateway's own certificate does not follow from it: it is handed out. */
function authorityRules({ ca, clusters }: IngestGatewaySettings): SettingsProblem[] {
    if (ca === undefined || clusters.length > 0) return [];
    const idle = { where: `without ${AT}.clusters, to whom alone it is handed out`, instead: "list them" };
    return [unused(`${AT}.ca`, "certificates", idle)];
}

function nameRules(settings: Clients): SettingsProblem[] {
    const places = clientPlaces(settings);
    const names = places.map(({ client }) => client.name);
    return places.flatMap(({ path, client: { name } }, i) =>
        names.indexOf(name) === i ? [] : [problem(`${path}.name`, name, "each name once", "write another name")],
    );
}

/** A cluster is told from this one by its name alone where both have one tenant: Cortex would take them for one pair. */
function labelRules(
    { clusters }: Clients,
    { cluster, tenant }: Pick<PlatformSettings, "cluster" | "tenant">,
): SettingsProblem[] {
    return clusters.flatMap(({ name, tenant: own = tenant }, i) => {
        if (name !== cluster || own !== tenant) return [];
        const allowed = `another than this stack's own cluster, whose tenant ${tenant} it would share`;
        const fix = "write the name of the cluster that sends, or give it a tenant of its own";
        return [problem(`${AT}.clusters[${i}].name`, name, allowed, fix)];
    });
}

/** A cluster that sends nothing would raise no alert. */
function signalsRules({ clusters }: Clients): SettingsProblem[] {
    return clusters.flatMap(({ signals }, i) => {
        if (signals === undefined || (signals.length > 0 && new Set(signals).size === signals.length)) return [];
        const fix = "write [metrics, logs], or remove it for all three";
        return [problem(`${AT}.clusters[${i}].signals`, signals, "one signal or more, each once", fix)];
    });
}

/** Each client has what it is asked for, and no two the same. */
function proofRules(auth: IngestGatewaySettings["auth"], settings: Clients): SettingsProblem[] {
    const useless = auth.by === "password" ? "subject" : "rotation";
    const places = clientPlaces(settings);
    const subjects = places.map(({ client }) => subjectOf(client));
    return places.flatMap(({ path, client }, i) => {
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

const INGRESS =
    "{ kind: ingress, className: nginx, namespace: ingress-nginx, tls: { from: issuer, clusterIssuer: letsencrypt } }";

/** Passwords travel with every push, so the way in has to speak TLS and nothing else. */
function accessRules(access: PlatformSettings["access"]): SettingsProblem[] {
    if (access.kind === "none") {
        return [problem("access.kind", "none", `ingress or gateway with ${AT}.enabled`, `write access: ${INGRESS}`)];
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
