import type { PlatformSettings } from "../../settings/platform";
import { valuesRules } from "../../settings/chart-keys";
import { problem, type SettingsProblem } from "../../settings/problem";
import { ask } from "../../settings/readable";
import { replicaRules } from "../../settings/replicas";
import { hours } from "../../settings/units";
import { unusedWhileOff } from "../../settings/unused";
import { thanosDefaults, type ThanosSettings } from "./settings";
import { chartKeys } from "./values-keys.gen";
import { AT, thanosCaches, thanosReplicated } from "./workloads";

/** Rules between Thanos' settings, and with what the stack survives. */
export function thanosRules(
    settings: ThanosSettings,
    { survives, ipFamilies }: Pick<PlatformSettings, "survives" | "ipFamilies">,
): SettingsProblem[] {
    return ask(
        () => familyRules(ipFamilies),
        () => factorRules(settings, survives),
        () => replicaRules(thanosReplicated, settings.replicas, survives),
        () => cacheRules(settings, survives),
        () => retentionRules(settings),
        () => deletionRules(settings),
        () => valuesRules(`${AT}.values`, settings.values, chartKeys),
    );
}

/** The chart has every part listen on 0.0.0.0. */
function familyRules(ipFamilies: PlatformSettings["ipFamilies"]): SettingsProblem[] {
    if (ipFamilies !== "ipv6") return [];
    const allowed = "ipv4 or dual with metrics.kind: thanos: its parts listen on IPv4 alone";
    return [problem("ipFamilies", ipFamilies, allowed, "write dual, on a cluster whose pods have both")];
}

function cacheRules({ caches }: ThanosSettings, survives: PlatformSettings["survives"]): SettingsProblem[] {
    const { enabled, replicas } = caches;
    // Their sizes are those of what each pod caches for itself.
    return enabled
        ? replicaRules(thanosCaches, { results: replicas }, survives)
        : unusedWhileOff(`${AT}.caches`, { replicas }, thanosDefaults(survives).caches);
}

/** Copies that outlive a loss, and no more of them than there are ingestors to hold them. */
function factorRules(settings: ThanosSettings, survives: PlatformSettings["survives"]): SettingsProblem[] {
    const { replicas, replicationFactor } = settings;
    if (survives !== "nothing") {
        if (replicationFactor === 3) return [];
        return [problem(`${AT}.replicationFactor`, replicationFactor, `3 to survive a ${survives}`, "write 3")];
    }
    if (replicas.ingestor >= replicationFactor) return [];
    const allowed = `at least ${replicationFactor}, as many as ${AT}.replicationFactor says`;
    return [problem(`${AT}.replicas.ingestor`, replicas.ingestor, allowed, `write ${replicationFactor}`)];
}

/** Hours after which a sample is surely in a block that every store gateway knows: a block of two hours, cut an hour late, uploaded, found within a quarter of an hour. */
const SAFELY_STORED = 6;
/** Days from which on the coarsest samples are made; outdated before, they would be deleted with what they are made of. */
const DOWNSAMPLED = 10;

function retentionRules({ retention, ingestorRetention, downsampling }: ThanosSettings): SettingsProblem[] {
    const problems: SettingsProblem[] = [];
    if (hours(ingestorRetention) < SAFELY_STORED) {
        const allowed = `at least ${SAFELY_STORED}h: store gateways may not have found younger blocks yet`;
        problems.push(problem(`${AT}.ingestorRetention`, ingestorRetention, allowed, "write 24h"));
    }
    const shortest = Math.max(24, hours(ingestorRetention), downsampling ? (DOWNSAMPLED + 1) * 24 : 0);
    if (hours(retention) < shortest) {
        const allowed = downsampling
            ? `more than ${DOWNSAMPLED}d with ${AT}.downsampling: samples are made coarse once they are so old`
            : `at least a day and ${AT}.ingestorRetention`;
        problems.push(problem(`${AT}.retention`, retention, allowed, `write ${Math.ceil(shortest / 24)}d`));
    }
    return problems;
}

/** Store gateways leave a marked block out after half of the delay, and find what replaces it within a quarter of an hour. */
function deletionRules({ deletionDelay }: ThanosSettings): SettingsProblem[] {
    if (hours(deletionDelay) >= 2) return [];
    const allowed = "at least 2h: store gateways would read blocks that are gone";
    return [problem(`${AT}.deletionDelay`, deletionDelay, allowed, "write 48h")];
}
