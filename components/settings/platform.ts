import { isIPv6 } from "node:net";
import { z } from "zod";
import { KUBERNETES_VERSIONS } from "../kubernetes/versions";
import { loadSettings } from "./load";
import { pathOf, problem, type SettingsProblem } from "./problem";
import { ask } from "./readable";
import { PLACED, placementSettings, schedulingSettings, tolerationRules } from "./scheduling";
import { switchedOff, unused, unusedRules } from "./unused";
import {
    about,
    chartMirror,
    describe,
    dnsLabel,
    flag,
    hostname,
    ipAddress,
    objectName,
    portNumber,
    registryHost,
    secretText,
    tenantId,
    type About,
} from "./types";

const meant = <T extends z.ZodType>(schema: T, more: About): T => describe(schema, more);

const tls = z
    .discriminatedUnion("from", [
        z.strictObject({
            from: meant(z.literal("issuer"), { description: "Where the certificate comes from." }),
            clusterIssuer: meant(objectName, { description: "cert-manager's ClusterIssuer.", example: "letsencrypt" }),
        }),
        z.strictObject({
            from: z.literal("secret"),
            secretName: meant(objectName, {
                description:
                    "Existing TLS Secret in the namespace monitoring, and in ingest-gateway where pushes come from outside.",
                example: "grafana-tls",
            }),
        }),
        z.strictObject({ from: z.literal("none") }),
    ])
    .register(about, { example: "{ from: issuer, clusterIssuer: letsencrypt }" });

/** How people reach Grafana from outside the cluster. */
const access = z
    .discriminatedUnion("kind", [
        z.strictObject({
            kind: meant(z.literal("none"), { description: "How Grafana is reached from outside the cluster." }),
        }),
        z.strictObject({
            kind: z.literal("ingress"),
            className: meant(objectName, { description: "IngressClass.", example: "nginx" }),
            namespace: meant(dnsLabel, {
                description: "Namespace of the ingress controller, or of the Gateway.",
                example: "ingress-nginx",
            }),
            tls,
        }),
        z.strictObject({
            kind: z.literal("gateway"),
            name: meant(dnsLabel, { description: "Name of the Gateway.", example: "public" }),
            namespace: meant(dnsLabel, { example: "gateways" }),
            listener: meant(dnsLabel, {
                description: "Name of the Gateway's HTTPS listener; every listener that allows it if absent.",
                example: "https",
            }).optional(),
        }),
    ])
    .register(about, {
        allowed: "kind: none, ingress or gateway",
        example: "{ kind: ingress, className: nginx, namespace: ingress-nginx, tls: { from: none } }",
    });

/** The login with which nodes pull images. */
const imagePullSecret = z
    .discriminatedUnion("from", [
        z.strictObject({
            from: meant(z.literal("settings"), {
                description:
                    "Where the login stands: here, for the program to put into each of its namespaces, or in Secrets.",
            }),
            dockerConfigJson: meant(secretText, {
                description: "Logins of registries, as Docker's config.json has them: a map `auths`.",
            }),
        }),
        z.strictObject({
            from: z.literal("secret"),
            secretName: meant(objectName, {
                description:
                    "Secret of the type kubernetes.io/dockerconfigjson that something else, such as an operator for secrets, puts into each namespace of the platform.",
                example: "registry-login",
            }),
        }),
    ])
    .register(about, {
        allowed: "from: settings or secret",
        example: "{ from: secret, secretName: registry-login }",
        description: "Login with which every image is pulled; none if absent.",
    });

/** What every system needs to know of the stack. */
export const platformSettings = z.strictObject({
    cluster: meant(dnsLabel, {
        description: "Name of the cluster: the label `cluster` on every metric, log line and span.",
        immutable: "old and new data would be told apart by it",
    }),
    tenant: meant(tenantId, {
        description: "The platform's own tenant in the stores; the cluster's name if absent.",
        immutable: "data of the old tenant would no longer be found",
    }),
    domain: meant(hostname, { description: "Parent of the host names of Grafana, Prometheus and Alertmanager." }),
    survives: z.enum(["nothing", "node", "zone"]).register(about, {
        allowed: "nothing, node or zone",
        example: "zone",
        description: "What may be lost at any time without losing data or writes.",
    }),
    kubernetes: z.enum(KUBERNETES_VERSIONS).register(about, {
        allowed: `${KUBERNETES_VERSIONS.map((version) => `"${version}"`).join(", ")}, in quotes; the last for all that are newer`,
        example: '"1.31"',
        description: "Oldest version of Kubernetes that the stack meets: what it lacks is not used.",
    }),
    access,
    storageClass: meant(objectName, {
        description: "Storage class of every volume; the cluster's default if absent.",
        example: "fast-ssd",
    }).optional(),
    chartMirror: meant(chartMirror, {
        description: "Where charts come from instead of their repositories.",
    }).optional(),
    imageRegistry: meant(registryHost, {
        description: "Registry that every image is pulled from instead of its own.",
    }).optional(),
    imagePullSecret: imagePullSecret.optional(),
    networkPolicies: meant(flag, {
        description: "Default-deny network policies; off where the CNI does not enforce them.",
    }),
    dns: z.strictObject({
        service: meant(dnsLabel, {
            description: "The cluster's DNS Service, which the stores' gateways ask.",
            example: "rke2-coredns-rke2-coredns",
        }),
        namespace: meant(dnsLabel, {
            description: "Namespace of that Service and its pods.",
            example: "openshift-dns",
        }),
        port: meant(portNumber, { description: "Port that its pods listen on.", example: "5353" }),
        addresses: z.array(ipAddress).register(about, {
            description:
                "Addresses that answer at port 53, NodeLocal DNSCache's or the Service's own: pods may ask them, and the gateways ask them instead of the Service, whose name they look up at their start and end where nothing answers.",
            allowed: "a list of IP addresses",
            example: "[169.254.20.10]",
        }),
    }),
    ipFamilies: z.enum(["ipv4", "dual", "ipv6"]).register(about, {
        allowed: "ipv4, dual or ipv6",
        example: "dual",
        description: "Addresses that pods have, and that every gateway listens on.",
    }),
    apiServer: z.strictObject({
        port: meant(portNumber, {
            description: "Port that the API server listens on behind its Service, which has 443.",
            example: "16443",
        }),
        webhookPort: meant(portNumber, {
            description:
                "Port that operators take the API server's webhooks on, where a firewall lets the control plane reach few (private GKE: 10250); the charts' own if absent.",
            example: "10250",
        }).optional(),
    }),
    ingestFrom: z.enum(["labelled", "all"]).register(about, {
        allowed: "labelled or all",
        example: "labelled",
        description:
            "Namespaces whose pods may push: those with the label observability-platform/ingest: allowed, or all. Held by network policies.",
    }),
    queryFrom: z.enum(["platform", "labelled"]).register(about, {
        allowed: "platform or labelled",
        example: "platform",
        description:
            "Who may query the stores: the platform itself, which is Grafana and its probes; or also namespaces with the label observability-platform/query: allowed, which then read every tenant. Held by network policies.",
    }),
    protectData: meant(flag, { description: "Refuse to delete or replace what holds data." }),
    scheduling: schedulingSettings,
    placement: placementSettings,
    load: loadSettings.optional(),
});

export type PlatformSettings = z.infer<typeof platformSettings>;

/** Defaults of the shared settings; `cluster`, `domain` and `survives` have none. */
export function platformDefaults(given: Record<string, unknown>): Record<string, unknown> {
    return {
        tenant: given.cluster,
        access: { kind: "none" },
        kubernetes: KUBERNETES_VERSIONS[0],
        networkPolicies: true,
        dns: { service: "kube-dns", namespace: "kube-system", port: 53, addresses: [] },
        ipFamilies: "ipv4",
        apiServer: { port: 6443 },
        // A laptop too: a label that is missing shows there, and not in production first.
        ingestFrom: "labelled",
        queryFrom: "platform",
        protectData: given.survives !== "nothing",
        scheduling: { nodeSelector: {}, tolerations: [] },
        placement: {},
    };
}

/** Whether Grafana has a database: a laptop's keeps its state in SQLite on a volume, with nothing to run beside it. */
export function hasDatabase({ survives }: Pick<PlatformSettings, "survives">): boolean {
    return survives !== "nothing";
}

/** Rules between the shared settings. */
export function platformRules(settings: PlatformSettings): SettingsProblem[] {
    return ask(
        () => domainRules(settings),
        () => mirrorRules(settings),
        () => tolerationRules(settings.scheduling.tolerations, "scheduling.tolerations"),
        ...PLACED.map(
            (system) => () =>
                tolerationRules(settings.placement[system]?.tolerations ?? [], `placement.${system}.tolerations`),
        ),
        () => pullRules(settings),
        () => dnsRules(settings),
        () => loadRules(settings),
        () => networkRules(settings),
    );
}

function domainRules({ domain }: PlatformSettings): SettingsProblem[] {
    const longest = `alertmanager.${domain}`;
    if (longest.length <= 253) return [];
    return [problem("domain", domain, "at most 240 characters", "write a shorter domain")];
}

/** A gateway asks all of them in turn: each that its pod cannot reach is a part of its look-ups lost. */
function dnsRules({ dns, ipFamilies }: PlatformSettings): SettingsProblem[] {
    return dns.addresses.flatMap((address, index) => {
        const path = pathOf("dns.addresses", [index]);
        if (/^(127\.|0\.0\.0\.0$|::1?$)/.test(address))
            return [problem(path, address, "an address that a pod reaches outside of itself", "remove it")];
        const family = isIPv6(address) ? "ipv6" : "ipv4";
        if (ipFamilies === "dual" || ipFamilies === family) return [];
        const allowed = `addresses of ${ipFamilies} alone, as ipFamilies says of pods`;
        return [problem(path, address, allowed, "remove it, or write ipFamilies: dual where pods have both")];
    });
}

function mirrorRules({ chartMirror }: PlatformSettings): SettingsProblem[] {
    if (chartMirror?.startsWith("http") !== true) return [];
    const allowed = "a folder or an oci:// prefix";
    return [problem("chartMirror", chartMirror, allowed, "write oci://…, or a folder's path")];
}

/**
 * Docker's own file often names a helper that keeps the logins, and holds none. What is no JSON at all may be an encrypted
 * text, which a plan cannot read; the API server refuses it in a Secret of this type.
 */
function pullRules({ imagePullSecret: login }: PlatformSettings): SettingsProblem[] {
    if (login?.from !== "settings" || hasLogins(login.dockerConfigJson)) return [];
    const fix =
        "print one by kubectl create secret docker-registry x --docker-server=… --docker-username=… --docker-password=… --dry-run=client --output=jsonpath='{.data.\\.dockerconfigjson}' | base64 --decode";
    const allowed = 'JSON with {"auths": {"<registry>": {"auth": …}}}, as registries\' logins are kept';
    return [problem("imagePullSecret.dockerConfigJson", "[secret]", allowed, fix)];
}

function hasLogins(text: string): boolean {
    try {
        const { auths = {} } = JSON.parse(text) as { auths?: Record<string, { auth?: string; password?: string }> };
        const logins = Object.values(auths);
        return logins.length > 0 && logins.every(({ auth, password }) => auth !== undefined || password !== undefined);
    } catch {
        return true;
    }
}

/** What network policies alone know of. */
function networkRules({ networkPolicies, ingestFrom, queryFrom, dns, apiServer }: PlatformSettings): SettingsProblem[] {
    if (networkPolicies) return [];
    const own = { ingestFrom, queryFrom, dns: { port: dns.port }, apiServer: { port: apiServer.port } };
    return unusedRules("", own, platformDefaults({}), switchedOff("networkPolicies"));
}

function loadRules({ load, survives }: PlatformSettings): SettingsProblem[] {
    if (load === undefined) return [];
    if (survives === "nothing") {
        const allowed = "with survives: node or zone: a laptop's single processes have no formula";
        return [problem("load", Object.keys(load).join(", "), allowed, "remove load, or write survives: node")];
    }
    const problems: SettingsProblem[] = [];
    if (load.queries !== undefined && load.series === undefined) {
        const idle = { where: "without load.series: what queries need follows from both", instead: "write series: 1M" };
        problems.push(unused("load.queries", load.queries, idle));
    }
    if (load.zones === undefined || survives === "zone") return problems;
    const allowed = `with survives: zone: with ${survives} any zone's loss may be that of all`;
    return [...problems, problem("load.zones", load.zones, allowed, "remove zones, or write survives: zone")];
}
