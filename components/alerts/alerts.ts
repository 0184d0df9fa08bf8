import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { MONITORING } from "../kube-prometheus-stack/addresses";
import type { AlertFacts } from "./facts";
import { alertGroups } from "./groups";
import { alertingRule, type Common, type RuleGroup } from "./rule";

export interface AlertsArgs {
    readonly facts: AlertFacts;
    readonly common: Common;
    /** The namespace of Prometheus, which reads the rules of every namespace. */
    readonly namespace: k8s.core.v1.Namespace;
    /** The definition of PrometheusRule. */
    readonly monitoringCrds: pulumi.Resource[];
}

/** The platform's alerts on itself, evaluated by both replicas of Prometheus and shown by Alertmanager alone. */
export class Alerts extends pulumi.ComponentResource {
    constructor(name: string, args: AlertsArgs, opts?: pulumi.ComponentResourceOptions) {
        super("observability:alerts:Alerts", name, {}, opts);
        for (const group of alertGroups(args.facts)) {
            new k8s.apiextensions.CustomResource(`alerts-${group.name}`, ruleObject(group, args.common), {
                parent: this,
                dependsOn: [args.namespace, ...args.monitoringCrds],
            });
        }
        this.registerOutputs({});
    }
}

/** https://prometheus-operator.dev/docs/api-reference/api/#monitoring.coreos.com/v1.PrometheusRule */
export function ruleObject({ name, rules }: RuleGroup, common: Common) {
    return {
        apiVersion: "monitoring.coreos.com/v1",
        kind: "PrometheusRule",
        metadata: {
            name: `platform-${name}`,
            namespace: MONITORING,
            labels: { "app.kubernetes.io/part-of": "observability-platform" },
        },
        spec: { groups: [{ name: `platform-${name}`, rules: rules.map((rule) => alertingRule(rule, common)) }] },
    };
}
