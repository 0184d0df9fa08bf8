import type { AlertReceiver } from "../../contracts/alert-receiver";
import type { Tenancy } from "../../contracts/tenancy";
import { pullSecrets } from "../../kubernetes/image-pull";
import { hostAntiAffinity, zoneSpread } from "../../kubernetes/placement";
import { resources } from "../../kubernetes/resources";
import { byteCount } from "../../settings/units";
import { vmClusterChart, vmOperatorChart } from "./chart";
import { common } from "./flags";
import {
    HA_LABELS,
    NOTIFIERS_KEY,
    NOTIFIERS_SECRET,
    PORTS,
    pushUrl,
    queryUrl,
    resultsUrl,
    VMAGENT,
    VMALERT,
} from "./names";
import type { VmSettings } from "./settings";
import type { VmValuesArgs } from "./values-args";
import { rolling, unannotated } from "./workload";
import { vmObjects } from "./workloads";

export interface ObjectsArgs extends Pick<VmValuesArgs, "platform" | "settings" | "scrapeInterval"> {
    readonly tenancy: Tenancy;
}

/** Of a volume: the file system takes a part, and a queue that fills the rest ends the program. */
export const QUEUE = 0.8;

/** Bytes that each vmagent keeps while the store takes nothing; what is older is dropped. */
export function queueBytes({ volumes }: Pick<VmSettings, "volumes">): number {
    return Math.floor(byteCount(volumes.vmagent) * QUEUE);
}

/**
 * Scrapes what objects name. All replicas scrape all of it, and no label tells them apart: of each interval the store keeps
 * one sample of a series, whoever of them sent it, as it does of a pair of Prometheus.
 */
export function buildVmagent(args: ObjectsArgs) {
    const { platform, settings, scrapeInterval } = args;
    return {
        ...operated(VMAGENT, args),
        selectAllByDefault: true,
        scrapeInterval,
        // Of what is scraped more often the store would keep one sample of each interval.
        minScrapeInterval: scrapeInterval,
        // The pair's label, by which it is seen what brought a series; the program's own is that of Prometheus.
        externalLabelName: HA_LABELS.cluster,
        externalLabels: { cluster: platform.cluster },
        // An object would read the token of the pod, and send it to its target.
        arbitraryFSAccessThroughSMs: { deny: true },
        remoteWrite: [{ url: pushUrl, headers: headers(args) }],
        remoteWriteSettings: { maxDiskUsagePerURL: String(queueBytes(settings)) },
        // A restart goes on with what the store has not taken yet.
        statefulMode: true,
        statefulStorage: { volumeClaimTemplate: { spec: claim(args) } },
        statefulRollingUpdateStrategy: "RollingUpdate",
        terminationGracePeriodSeconds: vmObjects.vmagent.grace ?? 30,
    };
}

function claim({ platform: { storageClass }, settings }: ObjectsArgs) {
    return {
        accessModes: ["ReadWriteOnce"],
        resources: { requests: { storage: settings.volumes.vmagent } },
        ...(storageClass !== undefined && { storageClassName: storageClass }),
    };
}

/** Evaluates rules of objects on the store, and writes what they record back into it. */
export function buildVmalert(args: ObjectsArgs) {
    const { platform, settings, scrapeInterval } = args;
    const ask = { url: queryUrl, headers: headers(args) };
    return {
        ...operated(VMALERT, args),
        selectAllByDefault: true,
        evaluationInterval: scrapeInterval,
        externalLabels: { cluster: platform.cluster },
        datasource: ask,
        // How long an alert has been true outlives a restart.
        remoteRead: ask,
        remoteWrite: { url: resultsUrl, headers: headers(args) },
        notifierConfigRef: { name: NOTIFIERS_SECRET, key: NOTIFIERS_KEY },
        rollingUpdate: rolling(settings.replicas.vmalert).rollingUpdate,
        // Its rules are files: it asks nothing of the API server.
        disableAutomountServiceAccountToken: true,
    };
}

/** Every Alertmanager by its SRV record: they tell each other what they have sent, not what they were told. */
export function notifiers({ srvUrl }: AlertReceiver) {
    const { host, protocol } = new URL(srvUrl);
    return { scheme: protocol.replace(":", ""), dns_sd_configs: [{ names: [host], type: "SRV" }] };
}

/** The platform's own tenant, as the gateway is told it. */
function headers({ tenancy }: ObjectsArgs): string[] {
    return Object.entries(tenancy.headers(tenancy.tenant)).map(([name, value]) => `${name}: ${value}`);
}

/** What is asked for of a limit: targets that are found anew, and rules over many series, take the rest for a while. */
function half(memory: string): string {
    return `${Math.ceil(byteCount(memory) / 2 ** 21)}Mi`;
}

/** What both have: image, replicas and where they stand, budget, resources, security. */
function operated(name: typeof VMAGENT | typeof VMALERT, { platform, settings }: ObjectsArgs) {
    const registry = platform.imageRegistry ?? "docker.io";
    const alike = vmObjects[name];
    const replicas = settings.replicas[name];
    const affinity = hostAntiAffinity(alike.labels, platform.survives);
    const zones = zoneSpread(alike, platform.survives);
    const small = platform.survives === "nothing";
    return {
        // Names of what is made are the object's, with nothing before them.
        useLegacyNaming: true,
        image: { repository: `${registry}/victoriametrics/${name}`, tag: vmClusterChart.appVersion },
        configReloaderImage: `${registry}/victoriametrics/operator:config-reloader-${vmOperatorChart.appVersion}`,
        configReloaderResources: small ? resources("5m", "16Mi", "64Mi") : resources("10m", "32Mi", "128Mi"),
        port: String(PORTS[name]),
        replicaCount: replicas,
        ...(affinity && { affinity }),
        ...(zones && { topologySpreadConstraints: zones }),
        ...platform.scheduling,
        ...pullSecrets(platform),
        ...(replicas > 1 && { podDisruptionBudget: { maxUnavailable: 1 } }),
        podMetadata: { annotations: unannotated },
        resources: resources(small ? "10m" : "100m", half(settings.memory[name]), settings.memory[name]),
        // As pod security `restricted` asks for.
        useStrictSecurity: true,
        // Prometheus scrapes them: who fails must not be who tells of it.
        disableSelfServiceScrape: true,
        extraArgs: common(platform),
    };
}
