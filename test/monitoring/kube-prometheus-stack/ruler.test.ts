import { deepEqual, equal, ok } from "node:assert/strict";
import { kubePrometheusStackDefaults } from "../../../components/monitoring/kube-prometheus-stack/settings";
import { rulerValues } from "../../../components/monitoring/kube-prometheus-stack/ruler";
import type { HighAvailabilityLabels } from "../../../components/contracts/metrics-store";
import type { Survives } from "../../../components/kubernetes/placement";
import { record, records } from "../../../tools/records";
import { platformOf } from "../../fixtures/platform";
import { metricsStore } from "../../fixtures/stores";

function specOf(survives: Survives, dropReplica: HighAvailabilityLabels["dropReplica"] = "store") {
    const values = rulerValues({
        platform: platformOf(survives),
        settings: kubePrometheusStackDefaults(survives),
        metricsStore: { ...metricsStore, highAvailability: { ...metricsStore.highAvailability, dropReplica } },
        grafana: { values: {} },
    });
    return { values, spec: values.thanosRulerSpec ?? {} };
}

/**
 * A series as it is written: relabelling as Prometheus does it, of the actions that are used. Taking over another label's value
 * by `replace` is none: Thanos ends at it.
 */
function written(series: Readonly<Record<string, string>>, target: unknown): Record<string, string> {
    const labels: Record<string, string> = { ...series };
    for (const rule of records(record(target).writeRelabelConfigs)) {
        const { action = "replace", targetLabel, sourceLabels, replacement, regex } = rule;
        const named = Object.keys(labels).filter((name) => new RegExp(`^(?:${String(regex)})$`).test(name));
        if (action === "labeldrop") for (const name of named) Reflect.deleteProperty(labels, name);
        else if (action === "labelmap") for (const name of named) labels[String(replacement)] = labels[name] ?? "";
        else {
            deepEqual({ action, sourceLabels }, { action: "replace", sourceLabels: undefined });
            labels[String(targetLabel)] = String(replacement);
        }
    }
    return labels;
}

describe("kube-prometheus-stack: the metrics store's ruler", () => {
    const resultOf = (pod: string, more: Record<string, string> = {}) => ({
        ...{ __name__: "job:requests:rate5m", cluster: "prod", thanos_ruler_replica: pod },
        ...more,
    });

    it("asks the store as the platform's own tenant, and writes what it makes back as the same", () => {
        const { spec } = specOf("zone");
        deepEqual(spec.queryEndpoints, ["http://metrics/rules"]);
        const [target, ...others] = records(spec.remoteWrite);
        equal(others.length, 0);
        equal(target?.url, "http://metrics/api/v1/push");
        deepEqual(target.headers, { "X-Scope-OrgID": "team" });
    });

    it("writes as a pair of its own, so that a store which elects one of a pair keeps results made of another's series", () => {
        const [target] = records(specOf("zone").spec.remoteWrite);
        const made = ["a", "b"].map((pod) => written(resultOf(pod, { pair: "monitoring/prometheus" }), target));
        deepEqual(
            made.map(({ member }) => member),
            ["a", "b"],
        );
        for (const each of made) {
            equal(each.pair, made[0]?.pair);
            ok(each.pair !== "monitoring/prometheus" && !("thanos_ruler_replica" in each));
        }
    });

    it("writes series that are the same from each of the pair, where the sender drops the label", () => {
        const [target] = records(specOf("zone", "sender").spec.remoteWrite);
        deepEqual(written(resultOf("a"), target), written(resultOf("b"), target));
    });

    it("finds the time that an alert has been true by the labels that the alert has, its cluster among them", () => {
        const { spec } = specOf("zone");
        const [target] = records(spec.remoteWrite);
        const ignored = records(spec.additionalArgs).map(({ name, value }) => {
            equal(name, "restore-ignored-label");
            return String(value);
        });
        // The store adds one to what was written, and takes the replica's away.
        const stored = Object.keys({ ...written(resultOf("a"), target), store_tenant: "team" });
        deepEqual(
            stored.filter((label) => !["__name__", "member", ...ignored].includes(label)),
            ["cluster"],
        );
    });

    it("tells every Alertmanager by the API that there is", () => {
        const secret = record(specOf("zone").spec.alertmanagersConfig?.secret);
        const [told, ...others] = records(secret.alertmanagers);
        equal(others.length, 0);
        deepEqual(told, {
            static_configs: ["dnssrv+_http-web._tcp.alertmanager-operated.monitoring.svc.cluster.local"],
            scheme: "http",
            api_version: "v2",
        });
    });

    it("is two on different hosts where something is survived, of which one may be away", () => {
        const { values, spec } = specOf("node");
        equal(spec.replicas, 2);
        equal(spec.podAntiAffinity, "hard");
        deepEqual(values.podDisruptionBudget, { enabled: true, minAvailable: 1 });
        const small = specOf("nothing");
        equal(small.spec.replicas, 1);
        equal(small.values.podDisruptionBudget?.enabled, false);
    });
});
