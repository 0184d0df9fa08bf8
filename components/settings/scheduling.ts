import { z } from "zod";
import { pathOf, problem, type SettingsProblem } from "./problem";
import { about, describe, labelKey, labelValue, whole } from "./types";

const toleration = z.strictObject({
    key: describe(labelKey, {
        description: "The taint's key; every key with `operator: Exists` if absent.",
        example: "dedicated",
    }).optional(),
    operator: z
        .enum(["Exists", "Equal"])
        .register(about, {
            allowed: "Exists or Equal",
            example: "Exists",
            description: "Whether the taint's value counts; Equal if absent.",
        })
        .optional(),
    value: describe(labelValue, { description: "The taint's value." }).optional(),
    effect: z
        .enum(["NoSchedule", "PreferNoSchedule", "NoExecute"])
        .register(about, {
            allowed: "NoSchedule, PreferNoSchedule or NoExecute",
            example: "NoSchedule",
            description: "The taint's effect; every effect if absent.",
        })
        .optional(),
    tolerationSeconds: describe(whole(0, 31_536_000, "300"), {
        description: "Seconds that a pod stays on a node that gets the taint, with `effect: NoExecute`.",
    }).optional(),
});

type Toleration = z.infer<typeof toleration>;

/** Nodes that pods may run on, beside what `survives` asks. */
export const schedulingSettings = z.strictObject({
    nodeSelector: describe(z.record(labelKey, labelValue), {
        description: "Labels of the nodes that every pod must run on.",
        allowed: "a map of labels",
        example: '{ pool: "observability" }',
    }),
    tolerations: describe(z.array(toleration).max(100), {
        description: "Taints of nodes that every pod may run on nevertheless.",
        allowed: "a list of { key, operator, value, effect, tolerationSeconds }",
        example: "[{ key: dedicated, operator: Exists, effect: NoSchedule }]",
    }),
});

/** The systems whose pods may have nodes of their own, by their keys at the top of the settings. */
export const PLACED = [
    "objectStore",
    "database",
    "metrics",
    "logs",
    "traces",
    "errors",
    "kubePrometheusStack",
    "grafana",
    "k8sMonitoring",
    "blackboxExporter",
    "ingestGateway",
    "hub",
    "pushgateway",
    "signoz",
    "backup",
] as const;
export type Placed = (typeof PLACED)[number];

const own = schedulingSettings.partial().register(about, {
    description: "Nodes of this system's pods. What is given here stands in place of what `scheduling` says of it.",
    example: "{ nodeSelector: { pool: storage } }",
});

/** Nodes that the pods of single systems may run on. */
export const placementSettings = z.strictObject(
    Object.fromEntries(PLACED.map((system) => [system, own.optional()])) as Record<Placed, z.ZodOptional<typeof own>>,
);

type Scheduling = z.infer<typeof schedulingSettings>;

/** What all share, with the nodes of one system where it has its own. */
export function placedFor<Platform extends { scheduling: Scheduling; placement: z.infer<typeof placementSettings> }>(
    platform: Platform,
    key: string,
): Platform {
    const { nodeSelector, tolerations } = platform.placement[key as Placed] ?? {};
    const { scheduling: common } = platform;
    const scheduling = {
        nodeSelector: nodeSelector ?? common.nodeSelector,
        tolerations: tolerations ?? common.tolerations,
    };
    return { ...platform, scheduling };
}

/**
 * What the API server refuses of a pod.
 * @param path of the list in the settings.
 */
export function tolerationRules(tolerations: readonly Toleration[], path: string): SettingsProblem[] {
    return tolerations.flatMap((given, index) => {
        const { key, operator, value, effect, tolerationSeconds } = given;
        const at = (name: string) => pathOf(path, [index, name]);
        const problems: SettingsProblem[] = [];
        if (key === undefined && operator !== "Exists") {
            problems.push(
                problem(at("key"), "nothing", "a key, or operator: Exists for every taint", "key: dedicated"),
            );
        }
        if (operator === "Exists" && value !== undefined && value !== "") {
            problems.push(
                problem(at("value"), value, "nothing with operator: Exists", "remove it, or operator: Equal"),
            );
        }
        if (tolerationSeconds !== undefined && effect !== "NoExecute") {
            const allowed = "nothing without effect: NoExecute, by which pods are driven from a node";
            problems.push(problem(at("tolerationSeconds"), tolerationSeconds, allowed, "remove it"));
        }
        return problems;
    });
}
