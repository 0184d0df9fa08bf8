import type { Survives } from "../../kubernetes/placement";
import { valuesRules } from "../../settings/chart-keys";
import type { PlatformSettings } from "../../settings/platform";
import { problem, type SettingsProblem } from "../../settings/problem";
import { ask } from "../../settings/readable";
import { loneRules, replicaRules } from "../../settings/replicas";
import { hours } from "../../settings/units";
import { switchedOff, unusedRules } from "../../settings/unused";
import { vmDefaults, type VmSettings } from "./settings";
import { chartKeys as operatorChartKeys } from "./operator-values-keys.gen";
import { chartKeys as singleChartKeys } from "./single-values-keys.gen";
import { chartKeys } from "./values-keys.gen";
import { AT, vmObjects, vmReplicated } from "./workloads";

/** Rules between VictoriaMetrics' settings, and with what the stack survives. */
export function vmRules(settings: VmSettings, { survives }: Pick<PlatformSettings, "survives">): SettingsProblem[] {
    return ask(
        () => retentionRules(settings),
        () => factorRules(settings, survives),
        () => countRules(settings, survives),
        () => zoneRules(settings, survives),
        () => chartRules(settings, survives),
        () => objectRules(settings, survives),
    );
}

/** Where nothing is survived another chart is in use, with other values. */
function chartRules({ values }: VmSettings, survives: Survives): SettingsProblem[] {
    return valuesRules(`${AT}.values`, values, survives === "nothing" ? singleChartKeys : chartKeys);
}

function countRules({ replicas }: VmSettings, survives: Survives): SettingsProblem[] {
    const { vmstorage, vminsert, vmselect, vmauth } = replicas;
    const store = { vmstorage, vminsert, vmselect, vmauth };
    const why = "all of VictoriaMetrics is one process, a second would know half of the samples";
    return survives === "nothing" ? loneRules(vmReplicated, store, why) : replicaRules(vmReplicated, store, survives);
}

/** What scrapes and evaluates VictoriaMetrics' own objects, where that is wanted. */
function objectRules(settings: VmSettings, survives: Survives): SettingsProblem[] {
    const { objects, memory, operatorValues } = settings;
    const { operator, vmagent, vmalert } = settings.replicas;
    const replicas = { operator, vmagent, vmalert };
    if (!objects) {
        const own = { replicas, memory, volumes: { vmagent: settings.volumes.vmagent }, operatorValues };
        return unusedRules(AT, own, vmDefaults(survives), switchedOff(`${AT}.objects`));
    }
    return [
        ...replicaRules(vmObjects, replicas, survives),
        ...valuesRules(`${AT}.operatorValues`, operatorValues, operatorChartKeys),
    ];
}

function retentionRules({ retention }: VmSettings): SettingsProblem[] {
    if (hours(retention) >= 24) return [];
    return [problem(`${AT}.retention`, retention, "1d or more: the program ends at its start with less", "write 1d")];
}

/**
 * Copies that outlive a loss. With fewer than 2n − 1 servers n copies do not stay n while n − 1 servers are away.
 * https://docs.victoriametrics.com/victoriametrics/cluster-victoriametrics/#replication-and-data-safety
 */
function factorRules({ replicas, replicationFactor }: VmSettings, survives: Survives): SettingsProblem[] {
    const at = `${AT}.replicationFactor`;
    if (survives === "nothing") {
        if (replicationFactor === 1) return [];
        return [problem(at, replicationFactor, "1 with survives: nothing: there is one process", "write 1")];
    }
    if (replicationFactor < 2) return [problem(at, replicationFactor, `2 or 3 to survive a ${survives}`, "write 2")];
    const least = 2 * replicationFactor - 1;
    // With two copies the fewest servers at all are as many.
    if (replicationFactor === 2 || replicas.vmstorage >= least) return [];
    const allowed = `at least ${least}, so that ${replicationFactor} copies stay as many while ${replicationFactor - 1} are away`;
    return [problem(`${AT}.replicas.vmstorage`, replicas.vmstorage, allowed, `write ${least}`)];
}

const ZONES = 3;

/** The program knows no zones: all copies of a sample may stand in one that holds as many servers as there are copies. */
function zoneRules({ replicas, replicationFactor }: VmSettings, survives: Survives): SettingsProblem[] {
    const most = ZONES * (replicationFactor - 1);
    if (survives !== "zone" || replicationFactor < 2 || replicas.vmstorage <= most) return [];
    const allowed = `at most ${most} with survives: zone and ${replicationFactor} copies, which know no zones: all copies of a sample could stand in one`;
    const fix = replicationFactor === 2 ? `write ${most}, and give each more memory` : `write ${most}`;
    return [problem(`${AT}.replicas.vmstorage`, replicas.vmstorage, allowed, fix)];
}

/** Nothing of a tenant's own can be set: the schema refuses every key. */
export function vmTenantRules(): SettingsProblem[] {
    return [];
}
