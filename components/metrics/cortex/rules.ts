import { ofTenant } from "../../settings/overrides";
import type { PlatformSettings } from "../../settings/platform";
import { hours } from "../../settings/units";
import { problem, type SettingsProblem } from "../../settings/problem";
import type { CortexSettings, CortexTenant } from "./settings";

/** Fewest replicas that outlive a node or a zone with room for the load of the one that is gone. */
export const MINIMUM: CortexSettings["replicas"] = {
    distributor: 3,
    ingester: 3,
    querier: 3,
    queryFrontend: 2,
    storeGateway: 3,
    compactor: 2,
    ruler: 2,
    gateway: 2,
};

/** Rules between Cortex' settings, and with what the stack survives. */
export function cortexRules(settings: CortexSettings, platform: Pick<PlatformSettings, "survives">): SettingsProblem[] {
    return [
        ...replicaRules(settings, platform),
        ...windowRules(settings),
        ...retentionRules(settings, "metrics"),
        ...burstRules(settings, "metrics.limits"),
    ];
}

/** @param path where the tenant's own limits stand in the settings. */
export function cortexTenantRules(tenant: CortexTenant, settings: CortexSettings, path: string): SettingsProblem[] {
    const own = ofTenant(settings, tenant);
    return [...retentionRules(own, path), ...burstRules(own, path)];
}

function burstRules({ limits }: CortexSettings, path: string): SettingsProblem[] {
    const { ingestionBurst, ingestionRate } = limits;
    if (ingestionBurst >= ingestionRate) return [];
    const allowed = `at least ${path}.ingestionRate`;
    return [problem(`${path}.ingestionBurst`, ingestionBurst, allowed, `write ${ingestionRate * 2}`)];
}

function replicaRules(settings: CortexSettings, { survives }: Pick<PlatformSettings, "survives">): SettingsProblem[] {
    const problems: SettingsProblem[] = [];
    const { replicas: given, replicationFactor, caches } = settings;
    if (survives !== "nothing" && replicationFactor < 3) {
        problems.push(problem("metrics.replicationFactor", replicationFactor, `3 to survive a ${survives}`, "write 3"));
    }
    for (const [name, replicas] of Object.entries(given) as [keyof typeof given, number][]) {
        const stores = name === "ingester" || name === "storeGateway";
        const fewest = Math.max(survives === "nothing" ? 1 : MINIMUM[name], stores ? replicationFactor : 1);
        if (replicas >= fewest) continue;
        const why = survives === "nothing" ? "as many as replicationFactor says" : `to survive a ${survives}`;
        problems.push(problem(`metrics.replicas.${name}`, replicas, `at least ${fewest}, ${why}`, `write ${fewest}`));
    }
    if (survives !== "nothing" && caches.enabled && caches.replicas < 2) {
        problems.push(
            problem("metrics.caches.replicas", caches.replicas, `at least 2, to survive a ${survives}`, "write 2"),
        );
    }
    return problems;
}

/** Hours after which a sample is surely in a block that every store gateway knows: 2 h blocks, cut and uploaded up to an hour late, found within another. */
const SAFELY_STORED = 4;

/** Samples leave the ingesters' view only after they have come into the store gateways': no gap between them. */
function windowRules({ windows }: CortexSettings): SettingsProblem[] {
    const problems: SettingsProblem[] = [];
    const { queryStoreAfter, queryIngestersWithin, ingesterRetention } = windows;
    const wrong = (key: string, given: string, allowed: string, fix: string) =>
        problems.push(problem(`metrics.${key}`, given, allowed, fix));
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
            "more than metrics.windows.queryStoreAfter: samples between them are in no answer",
            `write ${hours(queryStoreAfter) + 1}h`,
        );
    }
    if (hours(ingesterRetention) < hours(queryIngestersWithin)) {
        wrong(
            "windows.ingesterRetention",
            ingesterRetention,
            "at least metrics.windows.queryIngestersWithin: ingesters are asked for what they have deleted",
            `write ${hours(queryIngestersWithin)}h`,
        );
    }
    return problems;
}

function retentionRules({ windows, retention }: CortexSettings, path: string): SettingsProblem[] {
    const shortest = Math.max(24, hours(windows.ingesterRetention));
    if (hours(retention) >= shortest) return [];
    const allowed = "at least a day (the longest block) and metrics.windows.ingesterRetention";
    return [problem(`${path}.retention`, retention, allowed, `write ${Math.ceil(shortest / 24)}d`)];
}
