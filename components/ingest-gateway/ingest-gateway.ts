import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { LogSink } from "../contracts/log-store";
import type { MetricsSink } from "../contracts/metrics-store";
import { PUSH_PATHS } from "../contracts/push-paths";
import type { Ready } from "../contracts/ready";
import type { TraceSink } from "../contracts/trace-store";
import { password, secret } from "../kubernetes/credentials";
import { systemNamespace } from "../kubernetes/namespace";
import { MONITORING } from "../kubernetes/namespaces";
import { flowTo, networkPolicies, type NetworkArgs } from "../kubernetes/network-policies";
import { nginxDeployment } from "../kubernetes/nginx-pods";
import { completed, type Given } from "../settings/complete";
import { NEEDED } from "../settings/needed";
import type { PlatformSettings } from "../settings/platform";
import { ownCertificate, pushIngress } from "./ingress";
import { pushersOf } from "./client-settings";
import { clusterLogins, type ClusterLogin, type Passwords } from "./cluster-logins";
import { SCRAPED } from "./counting";
import { gatewayMonitor, gatewayPods, gatewayService } from "./gateway";
import { GATEWAY, HTPASSWD_SECRET, LABELS, NAMESPACE, PASSWORDS_SECRET, PORT, pushHost, TLS_PORT } from "./names";
import { gatewayConfig, pushPaths } from "./nginx";
import { ingestGatewaySlice, type IngestGatewaySettings } from "./settings";
import { htpasswdLine, usersOf } from "./users";

export interface IngestGatewayArgs {
    readonly platform: PlatformSettings;
    readonly settings: IngestGatewaySettings;
    readonly metricsStore: MetricsSink;
    readonly logStore: LogSink;
    readonly traceStore: TraceSink;
    /** The definition of PodMonitor. */
    readonly monitoringCrds: pulumi.Resource[];
}

/** Takes pushes from outside the cluster: it asks who sends, sets the tenant, and passes on to the stores. */
export class IngestGateway extends pulumi.ComponentResource implements Ready {
    readonly ready: pulumi.Resource[];
    /** Addresses for clients outside. */
    readonly urls: { metrics: string; logs: string | undefined; otlp: string };
    /** How each of the settings' clusters sends here, by its name; a secret. Undefined where there are none. */
    readonly clusters: pulumi.Output<Record<string, ClusterLogin>> | undefined;

    constructor(
        name: string,
        given: Given<IngestGatewayArgs, "monitoringCrds">,
        opts?: pulumi.ComponentResourceOptions,
    ) {
        const args = completed<IngestGatewayArgs, "monitoringCrds">(
            "ingestGateway",
            ingestGatewaySlice,
            given,
            { monitoringCrds: [] },
            {
                metricsStore: NEEDED.metricsStore,
                logStore: NEEDED.logStore,
                traceStore: NEEDED.traceStore,
            },
        );
        super("observability:ingest-gateway:IngestGateway", name, {}, opts);
        const { platform, settings } = args;
        const namespace = systemNamespace(
            { name: NAMESPACE, podSecurity: { level: "restricted" }, holdsData: false, platform },
            { parent: this },
        );
        const inNamespace = { parent: this, dependsOn: [namespace] };
        const policies = networkPolicies(pushNetwork(args), inNamespace);
        const { auth } = settings;
        const passwords = auth.by === "password" ? this.passwords(settings) : undefined;
        const proofs =
            passwords === undefined
                ? ownCertificate(auth, platform.domain, inNamespace)
                : userSecrets(passwords, inNamespace);

        const config = gatewayConfig(args, settings, platform);
        const service = new k8s.core.v1.Service(GATEWAY, gatewayService(auth), inNamespace);
        const place = { namespace: NAMESPACE, after: [...proofs, ...policies] };
        const deployment = nginxDeployment(platform, gatewayPods(settings, config, platform), place, inNamespace);
        new k8s.apiextensions.CustomResource(`${GATEWAY}-monitor`, gatewayMonitor(), {
            parent: this,
            dependsOn: [namespace, ...args.monitoringCrds],
        });
        const paths = Object.keys(pushPaths(args));
        const behind = { parent: this, dependsOn: [namespace, service] };
        const way = auth.by === "password" ? pushIngress(platform, paths, behind) : [];

        this.ready = [deployment, ...way];
        const base = `https://${pushHost(platform.domain)}`;
        this.urls = {
            metrics: `${base}${PUSH_PATHS.metrics}`,
            logs: args.logStore.push.lokiUrl && `${base}${PUSH_PATHS.logs}`,
            otlp: `${base}${PUSH_PATHS.otlp}`,
        };
        const { tenant } = platform;
        this.clusters =
            settings.clusters.length > 0 ? clusterLogins(settings, passwords, { url: base, tenant }) : undefined;
        this.registerOutputs({ urls: this.urls, clusters: this.clusters });
    }

    /** Passwords of every user: the newest of each client, and the one before it. */
    private passwords(settings: IngestGatewaySettings): Passwords {
        const users = pushersOf(settings).flatMap((client) => Object.values(usersOf(client)));
        return Object.fromEntries(
            users
                .filter(({ rotation }) => rotation > 0)
                .map(({ name, rotation }) => [name, password(`push-${name}`, rotation, { parent: this })]),
        );
    }
}

/**
 * All valid passwords: readable for those who hand them out, and for a state that is made anew, and as digests for the
 * gateway.
 */
function userSecrets(passwords: Passwords, opts: pulumi.CustomResourceOptions): k8s.core.v1.Secret[] {
    const htpasswd = pulumi
        .all(Object.entries(passwords).map(([user, text]) => text.apply((known) => htpasswdLine(user, known))))
        .apply((lines) => `${lines.join("\n")}\n`);
    return [
        secret(PASSWORDS_SECRET, { name: PASSWORDS_SECRET, namespace: NAMESPACE, data: passwords }, opts),
        secret(HTPASSWD_SECRET, { name: HTPASSWD_SECRET, namespace: NAMESPACE, data: { htpasswd } }, opts),
    ];
}

/** In from the controller, out to where the stores take pushes. */
export function pushNetwork({ platform, settings, metricsStore, logStore, traceStore }: IngestGatewayArgs) {
    const { access } = platform;
    // Many Gateways run their proxies in another namespace than the Gateway itself.
    const controller = access.kind === "ingress" ? { namespace: access.namespace } : ("cluster" as const);
    const otlpHttp = Number(new URL(traceStore.push.otlpHttp).port);
    const network: NetworkArgs = {
        namespace: NAMESPACE,
        cluster: platform,
        ingress: [
            {
                name: "from-outside",
                ...(settings.auth.by === "password"
                    ? { peer: controller, ports: [PORT] }
                    : { peer: "anywhere" as const, ports: [TLS_PORT] }),
                pods: LABELS,
            },
            { name: "from-scrapes", peer: { namespace: MONITORING }, ports: Object.values(SCRAPED), pods: LABELS },
        ],
        egress: [
            flowTo("to-metrics-store", metricsStore.push.endpoint),
            flowTo("to-log-store", logStore.push.endpoint),
            flowTo("to-trace-store", { ...traceStore.push.endpoint, podPort: otlpHttp }),
        ],
    };
    return network;
}
