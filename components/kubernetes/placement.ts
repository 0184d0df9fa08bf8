/**
 * Where pods may stand. One word of the settings decides: what the stack survives.
 * - `nothing`: one replica of everything, no rules (a laptop).
 * - `node`: replicas stand on different hosts (required).
 * - `zone`: also in different zones; members of a quorum and pods with volumes strictly so, since a volume keeps the
 *   zone of its first day, stateless pods where it is possible.
 */
export type Survives = "nothing" | "node" | "zone";

export type Labels = Readonly<Record<string, string>>;

export interface Affinity {
    podAntiAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: {
            topologyKey: string;
            labelSelector: { matchLabels: Record<string, string> };
        }[];
    };
}

export interface TopologySpreadConstraint {
    maxSkew: number;
    topologyKey: string;
    whenUnsatisfiable: "DoNotSchedule" | "ScheduleAnyway";
    nodeTaintsPolicy?: "Honor";
    labelSelector: { matchLabels: Record<string, string> };
    matchLabelKeys?: string[];
}

/** Replicas on different hosts. Required: two members of a quorum on one host are lost together. */
export function hostAntiAffinity(labels: Labels, survives: Survives): Affinity | undefined {
    if (survives === "nothing") return undefined;
    return {
        podAntiAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: [
                { topologyKey: "kubernetes.io/hostname", labelSelector: { matchLabels: { ...labels } } },
            ],
        },
    };
}

/**
 * Replicas in different zones.
 * @param kind `quorum`: strictly (also for pods with a volume of their own); `stateless`: better in one zone than nowhere.
 */
export function zoneSpread(
    labels: Labels,
    survives: Survives,
    kind: "quorum" | "stateless",
): TopologySpreadConstraint[] | undefined {
    if (survives !== "zone") return undefined;
    const common = {
        maxSkew: 1,
        topologyKey: "topology.kubernetes.io/zone",
        labelSelector: { matchLabels: { ...labels } },
    };
    return kind === "quorum"
        ? // Without Honor a cordoned zone still counts as the emptiest and its pod waits there for ever.
          [{ ...common, whenUnsatisfiable: "DoNotSchedule", nodeTaintsPolicy: "Honor" }]
        : [{ ...common, whenUnsatisfiable: "ScheduleAnyway" }];
}

/** Node selector and tolerations that every pod of the platform gets. */
export interface Scheduling {
    nodeSelector: Record<string, string>;
    tolerations: Toleration[];
}

export interface Toleration {
    key?: string;
    operator?: "Exists" | "Equal";
    value?: string;
    effect?: "NoSchedule" | "PreferNoSchedule" | "NoExecute";
    tolerationSeconds?: number;
}
