import { inMib, PUSH } from "../../contracts/push-sizes";
import { ofTenant } from "../../settings/overrides";
import type { Survives } from "../../kubernetes/placement";
import type { PlatformSettings } from "../../settings/platform";
import { byteCount, hours } from "../../settings/units";
import { problem, type SettingsProblem } from "../../settings/problem";
import { loneRules, replicaRules } from "../../settings/replicas";
import { AT, tempoReplicated } from "./workloads";
import type { TempoSettings, TempoTenant } from "./settings";

export function tempoRules(settings: TempoSettings, { survives }: PlatformSettings): SettingsProblem[] {
    const { replicas } = settings;
    return [
        ...limitRules(settings, { retention: AT, limits: `${AT}.limits` }),
        ...factorRules(settings, survives),
        ...(survives === "nothing"
            ? loneRules(
                  tempoReplicated,
                  replicas,
                  "all of Tempo is one process, a second would know half of the traces",
              )
            : replicaRules(tempoReplicated, replicas, survives)),
    ];
}

/** @param path where the tenant's own limits stand in the settings. */
export function tempoTenantRules(tenant: TempoTenant, settings: TempoSettings, path: string): SettingsProblem[] {
    if (!settings.multitenancy) {
        const allowed = `nothing without ${AT}.multitenancy: all traces are one tenant's`;
        return [problem(path, tenant, allowed, `remove it, or read of ${AT}.multitenancy what switching it on means`)];
    }
    return limitRules(ofTenant(settings, tenant), { retention: path, limits: path });
}

function limitRules(
    { retention, limits }: TempoSettings,
    path: { retention: string; limits: string },
): SettingsProblem[] {
    const problems: SettingsProblem[] = [];
    if (hours(retention) < 1) {
        problems.push(
            problem(
                `${path.retention}.retention`,
                retention,
                "1h or more: blocks are only written after half an hour",
                "write retention: 24h",
            ),
        );
    }
    if (byteCount(limits.ingestBurst) < PUSH) {
        problems.push(
            problem(
                `${path.limits}.ingestBurst`,
                limits.ingestBurst,
                `${inMib(PUSH)}Mi or more, the largest push: one beyond the burst is refused however often it comes`,
                `write ingestBurst: ${inMib(PUSH)}Mi or more`,
            ),
        );
    }
    if (byteCount(limits.ingestBurst) < byteCount(limits.traceSize)) {
        problems.push(
            problem(
                `${path.limits}.ingestBurst`,
                limits.ingestBurst,
                `${limits.traceSize} (traceSize) or more: a trace sent at once would be refused for ever`,
                `write ingestBurst: ${limits.traceSize}`,
            ),
        );
    }
    return problems;
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
