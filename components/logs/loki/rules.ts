import { inMib, PUSH } from "../../contracts/push-sizes";
import type { Survives } from "../../kubernetes/placement";
import { ofTenant } from "../../settings/overrides";
import type { PlatformSettings } from "../../settings/platform";
import { byteCount, hours } from "../../settings/units";
import { problem, type SettingsProblem } from "../../settings/problem";
import { ask } from "../../settings/readable";
import { loneRules, replicaRules } from "../../settings/replicas";
import { onLaptop, unusedRules } from "../../settings/unused";
import { lokiDefaults, type LokiSettings, type LokiTenant } from "./settings";
import { AT, lokiReplicated } from "./workloads";
import { valuesRules } from "../../settings/chart-keys";
import { valuesConfigs } from "./values-configs";
import { chartKeys } from "./values-keys.gen";

const GIB = 1024 ** 3;

/**
 * Rules between several settings of Loki.
 * @param now the time that "in the past" is measured by.
 */
export function lokiRules(settings: LokiSettings, platform: PlatformSettings, now = new Date()): SettingsProblem[] {
    return ask(
        () => retentionRules(settings, AT),
        () => burstRules(settings, `${AT}.limits`),
        () => schemaRules(settings, now),
        () => factorRules(settings, platform.survives),
        () => countRules(settings, platform.survives),
        () => cacheRules(settings, platform.survives),
        () => sizeRules(settings),
        () => partRules(settings, platform.survives),
        () => valuesRules(`${AT}.values`, settings.values, chartKeys, valuesConfigs),
    );
}

/** Settings of parts that are in the one process where nothing is survived. */
function partRules({ volumes, memory }: LokiSettings, survives: Survives): SettingsProblem[] {
    if (survives !== "nothing") return [];
    const usual = lokiDefaults(survives);
    const { indexGateway, compactor, ruler } = volumes;
    const idle = onLaptop("one process does everything, with ingester's volume and memory");
    return [
        ...unusedRules(`${AT}.volumes`, { indexGateway, compactor, ruler }, usual.volumes, idle),
        ...unusedRules(`${AT}.memory`, { querier: memory.querier }, usual.memory, idle),
    ];
}

function countRules({ replicas }: LokiSettings, survives: Survives): SettingsProblem[] {
    return survives === "nothing"
        ? loneRules(lokiReplicated, replicas, "one process does everything, so that any other number does nothing")
        : replicaRules(lokiReplicated, replicas, survives);
}

/** Replicas of caches that do not run. */
function cacheRules({ caches, replicas }: LokiSettings, survives: Survives): SettingsProblem[] {
    const usual = lokiDefaults(survives).replicas;
    return (["chunks", "results"] as const).flatMap((cache) => {
        if (survives === "nothing" || caches[`${cache}Mb`] > 0) return [];
        const idle = { where: `with ${AT}.caches.${cache}Mb: 0`, instead: `write ${cache}Mb: 1024` };
        const own = { [`${cache}Cache`]: replicas[`${cache}Cache`] };
        return unusedRules(`${AT}.replicas`, own, usual, idle);
    });
}

/** @param path where the tenant's own limits stand in the settings. */
export function lokiTenantRules(tenant: LokiTenant, settings: LokiSettings, path: string): SettingsProblem[] {
    return ask(
        () => retentionRules(ofTenant(settings, tenant), path),
        () => burstRules(ofTenant(settings, tenant), path),
    );
}

/** Loki deletes whole days of index; it takes a shorter retention without a word and does not keep to it. */
function retentionRules({ retention }: LokiSettings, path: string): SettingsProblem[] {
    const kept = hours(retention);
    if (kept >= 24 && kept % 24 === 0) return [];
    const days = Math.max(1, Math.ceil(kept / 24));
    return [problem(`${path}.retention`, retention, "a multiple of 24h, at least 24h", `write ${days}d`)];
}

function schemaRules({ schema }: LokiSettings, now: Date): SettingsProblem[] {
    const problems: SettingsProblem[] = [];
    const today = now.toISOString().slice(0, 10);
    schema.forEach(({ from }, i) => {
        const before = schema[i - 1]?.from;
        if (before !== undefined && from <= before) {
            problems.push(
                problem(
                    `${AT}.schema[${i}].from`,
                    from,
                    `a day after ${before}`,
                    "put periods in the order of their first days",
                ),
            );
        }
        if (i === 0 && from >= today) {
            problems.push(
                problem(`${AT}.schema[0].from`, from, "a day in the past", "write a day before the first log line"),
            );
        }
    });
    return problems;
}

/** Copies that outlive a loss; one where there is one process. */
function factorRules({ replicationFactor }: LokiSettings, survives: Survives): SettingsProblem[] {
    const [factor, other] = survives === "nothing" ? [1, "survives: node"] : [3, "survives: nothing"];
    if (replicationFactor === factor) return [];
    const allowed = `${factor} while survives is ${survives}`;
    return [problem(`${AT}.replicationFactor`, replicationFactor, allowed, `write ${factor}, or ${other}`)];
}

function sizeRules({ volumes, memory }: LokiSettings): SettingsProblem[] {
    const problems: SettingsProblem[] = [];
    if (byteCount(memory.ingester) < GIB / 4) {
        problems.push(problem(`${AT}.memory.ingester`, memory.ingester, "at least 256Mi", "write 256Mi or more"));
    }
    // A checkpoint of all that is in memory is written beside the one before it.
    if (byteCount(volumes.ingester) < 2 * byteCount(memory.ingester)) {
        const needed = `${Math.ceil((2 * byteCount(memory.ingester)) / GIB)}Gi`;
        problems.push(
            problem(
                `${AT}.volumes.ingester`,
                volumes.ingester,
                `at least twice ${AT}.memory.ingester (${memory.ingester})`,
                `write ${needed} or more`,
            ),
        );
    }
    return problems;
}

function burstRules({ limits }: LokiSettings, path: string): SettingsProblem[] {
    const { ingestionBurstMb, ingestionRateMb } = limits;
    const problems = [];
    if (ingestionBurstMb < ingestionRateMb) {
        const allowed = `at least ${path}.ingestionRateMb (${ingestionRateMb})`;
        problems.push(problem(`${path}.ingestionBurstMb`, ingestionBurstMb, allowed, `write ${2 * ingestionRateMb}`));
    }
    if (ingestionBurstMb < inMib(PUSH)) {
        const allowed = `at least ${inMib(PUSH)}, the largest push: one beyond the burst is refused however often it comes`;
        problems.push(problem(`${path}.ingestionBurstMb`, ingestionBurstMb, allowed, `write ${inMib(PUSH)} or more`));
    }
    return problems;
}
