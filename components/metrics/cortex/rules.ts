import { ofTenant } from "../../settings/overrides";
import { SINCE } from "../../kubernetes/versions";
import { zoneAware } from "./config";
import type { PlatformSettings } from "../../settings/platform";
import { hours } from "../../settings/units";
import { problem, type SettingsProblem } from "../../settings/problem";
import { ask } from "../../settings/readable";
import { replicaRules } from "../../settings/replicas";
import { unusedWhileOff } from "../../settings/unused";
import { cortexDefaults, type CortexSettings, type CortexTenant } from "./settings";
import { AT, cortexCaches, cortexReplicated } from "./workloads";
import { valuesRules } from "../../settings/chart-keys";
import { valuesConfigs } from "./values-configs";
import { chartKeys } from "./values-keys.gen";

/** Rules between Cortex' settings, and with what the stack survives. */
export function cortexRules(
    settings: CortexSettings,
    platform: Pick<PlatformSettings, "survives" | "ipFamilies" | "kubernetes">,
): SettingsProblem[] {
    return ask(
        () => familyRules(platform),
        () => zoneRules(settings, platform),
        () => factorRules(settings, platform),
        () => replicaRules(cortexReplicated, settings.replicas, platform.survives),
        () => cacheRules(settings, platform),
        () => windowRules(settings),
        () => retentionRules(settings, AT),
        () => burstRules(settings, `${AT}.limits`),
        () => valuesRules(`${AT}.values`, settings.values, chartKeys, valuesConfigs),
    );
}

/** Three members in three zones hold three copies in each; of more, two in one zone may hold two of the same. */
function zoneRules(
    { replicas, replicationFactor }: CortexSettings,
    platform: Pick<PlatformSettings, "survives" | "kubernetes">,
): SettingsProblem[] {
    if (platform.survives !== "zone" || zoneAware(platform)) return [];
    return (["ingester", "storeGateway"] as const)
        .filter((name) => replicas[name] > replicationFactor)
        .map((name) =>
            problem(
                `${AT}.replicas.${name}`,
                replicas[name],
                `${replicationFactor} with survives: zone on Kubernetes before ${SINCE.zoneLabelOnPods}, whose pods do not know their zone: two copies may share one`,
                `kubernetes: "${SINCE.zoneLabelOnPods}" where every cluster has it, or metrics: { replicas: { ${name}: ${replicationFactor} } }`,
            ),
        );
}

/** A member of a ring finds its own address among those of IPv4: github.com/cortexproject/cortex, pkg/util/net.go. */
function familyRules({ ipFamilies }: Pick<PlatformSettings, "ipFamilies">): SettingsProblem[] {
    if (ipFamilies !== "ipv6") return [];
    const allowed = "ipv4 or dual with metrics.kind: cortex: its members find each other by IPv4";
    return [problem("ipFamilies", ipFamilies, allowed, "write dual, on a cluster whose pods have both")];
}

/** @param path where the tenant's own limits stand in the settings. */
export function cortexTenantRules(tenant: CortexTenant, settings: CortexSettings, path: string): SettingsProblem[] {
    return ask(
        () => retentionRules(ofTenant(settings, tenant), path),
        () => burstRules(ofTenant(settings, tenant), path),
    );
}

function cacheRules({ caches }: CortexSettings, { survives }: Pick<PlatformSettings, "survives">): SettingsProblem[] {
    return caches.enabled
        ? replicaRules(cortexCaches, { results: caches.replicas }, survives)
        : unusedWhileOff(`${AT}.caches`, caches, cortexDefaults(survives).caches);
}

function burstRules({ limits }: CortexSettings, path: string): SettingsProblem[] {
    const { ingestionBurst, ingestionRate } = limits;
    if (ingestionBurst >= ingestionRate) return [];
    const allowed = `at least ${path}.ingestionRate`;
    return [problem(`${path}.ingestionBurst`, ingestionBurst, allowed, `write ${ingestionRate * 2}`)];
}

/** Copies that outlive a loss, and no more of them than there are pods to hold them. */
function factorRules(settings: CortexSettings, { survives }: Pick<PlatformSettings, "survives">): SettingsProblem[] {
    const { replicas, replicationFactor } = settings;
    if (survives !== "nothing") {
        if (replicationFactor === 3) return [];
        return [problem(`${AT}.replicationFactor`, replicationFactor, `3 to survive a ${survives}`, "write 3")];
    }
    return (["ingester", "storeGateway"] as const)
        .filter((name) => replicas[name] < replicationFactor)
        .map((name) => {
            const allowed = `at least ${replicationFactor}, as many as ${AT}.replicationFactor says`;
            return problem(`${AT}.replicas.${name}`, replicas[name], allowed, `write ${replicationFactor}`);
        });
}

/** Hours after which a sample is surely in a block that every store gateway knows: 2 h blocks, cut and uploaded up to an hour late, found within another. */
const SAFELY_STORED = 4;

/** Samples leave the ingesters' view only after they have come into the store gateways': no gap between them. */
function windowRules({ windows }: CortexSettings): SettingsProblem[] {
    const problems: SettingsProblem[] = [];
    const { queryStoreAfter, queryIngestersWithin, ingesterRetention } = windows;
    const wrong = (key: string, given: string, allowed: string, fix: string) =>
        problems.push(problem(`${AT}.${key}`, given, allowed, fix));
    if (hours(queryStoreAfter) < SAFELY_STORED) {
        wrong(
            "windows.queryStoreAfter",
            queryStoreAfter,
            "at least 4h: younger blocks may not be found yet",
            "write 12h",
        );
    }
    if (hours(queryIngestersWithin) <= hours(queryStoreAfter)) {
        wrong(
            "windows.queryIngestersWithin",
            queryIngestersWithin,
            `more than ${AT}.windows.queryStoreAfter: samples between them are in no answer`,
            `write ${Math.ceil(hours(queryStoreAfter)) + 1}h`,
        );
    }
    if (hours(ingesterRetention) < hours(queryIngestersWithin)) {
        wrong(
            "windows.ingesterRetention",
            ingesterRetention,
            `at least ${AT}.windows.queryIngestersWithin: ingesters are asked for what they have deleted`,
            `write ${Math.ceil(hours(queryIngestersWithin))}h`,
        );
    }
    return problems;
}

function retentionRules({ windows, retention }: CortexSettings, path: string): SettingsProblem[] {
    const shortest = Math.max(24, hours(windows.ingesterRetention));
    if (hours(retention) >= shortest) return [];
    const allowed = `at least a day (the longest block) and ${AT}.windows.ingesterRetention`;
    return [problem(`${path}.retention`, retention, allowed, `write ${Math.ceil(shortest / 24)}d`)];
}
