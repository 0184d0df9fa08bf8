import { at, isRecord, record, records, strings } from "../../records";
import type { Check } from "../check";
import type { Found } from "../finding";
import { runsOn, type Pods } from "../pods";
import { selects } from "../selectors";
import { nameOf, type ClusterModel } from "../cluster-model";
import { replicasOf, workloadOf } from "../workloads";

const HOST = "kubernetes.io/hostname";
const ZONE = "topology.kubernetes.io/zone";

/** A rule that keeps pods apart over a label of nodes. */
interface Apart {
    readonly what: string;
    readonly over: string;
    readonly required: boolean;
    /** Whether it counts the pods themselves. */
    readonly own: boolean;
    /** Whether a node that a pod does not tolerate is left out of its account; anti-affinity keeps no account. */
    readonly honorsTaints: boolean;
}

export const spread: Check = {
    name: "spread",
    promise: "No two pods alike share a host, zones share them out, and each such rule selects the pods that it is on",
    run: (model) => model.pods.filter(runsOn).flatMap((pods) => judge(model, pods)),
};

function judge(model: ClusterModel, pods: Pods): Found[] {
    const rules = rulesOf(pods);
    const found = (text: string, wanted: string, hint: string): Found => ({
        object: nameOf(pods.owner),
        found: `${pods.name}: ${text}`,
        wanted,
        hint,
    });
    const dead = rules
        .filter(({ own, what }) => !own && what !== ANTI)
        .map(({ what, over }) =>
            found(
                `${what} over ${over} does not select the pods' own labels ${shown(pods.labels)}`,
                "a selector that the pods match",
                "without it the rule keeps nothing apart: take the labels from the pod template",
            ),
        );
    const { survives } = model.settings.platform;
    if (survives === "nothing" || (replicasOf(model, pods) ?? 0) < 2) return dead;
    const alive = rules.filter(({ own }) => own);
    const hosts = alive.some(({ over, required }) => over === HOST && required)
        ? []
        : [
              found(
                  "may share a host",
                  `required anti-affinity over ${HOST}`,
                  `use hostAntiAffinity of components/kubernetes/placement.ts`,
              ),
          ];
    return [...dead, ...hosts, ...(survives === "zone" ? zones(pods, alive, found) : [])];
}

/** Members of a quorum and pods with volumes strictly, since a volume keeps the zone of its first day. */
function zones(pods: Pods, alive: readonly Apart[], found: (...texts: [string, string, string]) => Found): Found[] {
    const over = alive.filter((rule) => rule.over === ZONE);
    const hint = "use zoneSpread of components/kubernetes/placement.ts";
    const strict = workloadOf(pods)?.standing === "quorum" || pods.claims.length > 0;
    if (strict && !over.some(({ required }) => required)) {
        const why = pods.claims.length > 0 ? "they have volumes" : "they vote";
        return [found("zones are not kept apart", `a spread over ${ZONE} with DoNotSchedule, since ${why}`, hint)];
    }
    if (over.length === 0) return [found("may share a zone", `a spread over ${ZONE}, ScheduleAnyway at least`, hint)];
    return over
        .filter(({ required, honorsTaints }) => required && !honorsTaints)
        .map(() => found("a cordoned zone counts as empty, and pods wait for it", "nodeTaintsPolicy: Honor", hint));
}

const ANTI = "anti-affinity";

function rulesOf({ spec, labels, namespace }: Pods): Apart[] {
    const anti = record(at(spec, "affinity.podAntiAffinity"));
    const term = (each: Record<string, unknown>, required: boolean): Apart => {
        const elsewhere = strings(each.namespaces);
        const here = elsewhere.length === 0 || elsewhere.includes(namespace);
        return {
            what: ANTI,
            over: String(each.topologyKey),
            required,
            own: here && chooses(each.labelSelector, labels),
            honorsTaints: true,
        };
    };
    return [
        ...records(anti.requiredDuringSchedulingIgnoredDuringExecution).map((each) => term(each, true)),
        ...records(anti.preferredDuringSchedulingIgnoredDuringExecution).map((each) =>
            term(record(each.podAffinityTerm), false),
        ),
        ...records(spec.topologySpreadConstraints).map((each) => ({
            what: "topology spread",
            over: String(each.topologyKey),
            required: each.whenUnsatisfiable !== "ScheduleAnyway",
            own: chooses(each.labelSelector, labels),
            honorsTaints: each.nodeTaintsPolicy === "Honor",
        })),
    ];
}

/** A rule without a selector chooses no pods. */
function chooses(selector: unknown, labels: Pods["labels"]): boolean {
    return isRecord(selector) && selects(selector, labels);
}

function shown(labels: Readonly<Record<string, string>>): string {
    return Object.entries(labels)
        .map(([key, value]) => `${key}=${value}`)
        .join(",");
}
