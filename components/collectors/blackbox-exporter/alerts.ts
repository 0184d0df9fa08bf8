import type { Rule } from "../../alerts/rule";
import { JOB, NAMESPACE } from "./names";

/** What is seen from outside of each system: the platform's own addresses, and those of the settings. */
export function addressRules(): Rule[] {
    return [probeFailing(), certificateExpiring()];
}

const LABELS = `{namespace="${NAMESPACE}",job="${JOB}",probe="log-store",instance="http://x"}`;
const EVERY = `{namespace="${NAMESPACE}",job="${JOB}"}`;

function probeFailing(): Rule {
    return {
        alert: "ProbeFailing",
        severity: "critical",
        expr: `max by (namespace, probe, instance) (probe_success${EVERY}) == 0`,
        for: "5m",
        summary: "An address does not answer as it should",
        description:
            "The probe {{ $labels.probe }} of {{ $labels.instance }} has failed for 5 minutes. Who uses this address fares alike.",
        firing: {
            series: { [`probe_success${LABELS}`]: "1x5 0x30" },
            minute: 20,
            labels: { namespace: NAMESPACE, probe: "log-store", instance: "http://x" },
            says: "The probe log-store of http://x has failed for 5 minutes. Who uses this address fares alike.",
        },
        silent: { series: { [`probe_success${LABELS}`]: "1x5 0x3 1x30" }, minute: 20 },
    };
}

function certificateExpiring(): Rule {
    const days = 14;
    const series = `probe_ssl_earliest_cert_expiry${LABELS}`;
    const then = "Issuers renew a month before the end, so renewal has failed. Then nobody connects.";
    return {
        alert: "CertificateExpiring",
        severity: "warning",
        expr: `min by (namespace, probe, instance) (probe_ssl_earliest_cert_expiry${EVERY}) - time() < ${days} * 86400`,
        for: "1h",
        summary: "A certificate is about to expire",
        description: `The certificate of {{ $labels.instance }} (probe {{ $labels.probe }}) expires in {{ $value | humanizeDuration }}, less than ${days} days. ${then}`,
        firing: {
            series: { [series]: "864000x120" },
            minute: 100,
            labels: { namespace: NAMESPACE, probe: "log-store", instance: "http://x" },
            says: `The certificate of http://x (probe log-store) expires in 9d 22h 20m 0s, less than 14 days. ${then}`,
        },
        silent: { series: { [series]: "2592000x120" }, minute: 100 },
    };
}
