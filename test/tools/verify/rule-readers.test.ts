import { ruleReaders } from "../../../tools/verify/configs/rule-readers";
import { ruleExpressions } from "../../../tools/verify/configs/rules-check";
import { assertClean, assertFound, given } from "../../fixtures/verify/given";
import { document } from "../../fixtures/verify/manifests";

const LABEL = { "observability-platform/rules": "logs" };
const NOT_LOGS = { matchExpressions: [{ key: "observability-platform/rules", operator: "NotIn", values: ["logs"] }] };
const LOGQL = 'sum(count_over_time({a="b"} |= "c" [5m])) > 1';

const rule = (expr: string, labels: Record<string, string> = {}) =>
    document({
        apiVersion: "monitoring.coreos.com/v1",
        kind: "PrometheusRule",
        metadata: { name: "r", labels },
        spec: { groups: [{ name: "g", rules: [{ alert: "A", expr }] }] },
    });

const prometheus = (ruleSelector: object = NOT_LOGS) =>
    document({
        apiVersion: "monitoring.coreos.com/v1",
        kind: "Prometheus",
        metadata: { name: "p" },
        spec: { replicas: 1, ruleSelector, ruleNamespaceSelector: {} },
    });

const ruler = document({
    apiVersion: "monitoring.coreos.com/v1",
    kind: "ThanosRuler",
    metadata: { name: "t" },
    spec: {
        replicas: 1,
        ruleSelector: { matchLabels: { "observability-platform/rules": "metrics" } },
        ruleNamespaceSelector: {},
    },
});

const carrier = (value = "logs") => {
    const text = `loki.rules.kubernetes "r" {
        address = "http://ruler:3100"
        rule_selector {
            match_labels = { "observability-platform/rules" = "${value}" }
        }
    }`;
    return [
        { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a" }, data: { "config.alloy": text } },
        {
            apiVersion: "collectors.grafana.com/v1alpha1",
            kind: "Alloy",
            metadata: { name: "a" },
            spec: { alloy: { configMap: { create: false, name: "a", key: "config.alloy" } } },
        },
    ]
        .map(document)
        .join("");
};

const webhook = (objectSelector?: object) =>
    document({
        apiVersion: "admissionregistration.k8s.io/v1",
        kind: "ValidatingWebhookConfiguration",
        metadata: { name: "w" },
        webhooks: [
            { name: "w", rules: [{ resources: ["prometheusrules"] }], ...(objectSelector && { objectSelector }) },
        ],
    });

describe("verify: who reads rules", () => {
    it("is Prometheus or a ruler, and never both", () => {
        const both = prometheus() + carrier();
        assertClean(ruleReaders, given(both + rule("up > 1")));
        assertClean(ruleReaders, given(both + rule(LOGQL, LABEL)));
        assertFound(ruleReaders, given(prometheus() + rule(LOGQL, LABEL)), /PrometheusRule\/r: nobody reads it/);
        assertFound(ruleReaders, given(prometheus() + carrier("lines") + rule(LOGQL, LABEL)), /nobody reads it/);
        assertFound(
            ruleReaders,
            given(prometheus({}) + carrier() + rule(LOGQL, LABEL)),
            /read by ns\/Prometheus\/p and ns\/ConfigMap\/a/,
        );
    });

    it("is the metrics store's ruler for what Prometheus leaves alone, and not both", () => {
        const label = { "observability-platform/rules": "metrics" };
        const neither = { matchExpressions: [{ ...NOT_LOGS.matchExpressions[0], values: ["logs", "metrics"] }] };
        assertClean(ruleReaders, given(prometheus(neither) + ruler + rule("up > 1", label) + rule("up > 1")));
        assertFound(
            ruleReaders,
            given(prometheus() + ruler + rule("up > 1", label)),
            /read by ns\/Prometheus\/p and ns\/ThanosRuler\/t/,
        );
        assertFound(ruleReaders, given(prometheus(neither) + rule("up > 1", label)), /nobody reads it/);
        assertFound(
            ruleExpressions,
            given(prometheus(neither) + ruler + rule('{a="b"} |= "c"', label)),
            ...[/that Prometheus can read/, /that Prometheus can read/],
        );
    });

    it("decides the language", () => {
        const both = prometheus() + carrier();
        assertClean(ruleExpressions, given(both + rule(LOGQL, LABEL)));
        const notPromql = /that Prometheus can read/;
        assertFound(ruleExpressions, given(both + rule(LOGQL)), notPromql, notPromql);
        assertFound(ruleExpressions, given(both + rule("up", LABEL)), /that Loki can read/);
        assertFound(ruleExpressions, given(both + rule('{a="b"} |= "c"', LABEL)), /gives lines and no numbers/);
    });

    it("decides whether the webhook is asked", () => {
        const stack = prometheus() + carrier() + rule(LOGQL, LABEL);
        assertClean(ruleReaders, given(stack + webhook(NOT_LOGS)));
        assertFound(ruleReaders, given(stack + webhook()), /ValidatingWebhookConfiguration\/w is asked about it/);
        assertClean(ruleReaders, given(prometheus() + rule("up > 1") + webhook()));
    });
});
