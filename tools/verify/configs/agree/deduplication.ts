import { record, records } from "../../../records";
import type { Check } from "../../check";
import type { Found } from "../../finding";
import { nameOf, specOf } from "../../cluster-model";
import { configured, storesOf, type Store } from "./stores";

export const deduplication: Check = {
    name: "ha-deduplication",
    promise:
        "Where Prometheus has replicas, Cortex tells them apart by the labels that they send, and keeps one's samples",
    run: (model) => {
        const [store] = storesOf(model).filter(({ program }) => program === "cortex");
        if (store === undefined) return [];
        return model.ofKind("Prometheus").flatMap((each) => {
            const spec = specOf(each.object);
            const pair = Number(spec.replicas ?? 1) > 1 && records(spec.remoteWrite).length > 0;
            return pair ? disagreements(store, nameOf(each), spec) : [];
        });
    },
};

function disagreements(store: Store, object: string, spec: Readonly<Record<string, unknown>>): Found[] {
    const replica = labelName(spec, "replica", "prometheus_replica");
    const cluster = labelName(spec, "prometheus", "prometheus");
    const replicaLabel = String(configured(store, "limits.ha_replica_label", "__replica__"));
    const clusterLabel = String(configured(store, "limits.ha_cluster_label", "cluster"));
    const sent = [...(cluster === undefined ? [] : [cluster]), ...Object.keys(record(spec.externalLabels))];
    const off = ["limits.accept_ha_samples", "distributor.ha_tracker.enable_ha_tracker"].filter(
        (key) => configured(store, key, false) !== true,
    );
    return [
        ...off.map((key) => ({
            object: store.object,
            found: `${key} is not true, and ${object} has ${String(spec.replicas)} replicas`,
            wanted: `${key}: true: otherwise every sample is stored once for each replica`,
            hint: "the program sets it: something under metrics.values changes it",
        })),
        ...(replica === replicaLabel
            ? []
            : [
                  {
                      object,
                      found: `names its replicas in ${replica ?? "no label"}; Cortex elects on ${replicaLabel}`,
                      wanted: "one label for both",
                      hint: "prometheusSpec.replicaExternalLabelName and Cortex' limits.ha_replica_label are one and the same",
                  },
              ]),
        ...(sent.includes(clusterLabel)
            ? []
            : [
                  {
                      object,
                      found: `sends ${sent.join(", ") || "no external label"}; Cortex knows a pair by ${clusterLabel}`,
                      wanted: "a label that both replicas send alike",
                      hint: "prometheusSpec.prometheusExternalLabelName and Cortex' limits.ha_cluster_label are one and the same",
                  },
              ]),
        // Any series with a label of that name of its own would hold an election of its own.
        ...(clusterLabel === "cluster" && sent.includes("cluster")
            ? [
                  {
                      object: store.object,
                      found: "limits.ha_cluster_label is cluster, which monitors of the stores set on their own series",
                      wanted: "prometheus: Cortex decides for a whole request by its first series",
                      hint: "set limits.ha_cluster_label to prometheus",
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
