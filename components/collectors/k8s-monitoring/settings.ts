import { z } from "zod";
import type { Survives } from "../../kubernetes/placement";
import type { PlatformSettings } from "../../settings/platform";
import type { Slice } from "../../settings/slice";
import { about, bytes, chartValues, count, describe, dnsLabel, duration, flag, replicas } from "../../settings/types";
import { problem, type SettingsProblem } from "../../settings/problem";
import { byteCount } from "../../settings/units";
import { fewest, loneRules, replicaRules } from "../../settings/replicas";
import { k8sMonitoringReplicated } from "./workloads";

const templatesAreFixed = "a StatefulSet's volume claims cannot be changed, and the operator would try for ever";

const firstLine = z
    .string()
    .regex(/^(?!.*(?:\{\{|`)).+$/)
    .register(about, {
        allowed: "a regular expression of Go (RE2) without backticks and double braces",
        example: '"^\\\\S"',
        description: "What the first line of a record matches.",
    });

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
        queue: describe(bytes, {
            description:
                "Volume of each receiver: what could not be sent yet, 30 % of it lines and 30 % spans; what comes beyond is refused. Unused where the stack survives nothing.",
            immutable: templatesAreFixed,
        }),
        metrics: describe(bytes, {
            description:
                "Volume of each metrics collector: its write-ahead log, from which it sends again while it runs; a restart sends nothing of it. Unused where the stack survives nothing.",
            immutable: templatesAreFixed,
        }),
        events: describe(bytes, {
            description:
                "Volume of each events collector: its write-ahead log, from which it sends again while it runs; a restart sends nothing of it. Unused where the stack survives nothing.",
            immutable: templatesAreFixed,
        }),
    }),
    features: z.strictObject({
        podLogs: describe(flag, { description: "Logs of every pod, read from the nodes' files." }),
        nodeLogs: describe(flag, { description: "The nodes' journals; off where nodes have none (Talos)." }),
        clusterEvents: describe(flag, { description: "Kubernetes events as log lines." }),
        annotationDiscovery: describe(flag, {
            description: 'Metrics of pods and services that carry the annotation k8s.grafana.com/scrape: "true".',
        }),
    }),
    journal: describe(z.enum(["persistent", "volatile"]), {
        description:
            "Where nodes keep their journals: in /var/log/journal, or in /run/log/journal, which a restart of the node empties.",
        allowed: "persistent or volatile",
        example: "volatile",
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
        decisionWait: describe(duration, {
            description: "How long a trace's spans are waited for, from its first one.",
        }),
        slowerThanMs: describe(count, { description: "Milliseconds from which on a trace is slow." }),
        percentage: describe(z.int().min(0).max(100), {
            description: "Share of the other traces that is kept.",
            allowed: "a whole number from 0 to 100",
            example: "10",
        }),
        tracesInMemory: describe(z.int().min(1000).max(999_999), {
            description: "Traces that a sampler holds at a time; the oldest go undecided when there are more.",
            allowed: "a whole number from 1000 to 999999",
            example: "50000",
        }),
    }),
    values: chartValues,
});

export type K8sMonitoringSettings = z.infer<typeof k8sMonitoringSettings>;

export function k8sMonitoringDefaults(survives: Survives): K8sMonitoringSettings {
    return {
        replicas: fewest(k8sMonitoringReplicated, survives),
        volumes: { queue: "20Gi", metrics: "10Gi", events: "5Gi" },
        journal: "persistent",
        podLogs: { linesPerSecond: 5000, linesBurst: 50_000, records: [], stages: "" },
        features: { podLogs: true, nodeLogs: true, clusterEvents: true, annotationDiscovery: true },
        tailSampling: {
            enabled: false,
            decisionWait: "15s",
            slowerThanMs: 1000,
            percentage: 10,
            tracesInMemory: survives === "nothing" ? 5000 : 50000,
        },
        values: {},
    };
}

export function k8sMonitoringRules(
    { replicas, volumes, values }: K8sMonitoringSettings,
    { survives }: PlatformSettings,
): SettingsProblem[] {
    const common = stageRules(values);
    if (survives !== "nothing") {
        return [...common, ...replicaRules(k8sMonitoringReplicated, replicas, survives), ...queueRules(volumes)];
    }
    // Without clustering a second one would watch the same events and scrape the same targets again.
    const { events, metrics } = replicas;
    const why = "replicas share the work only where the stack survives a node";
    return [...common, ...loneRules(k8sMonitoringReplicated, { events, metrics }, why)];
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

/** A batch that is larger than the whole queue would be waited for until the pod ends. */
function queueRules({ queue }: K8sMonitoringSettings["volumes"]): SettingsProblem[] {
    if (byteCount(queue) >= byteCount("1Gi")) return [];
    return [problem("k8sMonitoring.volumes.queue", queue, "at least 1Gi", "write 1Gi or more")];
}

export const k8sMonitoringSlice: Slice<typeof k8sMonitoringSettings> = {
    schema: k8sMonitoringSettings,
    defaults: k8sMonitoringDefaults,
    rules: k8sMonitoringRules,
};
