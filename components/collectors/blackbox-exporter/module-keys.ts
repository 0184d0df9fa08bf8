import type { KeyTable } from "../../settings/config-keys";

const family = { preferred_ip_protocol: "string", ip_protocol_fallback: "bool" };
const tls = { tls: "bool", tls_config: "TLS" };
const records = {
    fail_if_matches_regexp: "[]string",
    fail_if_all_match_regexp: "[]string",
    fail_if_not_matches_regexp: "[]string",
    fail_if_none_matches_regexp: "[]string",
};

/**
 * What a module may hold, of the exporter's pinned version: https://github.com/prometheus/blackbox_exporter/blob/v0.28.0/CONFIGURATION.md
 * without what holds a credential, since modules stand in a ConfigMap.
 */
export const moduleKeys: KeyTable = {
    program: "blackbox exporter",
    version: "0.28.0",
    root: "Module",
    types: {
        Module: {
            prober: "string",
            timeout: "duration",
            http: "HTTP",
            tcp: "TCP",
            icmp: "ICMP",
            dns: "DNS",
            grpc: "GRPC",
            unix: "Unix",
        },
        HTTP: {
            ...family,
            valid_status_codes: "[]int",
            valid_http_versions: "[]string",
            skip_resolve_phase_with_proxy: "bool",
            no_follow_redirects: "bool",
            follow_redirects: "bool",
            fail_if_ssl: "bool",
            fail_if_not_ssl: "bool",
            method: "string",
            headers: "{}string",
            fail_if_body_matches_regexp: "[]string",
            fail_if_body_not_matches_regexp: "[]string",
            fail_if_body_json_matches_cel: "string",
            fail_if_body_json_not_matches_cel: "string",
            fail_if_header_matches: "[]Header",
            fail_if_header_not_matches: "[]Header",
            body: "string",
            compression: "string",
            body_size_limit: "string",
            enable_http2: "bool",
            enable_http3: "bool",
            proxy_url: "string",
            no_proxy: "string",
            proxy_from_environment: "bool",
            tls_config: "TLS",
        },
        Header: { header: "string", regexp: "string", allow_missing: "bool" },
        TCP: { ...family, ...tls, source_ip_address: "string", query_response: "[]Exchange" },
        Unix: { ...tls, query_response: "[]Exchange" },
        Exchange: {
            expect: "string",
            expect_bytes: "string",
            labels: "[]Label",
            send: "string",
            starttls: "bool",
        },
        Label: { name: "string", value: "string" },
        ICMP: { ...family, source_ip_address: "string", payload_size: "int", dont_fragment: "bool", ttl: "int" },
        DNS: {
            ...family,
            dns_over_tls: "bool",
            tls_config: "TLS",
            source_ip_address: "string",
            transport_protocol: "string",
            query_class: "string",
            query_name: "string",
            query_type: "string",
            recursion_desired: "bool",
            valid_rcodes: "[]string",
            validate_answer_rrs: "Records",
            validate_authority_rrs: "Records",
            validate_additional_rrs: "Records",
        },
        Records: records,
        GRPC: { ...family, ...tls, service: "string", metadata: "{}[]string" },
        TLS: {
            ca: "string",
            ca_file: "string",
            cert: "string",
            cert_file: "string",
            key_file: "string",
            server_name: "string",
            insecure_skip_verify: "bool",
            min_version: "string",
            max_version: "string",
        },
    },
};

/** What would hold a credential: below `http`, and in a certificate's configuration. */
export const CREDENTIAL_KEYS = /^(basic_auth|authorization|oauth2|bearer_token|http_headers|proxy_connect_header|key)$/;
