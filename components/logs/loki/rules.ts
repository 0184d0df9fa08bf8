import { ofTenant } from "../../settings/overrides";
import type { PlatformSettings } from "../../settings/platform";
import { byteCount, hours } from "../../settings/units";
import { problem, type SettingsProblem } from "../../settings/problem";
import type { LokiSettings, LokiTenant } from "./settings";

const GIB = 1024 ** 3;

/**
 * Fewest replicas of what serves pushes, queries or alerts, where something may be lost. Distributors and queriers are
 * three, so that two thirds of their capacity are left while one restarts.
 */
const SERVING = {
    gateway: 2,
    distributor: 3,
    querier: 3,
    queryFrontend: 2,
    queryScheduler: 2,
    indexGateway: 2,
    ruler: 2,
} as const;

/**
 * Rules between several settings of Loki.
 * @param now the time that "in the past" is measured by.
 */
export function lokiRules(settings: LokiSettings, platform: PlatformSettings, now = new Date()): SettingsProblem[] {
    return [
        ...retentionRules(settings, "logs"),
        ...burstRules(settings, "logs.limits"),
        ...schemaRules(settings, now),
        ...(platform.survives === "nothing" ? loneRules(settings) : replicaRules(settings, platform.survives)),
        ...sizeRules(settings),
    ];
}

/** @param path where the tenant's own limits stand in the settings. */
export function lokiTenantRules(tenant: LokiTenant, settings: LokiSettings, path: string): SettingsProblem[] {
    const own = ofTenant(settings, tenant);
    return [...retentionRules(own, path), ...burstRules(own, path)];
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
                    `logs.schema[${i}].from`,
                    from,
                    `a day after ${before}`,
                    "put periods in the order of their first days",
                ),
            );
        }
        if (i === 0 && from >= today) {
            problems.push(
                problem("logs.schema[0].from", from, "a day in the past", "write a day before the first log line"),
            );
        }
    });
    return problems;
}

/** One process with one replica runs everything: any other number would be silently without effect. */
function loneRules({ replicas, replicationFactor }: LokiSettings): SettingsProblem[] {
    const problems = Object.entries(replicas)
        .filter(([, n]) => n !== 1)
        .map(([workload, n]) =>
            problem(`logs.replicas.${workload}`, n, "1 while survives is nothing", "write 1, or survives: node"),
        );
    if (replicationFactor !== 1) {
        problems.push(
            problem(
                "logs.replicationFactor",
                replicationFactor,
                "1 while survives is nothing",
                "write 1, or survives: node",
            ),
        );
    }
    return problems;
}

function replicaRules({ replicas, replicationFactor }: LokiSettings, survives: "node" | "zone"): SettingsProblem[] {
    const problems: SettingsProblem[] = [];
    if (replicationFactor !== 3) {
        problems.push(
            problem(
                "logs.replicationFactor",
                replicationFactor,
                `3 while survives is ${survives}`,
                "write 3, or survives: nothing",
            ),
        );
    }
    if (replicas.ingester < replicationFactor) {
        problems.push(
            problem(
                "logs.replicas.ingester",
                replicas.ingester,
                "at least the replication factor",
                `write ${replicationFactor}`,
            ),
        );
    }
    // The ring knows no zones here: of four ingesters two share one, and with it a stream may lose its quorum.
    if (survives === "zone" && replicas.ingester > replicationFactor) {
        problems.push(
            problem(
                "logs.replicas.ingester",
                replicas.ingester,
                `${replicationFactor} while survives is zone, one for each zone`,
                `write ${replicationFactor} and raise logs.memory.ingester`,
            ),
        );
    }
    for (const [workload, least] of Object.entries(SERVING) as [keyof typeof SERVING, number][]) {
        if (replicas[workload] < least) {
            problems.push(
                problem(
                    `logs.replicas.${workload}`,
                    replicas[workload],
                    `at least ${least} while survives is ${survives}`,
                    `write ${least}`,
                ),
            );
        }
    }
    return problems;
}

function sizeRules({ volumes, memory }: LokiSettings): SettingsProblem[] {
    const problems: SettingsProblem[] = [];
    if (byteCount(memory.ingester) < GIB / 4) {
        problems.push(problem("logs.memory.ingester", memory.ingester, "at least 256Mi", "write 256Mi or more"));
    }
    for (const [workload, size] of Object.entries(volumes)) {
        if (byteCount(size) < GIB)
            problems.push(problem(`logs.volumes.${workload}`, size, "at least 1Gi", "write 1Gi or more"));
    }
    // A checkpoint of all that is in memory is written beside the one before it.
    if (byteCount(volumes.ingester) < 2 * byteCount(memory.ingester)) {
        const needed = `${Math.ceil((2 * byteCount(memory.ingester)) / GIB)}Gi`;
        problems.push(
            problem(
                "logs.volumes.ingester",
                volumes.ingester,
                `at least twice logs.memory.ingester (${memory.ingester})`,
                `write ${needed} or more`,
            ),
        );
    }
    return problems;
}

function burstRules({ limits }: LokiSettings, path: string): SettingsProblem[] {
    const { ingestionBurstMb, ingestionRateMb } = limits;
    if (ingestionBurstMb >= ingestionRateMb) return [];
    const allowed = `at least ${path}.ingestionRateMb (${ingestionRateMb})`;
    return [problem(`${path}.ingestionBurstMb`, ingestionBurstMb, allowed, `write ${2 * ingestionRateMb}`)];
}
