import { stringify } from "yaml";
import type { DashboardsSettings } from "./dashboards-settings";
import { ADMIN_NAME, NODE_NAME, PATTERN, type DashboardsUser } from "./names";
import type { OpensearchSettings } from "./settings";

/** Folder of the certificates, below that of the configuration. */
export const CERTS = "certs";

/**
 * OpenSearch's own configuration, without a secret.
 *
 * Files are read, not mapped: mapping wants a sysctl that belongs to the node, and with it a privileged container on each.
 * https://docs.opensearch.org/latest/install-and-configure/configuring-opensearch/
 */
export function nodeConfig({ zones }: Pick<OpensearchSettings, "zones">): string {
    return stringify({
        "network.host": "0.0.0.0",
        "node.store.allow_mmap": false,
        "path.logs": "/usr/share/opensearch/logs",
        // A name that no template knows would be an index which never rolls over and is never deleted.
        "action.auto_create_index": `+${PATTERN},+.*,+top_queries-*,+security-auditlog-*,-*`,
        "action.destructive_requires_name": true,
        ...(zones !== undefined && {
            "node.attr.zone": "${ZONE}",
            "cluster.routing.allocation.awareness.attributes": "zone",
            // Else two copies may be made in one zone while another is away.
            "cluster.routing.allocation.awareness.force.zone.values": zones.join(","),
        }),
        ...layer("transport"),
        // Nodes are called by addresses; who is a node its certificate says.
        "plugins.security.ssl.transport.enforce_hostname_verification": false,
        "plugins.security.ssl.http.enabled": true,
        ...layer("http"),
        "plugins.security.ssl.certificates_hot_reload.enabled": true,
        "plugins.security.nodes_dn": [`CN=${NODE_NAME}`],
        "plugins.security.authcz.admin_dn": [`CN=${ADMIN_NAME}`],
        "plugins.security.allow_default_init_securityindex": true,
        "plugins.security.restapi.roles_enabled": ["all_access"],
        // Who logs in how is the setup's to change too, by the admin's certificate: the plugin reads its files at the first start only.
        "plugins.security.unsupported.restapi.allow_securityconfig_modification": true,
        "plugins.security.system_indices.enabled": true,
    });
}

function layer(name: "transport" | "http"): Record<string, string> {
    const at = `plugins.security.ssl.${name}`;
    return {
        [`${at}.pemcert_filepath`]: `${CERTS}/tls.crt`,
        [`${at}.pemkey_filepath`]: `${CERTS}/tls.key`,
        [`${at}.pemtrustedcas_filepath`]: `${CERTS}/ca.crt`,
    };
}

/**
 * What the security plugin begins with, all of its files: nobody may log in but by the admin's certificate. Users and roles
 * are the setup's, which puts them at each rotation.
 */
export function securityConfig(): Record<string, string> {
    const meta = (type: string) => ({ _meta: { type, config_version: 2 } });
    return {
        "config.yml": stringify({ ...meta("config"), config: logins(undefined) }),
        "internal_users.yml": stringify(meta("internalusers")),
        "roles.yml": stringify(meta("roles")),
        "roles_mapping.yml": stringify(meta("rolesmapping")),
        "action_groups.yml": stringify(meta("actiongroups")),
        "tenants.yml": stringify(meta("tenants")),
        "nodes_dn.yml": stringify(meta("nodesdn")),
        "allowlist.yml": stringify({ ...meta("allowlist"), config: { enabled: false } }),
    };
}

/**
 * Who is believed to be who: users with passwords, and whom the provider of single sign-on has signed for.
 * https://docs.opensearch.org/latest/security/authentication-backends/openid-connect/
 */
export function logins(oidc: DashboardsSettings["oidc"]): object {
    const domain = (order: number, authenticator: object, backend: string) => ({
        ...{ http_enabled: true, transport_enabled: true, order },
        http_authenticator: authenticator,
        authentication_backend: { type: backend },
    });
    return {
        dynamic: {
            http: { anonymous_auth_enabled: false },
            kibana: { multitenancy_enabled: false, server_username: "dashboards" satisfies DashboardsUser },
            authc: {
                basic: domain(0, { type: "basic", challenge: oidc === undefined }, "intern"),
                ...(oidc && {
                    openid: domain(
                        1,
                        {
                            type: "openid",
                            challenge: false,
                            config: {
                                openid_connect_url: oidc.discoveryUrl,
                                subject_key: oidc.userClaim,
                                roles_key: oidc.groupsClaim,
                            },
                        },
                        "noop",
                    ),
                }),
            },
        },
    };
}
