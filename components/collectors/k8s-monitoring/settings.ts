import { z } from "zod";
import type { Survives } from "../../kubernetes/placement";
import type { PlatformSettings } from "../../settings/platform";
import type { Slice } from "../../settings/slice";
import {
    chartValues,
    count,
    describe,
    dnsLabel,
    flag,
    isRegularExpression,
    replicas,
    span,
    text,
    volumeSize,
    whole,
} from "../../settings/types";
import { problem, type SettingsProblem } from "../../settings/problem";
import { ask } from "../../settings/readable";
import { onLaptop, switchedOff, unusedRules } from "../../settings/unused";
import { fewest, loneRules, replicaRules } from "../../settings/replicas";
import { k8sMonitoringReplicated } from "./workloads";
import { valuesRules } from "../../settings/chart-keys";
import { destinationRules, destinations } from "./destination-settings";
import { chartKeys } from "./values-keys.gen";

const templatesAreFixed = "a StatefulSet's volume claims cannot be changed, and the operator would try for ever";

const firstLine = describe(
    text(
        (value) => isRegularExpression(value) && !/\{\{|`/.test(value),
        "a regular expression as RE2 reads it, without backticks and double braces",
        '"^\\\\S"',
    ),
    { description: "What the first line of a record matches." },
);

const stages = z.string().regex(/^(stage\.[^]*\n)?$/);

export const k8sMonitoringSettings = z.strictObject({
    replicas: z.strictObject({
        receiver: describe(replicas, { description: "Take what applications push: OTLP, Jaeger, Zipkin." }),
        metrics: describe(replicas, { description: "Scrape annotated pods and services, shared out among them." }),
        events: describe(replicas, { description: "One watches the cluster's events, the others stand by." }),
        operator: describe(replicas, { description: "One leads; makes the collectors." }),
        sampler: describe(replicas, { description: "Hold traces until it is decided which are kept; off by default." }),
    }),
    volumes: z.strictObject({
        queue: describe(volumeSize, {
            description:
                "Volume of each receiver: what could not be sent yet, 20 % of it lines, 20 % spans, 20 % samples; what comes beyond is refused. Unused where the stack survives nothing.",
            immutable: templatesAreFixed,
        }),
        metrics: describe(volumeSize, {
            description:
                "Volume of each metrics collector: its write-ahead log, from which it sends what it scraped while it runs; a restart sends nothing of it. Unused where the stack survives nothing.",
            immutable: templatesAreFixed,
        }),
    }),
    features: z.strictObject({
        podLogs: describe(flag, { description: "Logs of every pod, read from the nodes' files." }),
        nodeLogs: describe(flag, {
            description: "The nodes' journals, on disk or in memory; off where nodes have none (Talos).",
        }),
        clusterEvents: describe(flag, { description: "Kubernetes events as log lines." }),
        annotationDiscovery: describe(flag, {
            description: 'Metrics of pods and services that carry the annotation k8s.grafana.com/scrape: "true".',
        }),
    }),
    podLogs: z.strictObject({
        linesPerSecond: describe(count, {
            description:
                "Lines a second that all pods of a namespace may write on a node; what comes beyond is dropped, and an alert names the namespace.",
            example: "5000",
        }),
        linesBurst: describe(count, { description: "Lines above the rate that are taken at once.", example: "50000" }),
        records: describe(z.array(z.strictObject({ namespace: dnsLabel, firstLine })), {
            description:
                "Namespaces whose pods write records of several lines, stack traces say, and how a record's first line begins. Without it each line is an entry.",
            allowed: "a list of { namespace, firstLine }",
            example: '[{ namespace: shop, firstLine: "^\\d{4}-\\d{2}-\\d{2}" }]',
        }),
        stages: describe(stages, {
            description: "Stages of `loki.process`, in Alloy's language, which lines pass after records are joined.",
            allowed: "blocks that begin with stage., and end with a line break",
            example: '"stage.drop {\\n  expression = \\".*/healthz.*\\"\\n}\\n"',
        }),
    }),
    tailSampling: z.strictObject({
        enabled: describe(flag, {
            description:
                "Keep all traces with an error, all slow ones, and a share of the rest. Off keeps every trace. Metrics that the trace store makes of spans then count kept traces only.",
        }),
        decisionWait: describe(span("1s", "10m", "15s"), {
            description: "How long a trace's spans are waited for, from its first one.",
        }),
        slowerThanMs: describe(whole(1, 3_600_000, "1000"), {
            description: "Milliseconds from which on a trace is slow.",
        }),
        percentage: describe(whole(0, 100, "10"), { description: "Percentage of the other traces that is kept." }),
        tracesInMemory: describe(whole(1000, 999_999, "50000"), {
            description: "Traces that a sampler holds at a time; the oldest go undecided when there are more.",
        }),
    }),
    destinations,
    values: chartValues,
});

export type K8sMonitoringSettings = z.infer<typeof k8sMonitoringSettings>;

export function k8sMonitoringDefaults(survives: Survives): K8sMonitoringSettings {
    return {
        replicas: fewest(k8sMonitoringReplicated, survives),
        volumes: { queue: "20Gi", metrics: "10Gi" },
        podLogs: { linesPerSecond: 5000, linesBurst: 50_000, records: [], stages: "" },
        features: { podLogs: true, nodeLogs: true, clusterEvents: true, annotationDiscovery: true },
        tailSampling: {
            enabled: false,
            decisionWait: "15s",
            slowerThanMs: 1000,
            percentage: 10,
            tracesInMemory: survives === "nothing" ? 5000 : 50000,
        },
        destinations: [],
        values: {},
    };
}

export function k8sMonitoringRules(settings: K8sMonitoringSettings, platform: PlatformSettings): SettingsProblem[] {
    return ask(
        () => countRules(settings, platform),
        () => volumeRules(settings, platform),
        () => valuesRules("k8sMonitoring.values", settings.values, chartKeys),
        () => stageRules(settings.values),
        () => featureRules(settings, platform),
        () => {
            const volume = platform.survives === "nothing" ? undefined : settings.volumes.queue;
            return destinationRules(settings.destinations, { volume, path: "k8sMonitoring.destinations" });
        },
    );
}

function volumeRules({ volumes }: K8sMonitoringSettings, { survives }: PlatformSettings): SettingsProblem[] {
    if (survives !== "nothing") return [];
    const idle = onLaptop("collectors keep their queues in memory there");
    return unusedRules("k8sMonitoring.volumes", volumes, k8sMonitoringDefaults(survives).volumes, idle);
}

/** Settings of what is switched off. */
function featureRules(settings: K8sMonitoringSettings, { survives }: PlatformSettings): SettingsProblem[] {
    const { replicas, volumes, features, podLogs, tailSampling } = settings;
    const usual = k8sMonitoringDefaults(survives);
    const scrapes = { replicas: { metrics: replicas.metrics }, volumes: { metrics: volumes.metrics } };
    const sampler = { replicas: { sampler: replicas.sampler }, tailSampling };
    const off = (on: boolean, key: string, own: object) =>
        on ? [] : unusedRules("k8sMonitoring", own, usual, switchedOff(`k8sMonitoring.${key}`));
    return [
        ...off(features.podLogs, "features.podLogs", { podLogs }),
        ...(survives === "nothing" ? [] : off(features.annotationDiscovery, "features.annotationDiscovery", scrapes)),
        ...off(tailSampling.enabled, "tailSampling.enabled", sampler),
    ];
}

function countRules(
    { replicas, features, tailSampling }: K8sMonitoringSettings,
    { survives }: PlatformSettings,
): SettingsProblem[] {
    // Those of what does not run are refused with their switch.
    const idle = [...(features.annotationDiscovery ? [] : ["metrics"]), ...(tailSampling.enabled ? [] : ["sampler"])];
    const counted = Object.fromEntries(Object.entries(replicas).filter(([name]) => !idle.includes(name)));
    if (survives !== "nothing") return replicaRules(k8sMonitoringReplicated, counted, survives);
    // Without clustering a second one would watch the same events and scrape the same targets again.
    const { events, metrics } = replicas;
    const why = "replicas share the work only where the stack survives a node";
    return loneRules(k8sMonitoringReplicated, { events, metrics }, why);
}

/** As a value of the chart they would take the place of the platform's own: trace ids, pods' names, limits. */
function stageRules(values: K8sMonitoringSettings["values"]): SettingsProblem[] {
    const podLogs = values.podLogsViaLoki;
    const stages = typeof podLogs === "object" && podLogs !== null && "extraLogProcessingStages" in podLogs;
    if (!stages) return [];
    const path = "k8sMonitoring.values.podLogsViaLoki.extraLogProcessingStages";
    const allowed = "nothing: the platform has stages of its own there, which it would replace";
    return [problem(path, podLogs.extraLogProcessingStages, allowed, "write them to k8sMonitoring.podLogs.stages")];
}

export const k8sMonitoringSlice: Slice<typeof k8sMonitoringSettings> = {
    schema: k8sMonitoringSettings,
    defaults: k8sMonitoringDefaults,
    rules: k8sMonitoringRules,
};
