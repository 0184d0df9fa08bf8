import type { Check } from "../check";
import { alertReceivers } from "./agree/alerts";
import { deduplication } from "./agree/deduplication";
import { gossip } from "./agree/gossip";
import { messageSizes } from "./agree/messages";
import { replicationFactors, sharedRings } from "./agree/rings";
import { servedPaths } from "./agree/served-paths";
import { tenants } from "./agree/tenants";
import { retention, windows } from "./agree/windows";
import { BINARY_CHECKS } from "./binaries";
import { grafanaLogins } from "./grafana-logins";
import { ruleReaders } from "./rule-readers";
import { ruleExpressions } from "./rules-check";
import { configKeys, configSyntax } from "./syntax-checks";

/** What programs are told, each by itself and then all together. */
export const CONFIG_CHECKS: readonly Check[] = [
    ...[configSyntax, configKeys, ruleReaders, ruleExpressions],
    ...[replicationFactors, sharedRings, gossip, tenants, servedPaths, deduplication],
    ...[windows, retention, messageSizes, alertReceivers, grafanaLogins],
    ...BINARY_CHECKS,
];
