import { queueBytes } from "../../components/collectors/k8s-monitoring/queue";
import { sends } from "../../components/platform/roles";
import type { Settings } from "../../components/platform/settings";
import { byteCount, hours } from "../../components/settings/units";
import { HEADROOM, type Room } from "../../components/sizing/figure";
import { PROMETHEUS, SAMPLE } from "../../components/sizing/head";
import type { Load } from "../../components/sizing/load";

/** Seconds of samples that Prometheus itself has in blocks. */
const DAY = 86_400;

/** How much longer than the time without the hub the write-ahead log is, before it is cut: see the values of Prometheus. */
const LOG = 3;

/** Bytes of a sample in that log, its series' records among them: 4.7 of Prometheus 3.14 that scrapes itself. */
const LOGGED = 5;

/** What a cluster that sends holds of its stated load while its hub is away. */
export function unsentRooms(settings: Settings, load: Load): Room[] {
    const { platform, hub } = settings;
    const offline = hours(hub.offline) * 3600;
    return [
        ...(sends("metrics", settings) && load.stated.series !== undefined ? [log(settings, load, offline)] : []),
        ...(sends("traces", settings) && load.stated.spans !== undefined && platform.survives !== "nothing"
            ? [queue(settings, load, offline)]
            : []),
    ];
}

function log({ hub }: Settings, load: Load, offline: number): Room {
    return {
        setting: "kubePrometheusStack.prometheus.volume",
        bytes: (load.series / load.interval) * (DAY * SAMPLE + LOG * offline * LOGGED) * HEADROOM,
        formula: `a day of samples in blocks, ${LOG} × hub.offline (${hub.offline}) in the write-ahead log, at ${SAMPLE} B and ${LOGGED} B`,
        source: PROMETHEUS,
    };
}

function queue({ k8sMonitoring, hub }: Settings, load: Load, offline: number): Room {
    const { volumes, replicas } = k8sMonitoring;
    const held = queueBytes({ settings: k8sMonitoring }) * replicas.receiver;
    return {
        setting: "k8sMonitoring.volumes.queue",
        bytes: (load.spans * offline * byteCount(volumes.queue)) / held,
        formula: `spans of ${hub.offline} (hub.offline) in ${replicas.receiver} queues, each a part of its volume`,
        source: "components/collectors/k8s-monitoring/queue.ts",
    };
}
