import { backupSystem } from "../backup/system";
import { blackboxExporterSystem } from "../collectors/blackbox-exporter/system";
import { collectorsSystem } from "../collectors/k8s-monitoring/system";
import { errorsDatabaseSystem } from "../database/postgres/system";
import type { System } from "../contracts/system";
import { ingestGatewaySystem } from "../ingest-gateway/system";
import { secondKindOf } from "../metrics/second";
import { prometheusSystem } from "../monitoring/kube-prometheus-stack/system";
import { signozSystem } from "../signoz/system";
import { collecting } from "./collecting";
import { keepsDatabase, keepsErrors, keepsObjects } from "./buckets";
import { kindOf, sends, type Role } from "./roles";
import type { Settings } from "./settings";

/**
 * What the systems of a stack tell of themselves; one that it does not have tells nothing. Pages put their panels in this
 * order: who sends comes before who stores.
 */
export function systemsOf(settings: Settings): System[] {
    const { backup, blackboxExporter, ingestGateway, signoz } = settings;
    const { replicas, samplesPerScrape } = settings.kubePrometheusStack.prometheus;
    const toldBy = (role: Role) => kindOf(role, settings).told(settings[role], { prometheusReplicas: replicas });
    const metricsStore = toldBy("metrics");
    const second = secondKindOf(settings)?.told(settings.secondMetrics, { prometheusReplicas: replicas });
    const written = [metricsStore, second].flatMap((store) => store?.title ?? []);
    const toHub = sends("metrics", settings);
    const [logStore, traceStore] = [toldBy("logs"), toldBy("traces")];
    const tenantPanels = [metricsStore, logStore, traceStore].flatMap((store) => store?.panels?.tenants ?? []);
    const told = [
        prometheusSystem(
            {
                ...{ replicas, samplesPerScrape },
                ...(toHub
                    ? { metricsStore: "the hub", unsentFor: settings.hub.offline }
                    : { metricsStore: written.join(" or ") }),
            },
            !toHub,
        ),
        collectorsSystem(collecting(settings)),
        ingestGateway.enabled ? ingestGatewaySystem(tenantPanels) : undefined,
        metricsStore,
        second && withoutPanels(second),
        logStore,
        traceStore,
        keepsObjects(settings) ? toldBy("objectStore") : undefined,
        backup.target && backupSystem(backup),
        keepsDatabase(settings) ? toldBy("database") : undefined,
        toldBy("errors"),
        keepsErrors(settings) ? errorsDatabaseSystem(settings.database, !keepsDatabase(settings)) : undefined,
        blackboxExporter.enabled ? blackboxExporterSystem() : undefined,
        signoz.enabled ? signozSystem() : undefined,
    ];
    return told.filter((system) => system !== undefined);
}

/** What it tells beside the pages of the whole, which show the store that all writers write to. */
function withoutPanels(system: System): System {
    return Object.fromEntries(Object.entries(system).filter(([key]) => key !== "panels")) as unknown as System;
}
