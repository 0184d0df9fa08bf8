import assert from "node:assert/strict";
import { buildK8sMonitoringValues } from "../../../components/collectors/k8s-monitoring/values";
import { parseSettings } from "../../../components/platform/settings";
import { at } from "../../../tools/records";
import { logStore, metricsStore, traceStore } from "../../fixtures/stores";

function parsed(k8sMonitoring: Record<string, unknown>) {
    return parseSettings({ cluster: "c", domain: "a.example.com", survives: "node", k8sMonitoring });
}

function values(k8sMonitoring: Record<string, unknown> = {}) {
    const result = parsed(k8sMonitoring);
    assert.ok("settings" in result, JSON.stringify(result));
    return buildK8sMonitoringValues({
        platform: result.settings.platform,
        settings: result.settings.k8sMonitoring,
        scrapedByPrometheus: [],
        ...{ logStore, traceStore, metricsStore },
    });
}

const stages = (podLogs: Record<string, unknown>) => values({ podLogs }).podLogsViaLoki?.extraLogProcessingStages ?? "";

describe("k8s-monitoring: lines of pods", () => {
    it("are joined to records where it is said how one begins, pod by pod, before ids are looked for", () => {
        assert.doesNotMatch(stages({}), /multiline/);
        const made = stages({ records: [{ namespace: "shop", firstLine: "^\\d{4}-" }] });
        assert.match(made, /selector = `\{namespace="shop"\}`\n\s+stage\.multiline \{\n\s+firstline\s+= `\^\\d\{4\}-`/);
        const order = ["stage.multiline", "stage.regex", "stage.structured_metadata", "stage.limit"];
        const places = order.map((stage) => made.indexOf(stage));
        assert.deepEqual(
            places,
            [...places].sort((a, b) => a - b),
        );
        // The chart would take the pod off the labels first, and join lines of two pods.
        const early = values().podLogsViaLoki?.structuredMetadata;
        assert.equal(at(early, "pod"), "");
        assert.match(made, /pod\s+= "pod"/, "it is put beside the line afterwards");
    });

    it("pass stages of one's own, which may not take the place of the platform's", () => {
        const drop = 'stage.drop {\n  expression = "x"\n}\n';
        const made = stages({ stages: drop });
        assert.ok(made.indexOf(drop) > made.indexOf("stage.structured_metadata"));
        assert.ok(made.indexOf(drop) < made.indexOf("stage.limit"));
        const result = parsed({ values: { podLogsViaLoki: { extraLogProcessingStages: drop } } });
        assert.ok("problems" in result);
        assert.match(JSON.stringify(result.problems), /k8sMonitoring\.podLogs\.stages/);
    });

    it("take no beginning that ends the text it stands in", () => {
        for (const firstLine of ["`", "{{ .Values }}", ""]) {
            const result = parsed({ podLogs: { records: [{ namespace: "shop", firstLine }] } });
            assert.ok(!("settings" in result), firstLine);
        }
    });

    it("are limited namespace by namespace, and a limit of the store stops no node", () => {
        const made = stages({ linesPerSecond: 70, linesBurst: 700 });
        assert.match(
            made,
            /stage\.limit \{\n\s+rate\s+= 70\n\s+burst\s+= 700\n\s+drop\s+= true\n\s+by_label_name = "namespace"/,
        );
        const { destinations } = values();
        assert.equal(at(destinations, "logs.retryOnHttp429"), false);
        assert.equal(at(destinations, "logs.maxBackoffRetries"), 0, "a store that is away is waited for");
    });
});

describe("k8s-monitoring: journals", () => {
    const paths = (of: unknown, key: string) =>
        ((of ?? []) as Record<string, unknown>[]).map((each) => at(each, key) as string);
    const logs = (of: Parameters<typeof values>[0] = {}) => at(values(of).collectors, "alloy-logs");

    it("are read on disk or in memory, whichever a node has, and positions stay on the host", () => {
        assert.equal(values().nodeLogs?.journal?.path, "");
        const needed = ["/var/lib/alloy", "/run/log/journal", "/etc/machine-id"];
        assert.deepEqual(paths(at(logs(), "alloy.mounts.extra"), "mountPath"), needed);
        assert.deepEqual(paths(at(logs(), "controller.volumes.extra"), "hostPath.path"), needed);
        const presets = at(logs(), "presets") as string[];
        assert.ok(presets.includes("filesystem-log-reader"), "mounts /var/log");
    });

    it("take no mounts where they are not read", () => {
        const without = logs({ features: { nodeLogs: false } });
        assert.ok(at(without, "presets"));
        assert.equal(at(without, "alloy.mounts"), undefined);
        assert.equal(at(without, "controller.volumes"), undefined);
    });
});
