import { queueBytes } from "../../components/collectors/k8s-monitoring/queue";
import { sends } from "../../components/platform/roles";
import type { Settings } from "../../components/platform/settings";
import { byteCount, hours } from "../../components/settings/units";
import { GIB, HEADROOM } from "../../components/sizing/figure";
import { SAMPLE } from "../../components/sizing/head";
import type { Load } from "../../components/sizing/load";
import type { Shortfall } from "./shortfall";

/** Seconds of samples that Prometheus itself has in blocks. */
const DAY = 86_400;

/** How much longer than the time without the hub the write-ahead log is, before it is cut: see the values of Prometheus. */
const LOG = 3;

/** Bytes of a sample in that log, its series' records among them: 4.7 of Prometheus 3.14 that scrapes itself. */
const LOGGED = 5;

/** What a cluster that sends cannot hold of its stated load while its hub is away. */
export function unsentShortfalls(settings: Settings, load: Load): Shortfall[] {
    const { platform, hub } = settings;
    const offline = hours(hub.offline) * 3600;
    return [
        ...(sends("metrics", settings) && load.stated.series !== undefined ? log(settings, load, offline) : []),
        ...(sends("traces", settings) && load.stated.spans !== undefined && platform.survives !== "nothing"
            ? queue(settings, load, offline)
            : []),
    ];
}

function log({ kubePrometheusStack: { prometheus }, hub }: Settings, load: Load, offline: number): Shortfall[] {
    const samples = load.series / load.interval;
    const formula = `a day of samples in blocks, ${LOG} × hub.offline (${hub.offline}) in the write-ahead log, at ${SAMPLE} B and ${LOGGED} B`;
    const setting = "kubePrometheusStack.prometheus.volume";
    return short(setting, prometheus.volume, samples * (DAY * SAMPLE + LOG * offline * LOGGED) * HEADROOM, formula);
}

function queue({ k8sMonitoring, hub }: Settings, load: Load, offline: number): Shortfall[] {
    const { volumes, replicas } = k8sMonitoring;
    const held = queueBytes({ settings: k8sMonitoring }) * replicas.receiver;
    const formula = `spans of ${hub.offline} (hub.offline) in ${replicas.receiver} queues, each a part of its volume`;
    const needed = (load.spans * offline * byteCount(volumes.queue)) / held;
    return short("k8sMonitoring.volumes.queue", volumes.queue, needed, formula);
}

function short(setting: string, set: string, bytes: number, formula: string): Shortfall[] {
    if (byteCount(set) >= bytes) return [];
    return [{ setting, set, needed: `${Math.ceil(bytes / GIB)}Gi`, formula }];
}
