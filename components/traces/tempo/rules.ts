import { inMib, PUSH } from "../../contracts/push-sizes";
import { ofTenant } from "../../settings/overrides";
import type { Survives } from "../../kubernetes/placement";
import type { PlatformSettings } from "../../settings/platform";
import { byteCount, hours } from "../../settings/units";
import { problem, type SettingsProblem } from "../../settings/problem";
import { ask } from "../../settings/readable";
import { loneRules, replicaRules } from "../../settings/replicas";
import { AT, tempoReplicated } from "./workloads";
import { onLaptop, unusedRules } from "../../settings/unused";
import { tempoDefaults, type TempoSettings, type TempoTenant } from "./settings";
import { valuesRules } from "../../settings/chart-keys";
import { chartKeys as singleChartKeys } from "./single-values-keys.gen";
import { distributedConfigs, singleConfigs } from "./values-configs";
import { chartKeys } from "./values-keys.gen";

export function tempoRules(settings: TempoSettings, platform: PlatformSettings): SettingsProblem[] {
    return ask(
        () => retentionRules(settings, AT),
        () => burstRules(settings, `${AT}.limits`),
        () => factorRules(settings, platform.survives),
        () => countRules(settings, platform.survives),
        () => partRules(settings, platform.survives),
        () => chartRules(settings, platform.survives),
    );
}

/** Settings of parts that are in the one process where nothing is survived. */
function partRules({ volumes: { metricsGenerator } }: TempoSettings, survives: Survives): SettingsProblem[] {
    if (survives !== "nothing") return [];
    const idle = onLaptop("one process does everything, with ingester's volume");
    return unusedRules(`${AT}.volumes`, { metricsGenerator }, tempoDefaults(survives).volumes, idle);
}

/** Where nothing is survived another chart is in use, with other values. */
function chartRules({ values }: TempoSettings, survives: Survives): SettingsProblem[] {
    return survives === "nothing"
        ? valuesRules(`${AT}.values`, values, singleChartKeys, singleConfigs)
        : valuesRules(`${AT}.values`, values, chartKeys, distributedConfigs);
}

function countRules({ replicas }: TempoSettings, survives: Survives): SettingsProblem[] {
    const why = "all of Tempo is one process, a second would know half of the traces";
    return survives === "nothing"
        ? loneRules(tempoReplicated, replicas, why)
        : replicaRules(tempoReplicated, replicas, survives);
}

/** @param path where the tenant's own limits stand in the settings. */
export function tempoTenantRules(tenant: TempoTenant, settings: TempoSettings, path: string): SettingsProblem[] {
    if (!settings.multitenancy) {
        const allowed = `nothing without ${AT}.multitenancy: all traces are one tenant's`;
        return [problem(path, tenant, allowed, `remove it, or read of ${AT}.multitenancy what switching it on means`)];
    }
    return ask(
        () => retentionRules(ofTenant(settings, tenant), path),
        () => burstRules(ofTenant(settings, tenant), path),
    );
}

function retentionRules({ retention }: TempoSettings, path: string): SettingsProblem[] {
    if (hours(retention) >= 1) return [];
    const allowed = "1h or more: blocks are only written after half an hour";
    return [problem(`${path}.retention`, retention, allowed, "write retention: 24h")];
}

function burstRules({ limits }: TempoSettings, path: string): SettingsProblem[] {
    const { ingestBurst, traceSize } = limits;
    if (byteCount(ingestBurst) < PUSH) {
        const allowed = `${inMib(PUSH)}Mi or more, the largest push: one beyond the burst is refused however often it comes`;
        return [problem(`${path}.ingestBurst`, ingestBurst, allowed, `write ingestBurst: ${inMib(PUSH)}Mi or more`)];
    }
    if (byteCount(ingestBurst) >= byteCount(traceSize)) return [];
    const allowed = `${traceSize} (traceSize) or more: a trace sent at once would be refused for ever`;
    return [problem(`${path}.ingestBurst`, ingestBurst, allowed, `write ingestBurst: ${traceSize}`)];
}

function factorRules({ replicationFactor }: TempoSettings, survives: Survives): SettingsProblem[] {
    const factor = survives === "nothing" ? 1 : 3;
    if (replicationFactor === factor) return [];
    return [
        problem(
            `${AT}.replicationFactor`,
            replicationFactor,
            `${factor} with survives: ${survives}`,
            `write replicationFactor: ${factor}, or leave it out`,
        ),
    ];
}
