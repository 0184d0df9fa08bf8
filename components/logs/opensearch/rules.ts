import { has } from "../../kubernetes/versions";
import { valuesRules } from "../../settings/chart-keys";
import type { PlatformSettings } from "../../settings/platform";
import { problem, type SettingsProblem } from "../../settings/problem";
import { ask } from "../../settings/readable";
import { loneRules, replicaRules } from "../../settings/replicas";
import { byteCount, hours } from "../../settings/units";
import { dashboardsRules } from "./dashboards-settings";
import { chartKeys as dashboardsKeys } from "./dashboards-values-keys.gen";
import { chartKeys as exporterKeys } from "./exporter-values-keys.gen";
import { switchedOff, unusedRules } from "../../settings/unused";
import { opensearchDefaults, type OpensearchSettings } from "./settings";
import { chartKeys as nodeKeys } from "./values-keys.gen";
import { chartKeys as vectorKeys } from "./vector-values-keys.gen";
import { AT, opensearchReplicated } from "./workloads";

type Platform = Pick<PlatformSettings, "survives" | "kubernetes" | "access">;

export function opensearchRules(settings: OpensearchSettings, platform: Platform): SettingsProblem[] {
    const { survives } = platform;
    const { node } = opensearchReplicated;
    return ask(
        () => countRules(settings, survives),
        () => screenRules(settings, survives),
        () =>
            survives === "nothing"
                ? loneRules({ node }, { node: settings.replicas.node }, "a single node looks for no others")
                : [],
        () => copyRules(settings, survives),
        () => zoneRules(settings, platform),
        () => sizeRules(settings),
        () => backupRules(settings),
        () => dashboardsRules(settings.dashboards, platform),
        () => valuesRules(`${AT}.values`, settings.values, nodeKeys),
        () => valuesRules(`${AT}.vectorValues`, settings.vectorValues, vectorKeys),
        () => valuesRules(`${AT}.exporterValues`, settings.exporterValues, exporterKeys),
    );
}

/** Those of Dashboards only where they run. */
function countRules({ dashboards, replicas }: OpensearchSettings, survives: Platform["survives"]): SettingsProblem[] {
    if (dashboards.enabled) return replicaRules(opensearchReplicated, replicas, survives);
    const { node, otlp, gateway } = replicas;
    return replicaRules(opensearchReplicated, { node, otlp, gateway }, survives);
}

function screenRules(settings: OpensearchSettings, survives: Platform["survives"]): SettingsProblem[] {
    const { dashboardsValues, dashboards, replicas } = settings;
    if (dashboards.enabled) return valuesRules(`${AT}.dashboardsValues`, dashboardsValues, dashboardsKeys);
    const own = { replicas: { dashboards: replicas.dashboards }, dashboardsValues };
    return unusedRules(AT, own, opensearchDefaults(survives), switchedOff(`${AT}.dashboards.enabled`));
}

function copyRules({ copies, replicas }: OpensearchSettings, survives: Platform["survives"]): SettingsProblem[] {
    const [least, most] = survives === "nothing" ? [1, 1] : [2, replicas.node];
    if (copies >= least && copies <= most) return [];
    const range = least === most ? String(least) : `from ${least} to ${most}, the number of nodes,`;
    return [problem(`${AT}.copies`, copies, `${range} with survives: ${survives}`, `write ${least}`)];
}

/** Without their names a node does not know its zone, and two copies would share one as soon as two nodes do. */
function zoneRules({ zones, replicas }: OpensearchSettings, platform: Platform): SettingsProblem[] {
    const { survives, kubernetes } = platform;
    if (zones === undefined) {
        if (survives !== "zone" || replicas.node <= 3) return [];
        const allowed = `3, one in each zone, while ${AT}.zones does not name them`;
        return [problem(`${AT}.replicas.node`, replicas.node, allowed, `write 3, or ${AT}.zones`)];
    }
    if (!has(kubernetes, "zoneLabelOnPods") || survives !== "zone") {
        const allowed = 'nothing below survives: zone and kubernetes: "1.35": pods do not know their zone';
        return [problem(`${AT}.zones`, zones, allowed, "remove it")];
    }
    if (replicas.node % zones.length === 0) return [];
    const next = Math.ceil(replicas.node / zones.length) * zones.length;
    const allowed = `a multiple of ${zones.length}, the number of ${AT}.zones`;
    return [problem(`${AT}.replicas.node`, replicas.node, allowed, `write ${next}`)];
}

function sizeRules({ memory, retention }: OpensearchSettings): SettingsProblem[] {
    const problems: SettingsProblem[] = [];
    if (byteCount(memory.node) < byteCount("1Gi")) {
        problems.push(problem(`${AT}.memory.node`, memory.node, "at least 1Gi", "write 1Gi or more"));
    }
    if (hours(retention) < 24 || !Number.isInteger(hours(retention))) {
        const days = Math.max(1, Math.ceil(hours(retention) / 24));
        problems.push(problem(`${AT}.retention`, retention, "whole hours, at least 24h", `write ${days}d`));
    }
    return problems;
}

/** The plugin is not in OpenSearch's own image, and a node with a repository that it does not know does not start. */
function backupRules({ buckets, image }: OpensearchSettings): SettingsProblem[] {
    if (buckets.backup === undefined || image !== undefined) return [];
    const allowed = `nothing without ${AT}.image: OpenSearch's own image has no repository-s3`;
    return [
        problem(`${AT}.buckets.backup`, buckets.backup, allowed, `write image: <one with the plugin>, or remove it`),
    ];
}
