import { stringify } from "yaml";
import type { PlatformSettings } from "../../settings/platform";
import { pullSecrets } from "../../kubernetes/image-pull";
import { hostAntiAffinity, zoneSpread } from "../../kubernetes/placement";
import { restrictedContainer, restrictedPod } from "../../kubernetes/pod-security";
import { resources } from "../../kubernetes/resources";
import { speaksTls, webAccess, webUrl } from "../../kubernetes/web-access";
import { dashboardsChart } from "./chart";
import type { ChartValues } from "./dashboards-values.gen";
import { DASHBOARDS_OIDC, DASHBOARDS_RELEASE, dashboardsServiceUrl, NAMESPACE, PORTS, url, userSecret } from "./names";
import type { OpensearchSettings } from "./settings";
import { certificateSecrets, fromOutside, type OpensearchValuesArgs } from "./values-args";
import { opensearchReplicated } from "./workloads";

/** User of the image. */
const USER = 1000;
const HOME = "/usr/share/opensearch-dashboards";
const CA_DIRECTORY = `${HOME}/config/certs`;

export function dashboardsHost(domain: string): string {
    return `logs.${domain}`;
}

/** Where people open it; without an access its Service, for a port-forward. */
export function dashboardsUrl({ access, domain }: Pick<PlatformSettings, "access" | "domain">): string {
    return webUrl(access, dashboardsHost(domain), dashboardsServiceUrl);
}

/** Values of the chart opensearch-dashboards: screens on the lines, for people who log in. It keeps nothing itself. */
export function buildDashboardsValues({ platform, settings }: OpensearchValuesArgs): ChartValues {
    const { survives, scheduling, imageRegistry, access, domain } = platform;
    const { dashboards: alike } = opensearchReplicated;
    const { dashboards: replicas } = settings.replicas;
    const { imagePullSecrets } = pullSecrets(platform);
    const affinity = hostAntiAffinity(alike.labels, survives);
    const { oidc } = settings.dashboards;
    const open = webAccess(access, {
        name: DASHBOARDS_RELEASE,
        namespace: NAMESPACE,
        host: dashboardsHost(domain),
        port: PORTS.dashboards,
    });
    return {
        fullnameOverride: DASHBOARDS_RELEASE,
        opensearchHosts: url,
        replicaCount: replicas,
        image: {
            repository: `${imageRegistry ?? "docker.io"}/opensearchproject/opensearch-dashboards`,
            tag: dashboardsChart.appVersion,
        },
        ...(imagePullSecrets && { imagePullSecrets }),
        serviceAccount: { create: true, name: DASHBOARDS_RELEASE, automountServiceAccountToken: false },
        rbac: { create: false },
        serverHost: platform.ipFamilies === "ipv4" ? "0.0.0.0" : "::",
        opensearchAccount: { secret: userSecret("dashboards") },
        ...(oidc && {
            extraEnvs: [
                {
                    name: "OIDC_CLIENT_SECRET",
                    valueFrom: { secretKeyRef: { name: DASHBOARDS_OIDC, key: "client-secret" } },
                },
            ],
        }),
        extraVolumes: [
            {
                name: "ca",
                secret: {
                    secretName: certificateSecrets(settings).node,
                    items: [{ key: "ca.crt", path: "ca.crt" }],
                },
            },
        ],
        extraVolumeMounts: [{ name: "ca", mountPath: CA_DIRECTORY, readOnly: true }],
        config: { "opensearch_dashboards.yml": dashboardsConfig(platform, settings) },
        podAnnotations: {
            "observability-platform/credentials-rotation": `${settings.rotation}-oidc-${oidc?.rotation ?? 0}`,
            ...fromOutside(settings),
        },
        podSecurityContext: restrictedPod(USER),
        // It writes what it has made of its plugins beside them.
        securityContext: { ...restrictedContainer(false), runAsNonRoot: true, runAsUser: USER },
        resources: survives === "nothing" ? resources("20m", "384Mi", "768Mi") : resources("100m", "512Mi", "1Gi"),
        updateStrategy:
            replicas > 1
                ? { type: "RollingUpdate", rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } }
                : { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
        nodeSelector: scheduling.nodeSelector,
        tolerations: scheduling.tolerations,
        ...(affinity && { affinity }),
        topologySpreadConstraints: zoneSpread(alike, survives) ?? [],
        // The chart has neither a budget nor a route.
        extraObjects: [...(replicas > 1 ? [budget(alike.labels)] : []), ...(open ? [open] : [])],
    };
}

function budget(matchLabels: Readonly<Record<string, string>>): object {
    return {
        apiVersion: "policy/v1",
        kind: "PodDisruptionBudget",
        metadata: { name: DASHBOARDS_RELEASE, namespace: NAMESPACE },
        spec: { maxUnavailable: 1, unhealthyPodEvictionPolicy: "AlwaysAllow", selector: { matchLabels } },
    };
}

/**
 * Its own configuration, without a secret: those come by the environment.
 * https://docs.opensearch.org/latest/security/configuration/dashboards-security/
 */
export function dashboardsConfig(
    { access, domain }: Pick<PlatformSettings, "access" | "domain">,
    { dashboards: { oidc } }: Pick<OpensearchSettings, "dashboards">,
): string {
    const own = "opensearch_security";
    return stringify({
        "opensearch.ssl.certificateAuthorities": [`${CA_DIRECTORY}/ca.crt`],
        "opensearch.ssl.verificationMode": "full",
        "opensearch.requestHeadersAllowlist": ["authorization"],
        // Maps would be fetched from the project's own servers.
        "map.includeOpenSearchMapsService": false,
        // What people save is for all of them.
        [`${own}.multitenancy.enabled`]: false,
        [`${own}.cookie.secure`]: speaksTls(access),
        [`${own}.cookie.password`]: "${COOKIE_PASS}",
        ...(oidc && {
            [`${own}.auth.type`]: ["basicauth", "openid"],
            [`${own}.auth.multiple_auth_enabled`]: true,
            [`${own}.openid.connect_url`]: oidc.discoveryUrl,
            [`${own}.openid.client_id`]: oidc.clientId,
            [`${own}.openid.client_secret`]: "${OIDC_CLIENT_SECRET}",
            [`${own}.openid.scope`]: oidc.scopes.join(" "),
            [`${own}.openid.base_redirect_url`]: dashboardsUrl({ access, domain }),
        }),
    });
}
