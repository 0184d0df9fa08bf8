import { examine, show, type Check, type Finding } from "../finding";
import { CHARTS } from "../catalogue.gen";
import { controllerOf } from "../catalogue/catalogue";
import { texts } from "../plain";
import { CLUSTER_CHART, type Release } from "../release";

const LOST = "a pod that moves to another node loses what only it has";
const ENDLESS = "the store grows until it is full, or deletes after a time that nobody chose";

function on(path: string, setting: string, only?: (release: Release) => boolean, why = LOST): Check {
    return (release) => {
        if (only?.(release) === false || release.get(path) === true) return [];
        return [{ path, found: show(release, path, release.get(path)), wanted: "true", why, setting }];
    };
}

function off(path: string, setting: string): Check {
    return (release) =>
        release.get(path) === true ? [{ path, found: "true", wanted: "false", why: LOST, setting }] : [];
}

function retained(path: string, setting: string): Check {
    return (release) => {
        const value = release.given(path);
        if (
            value !== undefined &&
            value !== null &&
            value !== "" &&
            !/^0+[a-z]*$/.test(JSON.stringify(value).replaceAll('"', ""))
        )
            return [];
        return [
            { path, found: show(release, path, release.get(path)), wanted: "a time to keep", why: ENDLESS, setting },
        ];
    };
}

function filled(path: string, key: string, setting: string): Check {
    return (release) => {
        const value = release.get(path);
        const text = JSON.stringify(value ?? null);
        if (text.includes(`"${key}"`) && !text.includes('"emptyDir"')) return [];
        return [
            { path, found: value === undefined ? "absent" : "no volume claim", wanted: `a ${key}`, why: LOST, setting },
        ];
    };
}

function bucketed(path: string, setting: string): Check {
    return (release) => {
        const value = release.get(path);
        if (value !== undefined && value !== "filesystem" && value !== "local") return [];
        const why = "data on one pod's disk goes with its node";
        return [{ path, found: show(release, path, value), wanted: "an object store", why, setting }];
    };
}

/** A volume is claimed by a controller that gives each of its pods one of their own. */
function chosen(path: string, wanted: string, setting: string, only: (release: Release) => boolean): Check {
    return (release) => {
        const value = release.get(path);
        return !only(release) || value === wanted
            ? []
            : [{ path, found: show(release, path, value), wanted, why: LOST, setting }];
    };
}

/** A collector's queue; one that this release does not run needs none. */
function queued(name: string): Check {
    const collector = `collectors.${name}`;
    const setting = "observability:k8sMonitoring.volumes";
    const volumes = filled(`${collector}.controller.volumeClaimTemplates`, "spec", setting);
    return (release) => {
        if (release.given(collector) === undefined) return [];
        const controller = String(controllerOf(release, collector));
        if (controller === "statefulset") return volumes(release);
        const path = `${collector}.controller.type`;
        return [{ path, found: controller, wanted: "statefulset, with volumes", why: LOST, setting }];
    };
}

const generates = (release: Release) => release.get("metricsGenerator.enabled") === true;
const distributed = (release: Release) => release.get("deploymentMode") === "Distributed";

const CHECKS: Readonly<Record<string, readonly Check[]>> = {
    minio: [on("persistence.enabled", "observability:objectStore.values")],
    cortex: [
        on("ingester.statefulSet.enabled", "observability:metrics.values"),
        ...["ingester", "store_gateway", "compactor"].map((at) =>
            on(`${at}.persistentVolume.enabled`, "observability:metrics.values"),
        ),
        bucketed("config.blocks_storage.backend", "observability:metrics.values"),
        retained("config.limits.compactor_blocks_retention_period", "observability:metrics.retention"),
    ],
    loki: [
        ...["ingester", "compactor", "indexGateway", "ruler"].flatMap((at) => [
            on(`${at}.persistence.enabled`, "observability:logs.values", distributed),
            off(`${at}.persistence.inMemory`, "observability:logs.values"),
        ]),
        on("singleBinary.persistence.enabled", "observability:logs.values", (r) => !distributed(r)),
        (r) =>
            r.get("loki.ingester.wal.enabled") === false
                ? [
                      {
                          path: "loki.ingester.wal.enabled",
                          found: "false",
                          wanted: "true",
                          why: LOST,
                          setting: "observability:logs.values",
                      },
                  ]
                : [],
        bucketed("loki.storage.type", "observability:logs.values"),
        on("loki.compactor.retention_enabled", "observability:logs.retention", undefined, ENDLESS),
        retained("loki.limits_config.retention_period", "observability:logs.retention"),
    ],
    "tempo-distributed": [
        on("ingester.persistence.enabled", "observability:traces.values"),
        off("ingester.persistence.inMemory", "observability:traces.values"),
        on("metricsGenerator.persistence.enabled", "observability:traces.values", generates),
        chosen("metricsGenerator.kind", "StatefulSet", "observability:traces.values", generates),
        bucketed("storage.trace.backend", "observability:traces.values"),
        retained("compactor.config.compaction.block_retention", "observability:traces.retention"),
    ],
    tempo: [
        on("persistence.enabled", "observability:traces.values"),
        bucketed("tempo.storage.trace.backend", "observability:traces.values"),
        retained("tempo.retention", "observability:traces.retention"),
    ],
    "kube-prometheus-stack": [
        filled(
            "prometheus.prometheusSpec.storageSpec",
            "volumeClaimTemplate",
            "observability:kubePrometheusStack.prometheus.volume",
        ),
        filled(
            "alertmanager.alertmanagerSpec.storage",
            "volumeClaimTemplate",
            "observability:kubePrometheusStack.alertmanager.volume",
        ),
        retained("prometheus.prometheusSpec.retention", "observability:kubePrometheusStack.prometheus.retention"),
    ],
    "prometheus-pushgateway": [on("persistentVolume.enabled", "observability:pushgateway.values")],
    "k8s-monitoring": ["alloy-metrics", "alloy-receiver"].map(queued),
};

/** What owns data, or definitions that data hangs on. */
const HOLDS_DATA = new Set([CLUSTER_CHART, ...CHARTS.filter(({ holdsData }) => holdsData).map(({ chart }) => chart)]);

const guarded: Check = (release) => {
    if (!HOLDS_DATA.has(release.chart) || release.protect !== false) return [];
    const why = "one destroy, or one replacement by mistake, deletes the data";
    return [{ path: "(options) protect", found: "false", wanted: "true", why, setting: "observability:protectData" }];
};

/** Data is under the same paths that stores write to, so a memory volume mounted there is no volume. */
const inMemory: Check = (release) =>
    texts(release.values)
        .filter(({ path, text }) => path.at(-1) === "mountPath" && /^\/(data|var\/loki|var\/tempo)(\/|$)/.test(text))
        .flatMap(({ path }) => {
            const name = path.slice(0, -3).join(".");
            const volumes = release.get(`${name}.extraVolumes`);
            const empty = JSON.stringify(volumes ?? null).includes('"emptyDir"');
            return empty
                ? [
                      {
                          path: `${name}.extraVolumes`,
                          found: "an emptyDir under data",
                          wanted: "a volume claim",
                          why: LOST,
                          setting: "the release's values",
                      },
                  ]
                : [];
        });

/** What is stored outlives its pod, is deleted at a chosen age only, and cannot be deleted by mistake. */
export function durability(release: Release, config: { readonly protect?: boolean }): Finding[] {
    const own = CHECKS[release.chart] ?? [];
    return examine(release, [...own, ...(config.protect === false ? [] : [guarded]), inMemory]);
}
