import type * as pulumi from "@pulumi/pulumi";
import { Backup } from "../backup/backup";
import { BlackboxExporter } from "../collectors/blackbox-exporter/blackbox-exporter";
import type { K8sMonitoring } from "../collectors/k8s-monitoring/k8s-monitoring";
import { Pushgateway } from "../collectors/pushgateway/pushgateway";
import type { ErrorStore } from "../contracts/error-store";
import type { Grafana } from "../grafana/grafana";
import { IngestGateway } from "../ingest-gateway/ingest-gateway";
import { healthUrls } from "../monitoring/kube-prometheus-stack/names";
import { made } from "../settings/make";
import { SigNoz } from "../signoz/signoz";
import type { Foundation } from "./foundation";
import type { Settings } from "./settings";
import { keptStores, type Stores } from "./stores";

/** What a stack may have beside the whole; undefined what is switched off. */
export interface AddOns {
    readonly ingestGateway: IngestGateway | undefined;
    readonly pushgateway: Pushgateway | undefined;
}

/** What is probed beside the stores. */
interface Watched {
    readonly grafana: Grafana | undefined;
    readonly collectors: K8sMonitoring;
    readonly errorStore: ErrorStore | undefined;
}

/** Everything that comes last, and that nothing else waits for. */
export function makeAddOns(
    settings: Settings,
    foundation: Foundation,
    stores: Stores,
    { grafana, collectors, errorStore }: Watched,
    child: pulumi.ComponentResourceOptions,
): AddOns {
    const { platform } = settings;
    const { objectStore, namespaces, crds } = foundation;
    const inMonitoring = { platform, namespace: namespaces.monitoring, monitoringCrds: crds.ready };

    const signoz = settings.signoz.enabled
        ? new SigNoz("signoz", { platform, settings: settings.signoz }, child)
        : undefined;
    if (settings.blackboxExporter.enabled) {
        const ingress = grafana &&
            settings.blackboxExporter.probeGrafanaIngress && { "grafana-ingress": `${grafana.url}/api/health` };
        new BlackboxExporter(
            "blackbox-exporter",
            {
                ...inMonitoring,
                settings: settings.blackboxExporter,
                addresses: {
                    objectStore,
                    ...keptStores(stores),
                    services: {
                        ...(grafana && { grafana: grafana.healthUrl }),
                        ...healthUrls,
                        collectors: collectors.healthUrl,
                        ...ingress,
                        ...(errorStore && { "error-store": errorStore.healthUrl }),
                        ...(signoz && { signoz: signoz.healthUrl }),
                    },
                },
            },
            child,
        );
    }
    const ingestGateway = settings.ingestGateway.enabled
        ? new IngestGateway(
              "ingest-gateway",
              { platform, settings: settings.ingestGateway, ...stores, monitoringCrds: crds.ready },
              child,
          )
        : undefined;
    const pushgateway = settings.pushgateway.enabled
        ? new Pushgateway("pushgateway", { ...inMonitoring, settings: settings.pushgateway }, child)
        : undefined;
    makeBackup(settings, foundation, child);
    return { ingestGateway, pushgateway };
}

/** Copies of the buckets, where a second S3 is named. */
function makeBackup(settings: Settings, { objectStore }: Foundation, child: pulumi.ComponentResourceOptions): void {
    const { platform, backup } = settings;
    if (backup.target === undefined) return;
    new Backup("backup", { platform, settings: backup, target: backup.target, objectStore: made(objectStore) }, child);
}
