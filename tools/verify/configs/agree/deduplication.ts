import { record, records } from "../../../records";
import type { Check } from "../../check";
import type { Found } from "../../finding";
import { nameOf, specOf } from "../../cluster-model";
import { configured, storesOf, type Store } from "./stores";

export const deduplication: Check = {
    name: "ha-deduplication",
    promise:
        "Where Prometheus has replicas, the store tells them apart by the labels that they send, and keeps one's samples",
    run: (model) =>
        storesOf(model).flatMap((store) => {
            const { deduplication: told } = store;
            if (told === undefined) return [];
            return model.ofKind("Prometheus").flatMap((each) => {
                const spec = specOf(each.object);
                const pair = Number(spec.replicas ?? 1) > 1 && records(spec.remoteWrite).length > 0;
                return pair ? disagreements(store, told, nameOf(each), spec) : [];
            });
        }),
};

type Told = NonNullable<Store["deduplication"]>;

function disagreements(store: Store, told: Told, object: string, spec: Readonly<Record<string, unknown>>): Found[] {
    const { title } = store;
    const replica = labelName(spec, "replica", "prometheus_replica");
    const cluster = labelName(spec, "prometheus", "prometheus");
    const [[replicaKey], [clusterKey]] = [told.replicaLabel, told.clusterLabel];
    const replicaLabel = String(configured(store, ...told.replicaLabel));
    const clusterLabel = String(configured(store, ...told.clusterLabel));
    const sent = [...(cluster === undefined ? [] : [cluster]), ...Object.keys(record(spec.externalLabels))];
    const off = told.switches.filter((key) => configured(store, key, false) !== true);
    return [
        ...off.map((key) => ({
            object: store.object,
            found: `${key} is not true, and ${object} has ${String(spec.replicas)} replicas`,
            wanted: `${key}: true: otherwise every sample is stored once for each replica`,
            hint: `the program sets it: something under ${store.settings}.values changes it`,
        })),
        ...(replica === replicaLabel
            ? []
            : [
                  {
                      object,
                      found: `names its replicas in ${replica ?? "no label"}; ${title} elects on ${replicaLabel}`,
                      wanted: "one label for both",
                      hint: `prometheusSpec.replicaExternalLabelName and ${title}'s ${replicaKey} are one and the same`,
                  },
              ]),
        ...(sent.includes(clusterLabel)
            ? []
            : [
                  {
                      object,
                      found: `sends ${sent.join(", ") || "no external label"}; ${title} knows a pair by ${clusterLabel}`,
                      wanted: "a label that both replicas send alike",
                      hint: `prometheusSpec.prometheusExternalLabelName and ${title}'s ${clusterKey} are one and the same`,
                  },
              ]),
        // Any series with a label of that name of its own would hold an election of its own.
        ...(clusterLabel === "cluster" && sent.includes("cluster")
            ? [
                  {
                      object: store.object,
                      found: `${clusterKey} is cluster, which monitors of the stores set on their own series`,
                      wanted: `prometheus: ${title} decides for a whole request by its first series`,
                      hint: `set ${clusterKey} to prometheus`,
                  },
              ]
            : []),
    ];
}

/** Name of a label that the Prometheus operator adds; undefined where it is told to add none. */
function labelName(
    spec: Readonly<Record<string, unknown>>,
    kind: "replica" | "prometheus",
    fallback: string,
): string | undefined {
    const given = spec[`${kind}ExternalLabelName`];
    if (given === "") return undefined;
    return typeof given === "string" ? given : fallback;
}
