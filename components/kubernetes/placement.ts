/**
 * Where pods may stand. One word of the settings decides: what the stack survives.
 * - `nothing`: one replica of everything, no rules (a laptop).
 * - `node`: replicas stand on different hosts (required).
 * - `zone`: also in different zones; members of a quorum and pods with volumes strictly so, since a volume keeps the
 *   zone of its first day, stateless pods where it is possible.
 */
export type Survives = "nothing" | "node" | "zone";

/**
 * What it means for pods that two of them stand in one zone:
 * - `quorum`: they vote, or hold copies of the same data, and most of them may go at once.
 * - `volume`: none of that, but a volume keeps each in the zone of its first day, so that it has to be the right one.
 * - `stateless`: less capacity while the zone is away.
 */
export type Standing = "quorum" | "volume" | "stateless";

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

/** Pods alike. */
export interface Alike {
    /** Labels that no other pods have all of. */
    readonly labels: Labels;
    readonly standing: Standing;
}

/** Replicas in different zones: strictly, but those without state, which are better in one zone than nowhere. */
export function zoneSpread({ labels, standing }: Alike, survives: Survives): TopologySpreadConstraint[] | undefined {
    if (survives !== "zone") return undefined;
    const common = {
        maxSkew: 1,
        topologyKey: "topology.kubernetes.io/zone",
        labelSelector: { matchLabels: { ...labels } },
    };
    return standing === "stateless"
        ? [{ ...common, whenUnsatisfiable: "ScheduleAnyway" }]
        : // Without Honor a cordoned zone still counts as the emptiest and its pod waits there for ever.
          [{ ...common, whenUnsatisfiable: "DoNotSchedule", nodeTaintsPolicy: "Honor" }];
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
