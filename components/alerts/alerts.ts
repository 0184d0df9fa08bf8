import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { LOG_RULES } from "../contracts/rule-objects";
import type { System } from "../contracts/system";
import { MONITORING } from "../kubernetes/namespaces";
import { alertGroups } from "./groups";
import { logAlertGroups } from "./log-lines/groups";
import { alertingRule, type Alert, type Common, type RuleGroup } from "./rule";

export interface AlertsArgs {
    readonly systems: readonly System[];
    readonly common: Common;
    /** The namespace of Prometheus, which reads the rules of every namespace. */
    readonly namespace: k8s.core.v1.Namespace;
    /** The definition of PrometheusRule. */
    readonly monitoringCrds: pulumi.Resource[];
}

/**
 * The platform's alerts on itself, shown by Alertmanager alone: those on metrics are evaluated by both replicas of
 * Prometheus, those on log lines by the log store's ruler.
 */
export class Alerts extends pulumi.ComponentResource {
    /** Names of the PrometheusRules. */
    readonly rules: readonly string[];

    constructor(name: string, args: AlertsArgs, opts?: pulumi.ComponentResourceOptions) {
        super("observability:alerts:Alerts", name, {}, opts);
        const objects = [
            ...alertGroups(args.systems).map((group) => ruleObject(group, args.common)),
            ...logAlertGroups(args.systems).map((group) => ruleObject(group, args.common, LOG_LINES)),
        ];
        for (const object of objects) {
            new k8s.apiextensions.CustomResource(object.metadata.name.replace("platform-", "alerts-"), object, {
                parent: this,
                dependsOn: [args.namespace, ...args.monitoringCrds],
            });
        }
        this.rules = objects.map((object) => object.metadata.name);
        this.registerOutputs({ rules: this.rules });
    }
}

const LOG_LINES = { [LOG_RULES.label]: LOG_RULES.value };

/** https://prometheus-operator.dev/docs/api-reference/api/#monitoring.coreos.com/v1.PrometheusRule */
export function ruleObject({ name, rules }: RuleGroup<Alert>, common: Common, labels: Record<string, string> = {}) {
    return {
        apiVersion: "monitoring.coreos.com/v1",
        kind: "PrometheusRule",
        metadata: {
            name: `platform-${name}`,
            namespace: MONITORING,
            labels: { "app.kubernetes.io/part-of": "observability-platform", ...labels },
        },
        spec: { groups: [{ name: `platform-${name}`, rules: rules.map((rule) => alertingRule(rule, common)) }] },
    };
}
