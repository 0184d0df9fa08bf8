import { hubDefaults, hasHub } from "../egress-gateway/settings";
import { postgresDefaults } from "../database/postgres/settings";
import { kubePrometheusStackDefaults } from "../monitoring/kube-prometheus-stack/settings";
import { problem, type SettingsProblem } from "../settings/problem";
import { ask } from "../settings/readable";
import { PLACED, type Placed } from "../settings/scheduling";
import { switchedOff, unused, unusedRules } from "../settings/unused";
import { keepsDatabase, keepsErrors, keepsObjects } from "./buckets";
import { kindOf, ROLES, sends, sendersOf, storeKindOf } from "./roles";
import type { Settings } from "./slices";

/** Settings of what is not in this stack, which would be passed over in silence. */
export function idleRules(settings: Settings): SettingsProblem[] {
    return ask(
        () => placementRules(settings),
        () => objectStoreRules(settings),
        () => databaseRules(settings),
        () => errorsRules(settings),
        () => loadRules(settings),
        () => rulerRules(settings),
        () => hubRules(settings),
        () => probeRules(settings),
    );
}

/** Nodes of a system of which nothing runs in the cluster. */
function placementRules(settings: Settings): SettingsProblem[] {
    const { platform, blackboxExporter, ingestGateway, pushgateway, signoz, backup } = settings;
    const absent: Partial<Record<Placed, () => boolean>> = {
        objectStore: () => !keepsObjects(settings) || kindOf("objectStore", settings).namespaces.length === 0,
        database: () => !keepsDatabase(settings) && !keepsErrors(settings),
        errors: () => kindOf("errors", settings).namespaces.length === 0,
        grafana: () => !settings.grafana.enabled,
        hub: () => sendersOf(settings).length === 0,
        blackboxExporter: () => !blackboxExporter.enabled,
        ingestGateway: () => !ingestGateway.enabled,
        pushgateway: () => !pushgateway.enabled,
        signoz: () => !signoz.enabled,
        backup: () => backup.target === undefined,
    };
    return PLACED.flatMap((system) => {
        if (platform.placement[system] === undefined || absent[system]?.() !== true) return [];
        const allowed = "nothing, since nothing of it runs in this cluster";
        return [problem(`placement.${system}`, "nodes of its own", allowed, "remove it")];
    });
}

/** A stack that sends all that it takes, and archives nothing, has no object store. */
function objectStoreRules(settings: Settings): SettingsProblem[] {
    if (keepsObjects(settings)) return [];
    const [first] = ROLES.objectStore;
    const usual = kindOf("objectStore", settings).defaults(settings.platform.survives, {});
    return unusedRules("objectStore", settings.objectStore, { ...usual, kind: first.kind }, NO_BUCKETS);
}

const NO_BUCKETS = { where: "where no role has buckets" };

/** Grafana's cluster, and what serves that of errors as well. A laptop's has a rule of its own. */
function databaseRules(settings: Settings): SettingsProblem[] {
    const { survives } = settings.platform;
    if (keepsDatabase(settings) || survives === "nothing") return [];
    const { instances, volume, recoverFrom, rotation, backup, replicas, values, pluginValues } = settings.database;
    const grafanas = { instances, volume, recoverFrom, rotation };
    const own = keepsErrors(settings) ? grafanas : { ...grafanas, backup, replicas, values, pluginValues };
    return unusedRules("database", own, postgresDefaults(survives), switchedOff("grafana.enabled"));
}

/** A database that nobody writes to is not made, and what nobody takes is no load. */
function errorsRules(settings: Settings): SettingsProblem[] {
    if (keepsErrors(settings)) return [];
    const { load, survives } = settings.platform;
    const idle = { where: "where no errors are kept in this stack", instead: "write errors: { kind: glitchtip }" };
    return [
        ...unusedRules("database.errors", settings.database.errors, postgresDefaults(survives).errors, idle),
        ...(load?.errors === undefined ? [] : [unused("load.errors", load.errors, idle)]),
    ];
}

/** What is sized by a load: a store of this stack, and what waits in it while the hub is away. */
function loadRules(settings: Settings): SettingsProblem[] {
    const { load } = settings.platform;
    return (
        [
            ["logs", "logs"],
            ["spans", "traces"],
        ] as const
    ).flatMap(([key, role]) => {
        if (load?.[key] === undefined || sends(role, settings) || storeKindOf(role, settings).needs !== undefined)
            return [];
        const where = `with ${role}.kind: ${settings[role].kind}: nothing of this stack is sized by them`;
        return [unused(`load.${key}`, load[key], { where })];
    });
}

/** There is no ruler where the metrics are in another cluster. */
function rulerRules(settings: Settings): SettingsProblem[] {
    if (!sends("metrics", settings)) return [];
    const { ruler } = settings.kubePrometheusStack;
    const usual = kubePrometheusStackDefaults(settings.platform.survives).ruler;
    const idle = { where: "with metrics.kind: remote: rules on what the hub keeps are evaluated there" };
    return unusedRules("kubePrometheusStack.ruler", ruler, usual, idle);
}

function hubRules(settings: Settings): SettingsProblem[] {
    if (sendersOf(settings).length > 0) return [];
    const idle = { where: "where no role is sent there", instead: "write metrics: { kind: remote }" };
    return hasHub(settings.hub)
        ? [unused("hub", "a hub", idle)]
        : unusedRules("hub", settings.hub, hubDefaults(settings.platform.survives), idle);
}

function probeRules({ grafana, blackboxExporter }: Settings): SettingsProblem[] {
    if (grafana.enabled || !blackboxExporter.enabled || !blackboxExporter.probeGrafanaIngress) return [];
    return [unused("blackboxExporter.probeGrafanaIngress", true, switchedOff("grafana.enabled"))];
}
