import { deepEqual, equal, match, ok } from "node:assert/strict";
import { buildK8sMonitoringValues } from "../../components/collectors/k8s-monitoring/values";
import { k8sMonitoringDefaults } from "../../components/collectors/k8s-monitoring/settings";
import { headerTenancy } from "../../components/contracts/tenancy";
import { record, records, strings } from "../../tools/records";
import { parseAlloy } from "../../tools/verify/configs/alloy-syntax";
import { selects } from "../../tools/verify/selectors";
import { valuesOf } from "../fixtures/kube-prometheus-stack";
import { platformOf } from "../fixtures/platform";
import { logStore, metricsStore, traceStore } from "../fixtures/stores";

const LABEL = "observability-platform/rules";
const UNMARKED: Record<string, string>[] = [{ team: "shop" }, { [LABEL]: "others" }];

describe("rules on logs: the way to the ruler", () => {
    const { collectors } = buildK8sMonitoringValues({
        platform: platformOf("zone"),
        settings: k8sMonitoringDefaults("zone"),
        scrapedByPrometheus: [],
        logStore: { ...logStore, tenancy: headerTenancy("blue") },
        ...{ traceStore, metricsStore },
    });
    const events = record(record(collectors)["alloy-events"]);

    it("is a collector's, which may read the objects and names the ruler and the tenant", () => {
        const [component] = parseAlloy(String(events.extraConfig));
        ok(component && "block" in component);
        equal(component.block, "loki.rules.kubernetes");
        match(String(events.extraConfig), /address\s+= "http:\/\/ruler:3100"\n\s+tenant_id = "blue"\n/);
        match(String(events.extraConfig), /match_labels = { "observability-platform\/rules" = "logs" }/);
        const read = records(record(events.rbac).rules).find(({ resources }) =>
            strings(resources).includes("prometheusrules"),
        );
        deepEqual(read?.verbs, ["get", "list", "watch"]);
    });

    it("leads past Prometheus and past the webhook, which read all other rules and no LogQL", () => {
        for (const survives of ["nothing", "zone"] as const) {
            const { prometheus, prometheusOperator } = valuesOf(survives);
            for (const selector of [
                prometheus?.prometheusSpec?.ruleSelector,
                prometheusOperator?.admissionWebhooks?.objectSelector,
            ]) {
                equal(selects(record(selector), { [LABEL]: "logs" }), false);
                for (const labels of UNMARKED) equal(selects(record(selector), labels), true);
            }
        }
    });
});

describe("rules on the metrics store: the way to its ruler", () => {
    it("leads past Prometheus and by the webhook, which reads PromQL, to the ruler, which has no others", () => {
        for (const survives of ["nothing", "zone"] as const) {
            const { prometheus, prometheusOperator, thanosRuler } = valuesOf(survives);
            const marked = { team: "shop", [LABEL]: "metrics" };
            const ruler = record(thanosRuler?.thanosRulerSpec?.ruleSelector);
            equal(selects(record(prometheus?.prometheusSpec?.ruleSelector), marked), false);
            equal(selects(record(prometheusOperator?.admissionWebhooks?.objectSelector), marked), true);
            equal(selects(ruler, marked), true);
            for (const labels of [...UNMARKED, { [LABEL]: "logs" }]) equal(selects(ruler, labels), false);
        }
    });
});
