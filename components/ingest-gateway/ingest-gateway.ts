import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { LogSink } from "../contracts/log-store";
import type { MetricsSink } from "../contracts/metrics-store";
import { PUSH_PATHS } from "../contracts/push-paths";
import type { Ready } from "../contracts/ready";
import type { TraceSink } from "../contracts/trace-store";
import { password, secret } from "../kubernetes/credentials";
import { systemNamespace } from "../kubernetes/namespace";
import { flowTo, networkPolicies, type NetworkArgs } from "../kubernetes/network-policies";
import { nginxDeployment } from "../kubernetes/nginx-pods";
import { completed, type Given } from "../settings/complete";
import { NEEDED } from "../settings/needed";
import type { PlatformSettings } from "../settings/platform";
import { ownCertificate, pushIngress } from "./ingress";
import { gatewayPods, gatewayService, htpasswdLine } from "./gateway";
import { GATEWAY, HTPASSWD_SECRET, LABELS, NAMESPACE, PASSWORDS_SECRET, PORT, pushHost, TLS_PORT } from "./names";
import { gatewayConfig, pushPaths } from "./nginx";
import { ingestGatewaySlice, type IngestGatewaySettings } from "./settings";

export interface IngestGatewayArgs {
    readonly platform: PlatformSettings;
    readonly settings: IngestGatewaySettings;
    readonly metricsStore: MetricsSink;
    readonly logStore: LogSink;
    readonly traceStore: TraceSink;
}

/** Takes pushes from outside the cluster: it asks who sends, sets the tenant, and passes on to the stores. */
export class IngestGateway extends pulumi.ComponentResource implements Ready {
    readonly ready: pulumi.Resource[];
    /** Addresses for clients outside. */
    readonly urls: { metrics: string; logs: string | undefined; otlp: string };

    constructor(name: string, given: Given<IngestGatewayArgs>, opts?: pulumi.ComponentResourceOptions) {
        const args = completed<IngestGatewayArgs>(
            "ingestGateway",
            ingestGatewaySlice,
            given,
            {},
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
        const proofs =
            auth.by === "password"
                ? this.users(settings, inNamespace)
                : ownCertificate(auth, platform.domain, inNamespace);

        const config = gatewayConfig(args, settings, platform);
        const service = new k8s.core.v1.Service(GATEWAY, gatewayService(auth), inNamespace);
        const place = { namespace: NAMESPACE, after: [...proofs, ...policies] };
        const deployment = nginxDeployment(platform, gatewayPods(settings, config), place, inNamespace);
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
        this.registerOutputs({ urls: this.urls });
    }

    /** A password for each client: readable for those who hand it out, and as a digest for the gateway. */
    private users({ clients }: IngestGatewaySettings, opts: pulumi.CustomResourceOptions): k8s.core.v1.Secret[] {
        const passwords = clients.map((client) => ({
            client: client.name,
            password: password(`push-${client.name}`, client.rotation ?? 1, { parent: this }),
        }));
        const data = Object.fromEntries(passwords.map(({ client, password }) => [client, password]));
        const htpasswd = pulumi
            .all(passwords.map(({ client, password }) => password.apply((text) => htpasswdLine(client, text))))
            .apply((lines) => `${lines.join("\n")}\n`);
        return [
            secret(PASSWORDS_SECRET, { name: PASSWORDS_SECRET, namespace: NAMESPACE, data }, opts),
            secret(HTPASSWD_SECRET, { name: HTPASSWD_SECRET, namespace: NAMESPACE, data: { htpasswd } }, opts),
        ];
    }
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
        ],
        egress: [
            flowTo("to-metrics-store", metricsStore.push.endpoint),
            flowTo("to-log-store", logStore.push.endpoint),
            flowTo("to-trace-store", { ...traceStore.push.endpoint, podPort: otlpHttp }),
        ],
    };
    return network;
}
