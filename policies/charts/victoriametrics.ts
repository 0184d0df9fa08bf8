import { show, type Check, type Wrong } from "../finding";
import { isMap } from "../plain";
import type { Release } from "../release";
import type { ChartRules } from "./chart-rules";
import { on, retained, wrong } from "./checks";
import { EXTERNAL_LABELS, senders } from "./kube-prometheus-stack";

const VALUES = "observability:metrics.values";
const FACTOR = "observability:metrics.replicationFactor";
const SERVERS = "vmstorage.replicaCount";
const ZONES = 3;

const flag = (part: string, name: string) => `${part}.extraArgs.${name.includes(".") ? `"${name}"` : name}`;
const COPIES = flag("vminsert", "replicationFactor");
const COMPLETE = flag("vmselect", "replicationFactor");
const PARTIAL = flag("vmselect", "search.denyPartialResponse");
const INTERVAL = "dedup.minScrapeInterval";
const KEPT = "observability:metrics.retention";

export const victoriaMetricsCluster: ChartRules = {
    reads: ["vmstorage.persistentVolume.enabled", "vmstorage.retentionPeriod", SERVERS],
    durability: [on("vmstorage.persistentVolume.enabled", VALUES), ...kept("vmstorage.retentionPeriod")],
    replication: (survives) => [
        copies,
        (release) => (survives === "zone" ? zones(release) : []),
        (release) =>
            String(release.get(PARTIAL)) === "true"
                ? []
                : wrong(release, PARTIAL, "true", "with servers away an answer is wrong, not an error", VALUES),
    ],
    deduplication: (store, stack) => deduplication(store, stack, ["vmstorage", "vmselect"]),
};

export const victoriaMetricsSingle: ChartRules = {
    reads: ["server.persistentVolume.enabled", "server.retentionPeriod", "server.replicaCount"],
    mode: (release) => {
        const why = "one process keeps all samples alone, more of them do not know of each other";
        const wanted = "the chart victoria-metrics-cluster";
        return wrong(release, "server.replicaCount", wanted, why, "observability:survives");
    },
    durability: [on("server.persistentVolume.enabled", VALUES), ...kept("server.retentionPeriod")],
    deduplication: (store, stack) => deduplication(store, stack, ["server"]),
};

/** A time to keep, with its unit: a bare number is months. */
function kept(path: string): Check[] {
    return [
        retained(path, KEPT),
        (release) =>
            /^\d+$/.test(JSON.stringify(release.get(path) ?? "").replaceAll('"', ""))
                ? wrong(release, path, "a time with its unit, such as 30d", "a bare number is months", KEPT)
                : [],
    ];
}

/** Copies that stay as many while one fewer than them are away, and queries that count on no more of them. */
function copies(release: Release): Wrong[] {
    const factor = release.number(COPIES) ?? 1;
    if (factor < 2) return wrong(release, COPIES, "2", "one lost pod takes the only copy", FACTOR);
    if (release.number(COMPLETE) !== factor) {
        const why = "queries ask for more copies than there are, or take an answer for complete that is not";
        return wrong(release, COMPLETE, `${factor}, as vminsert writes`, why, FACTOR);
    }
    const least = 2 * factor - 1;
    if ((release.number(SERVERS) ?? 0) >= least) return [];
    const why = `with ${factor - 1} away the others hold fewer than ${factor} copies`;
    return wrong(release, SERVERS, `at least ${least}`, why, "observability:metrics.replicas.vmstorage");
}

/** The program knows no zones. */
function zones(release: Release): Wrong[] {
    const most = ZONES * ((release.number(COPIES) ?? 1) - 1);
    if (most === 0 || (release.number(SERVERS) ?? 0) <= most) return [];
    const why = "all copies of a sample may stand in one zone";
    return wrong(release, SERVERS, `at most ${most}`, why, "observability:metrics.replicas.vmstorage");
}

/** It keeps one sample of each interval of a series: what both replicas send has to be one series. */
function deduplication(store: Release, stack: Release, parts: readonly string[]): Wrong[] {
    if (senders(stack) < 2) return [];
    const doubled = "every sample is stored and answered twice, and counts come out wrong";
    const scraped = stack.get("prometheus.prometheusSpec.scrapeInterval");
    const intervals = parts.flatMap((part) => {
        const path = flag(part, INTERVAL);
        const given = store.get(path);
        if (given !== undefined && given === scraped) return [];
        const wanted = `${show(stack, "scrapeInterval", scraped)}, as ${stack.name} scrapes`;
        return wrong(store, path, wanted, doubled, "observability:kubePrometheusStack.prometheus.scrapeInterval");
    });
    return [...intervals, ...dropped(stack)];
}

function dropped(stack: Release): Wrong[] {
    const label = EXTERNAL_LABELS.replica(stack);
    const path = "prometheus.prometheusSpec.remoteWrite";
    const writes = stack.get(path);
    const drops = (Array.isArray(writes) ? writes : []).filter(isMap).some((write) => {
        const relabelled = write["writeRelabelConfigs"];
        return (Array.isArray(relabelled) ? relabelled : [])
            .filter(isMap)
            .some((each) => each["action"] === "labeldrop" && each["regex"] === label);
    });
    if (label === undefined || drops) return [];
    const why = "each replica's series are others, and every query counts both";
    const setting = "observability:kubePrometheusStack.values";
    return [{ path: `${stack.name} ${path}`, found: "no such rule", wanted: `labeldrop of ${label}`, why, setting }];
}
