import { deepEqual, ok } from "node:assert/strict";
import { remoteWriteRules } from "../../../components/monitoring/kube-prometheus-stack/alerts";

const names = (replicas: number) => remoteWriteRules({ replicas, metricsStore: "A" }).map(({ alert }) => alert);

describe("kube-prometheus-stack: alerts", () => {
    it("miss a replica only where there are two", () => {
        deepEqual(names(1), ["RemoteWriteBehind", "SamplesLost", "HistogramsLost"]);
        deepEqual(names(2), [...names(1), "PrometheusReplicaDown"]);
    });

    it("call the metrics store by its name, whichever it is", () => {
        const texts = remoteWriteRules({ replicas: 1, metricsStore: "Another" }).map(
            ({ summary, description, firing }) => [summary, description, firing.says],
        );
        ok(texts.flat().every((text) => text.includes("Another")));
    });
});
