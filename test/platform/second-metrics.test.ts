import { deepEqual, equal, match, ok } from "node:assert/strict";
import { parseSettings } from "../../components/platform/settings";
import { alertGroups } from "../../components/alerts/groups";
import type { Plan } from "../../tools/plan/engine";
import { at, record, records } from "../../tools/records";
import { flowsOf } from "../fixtures/flows";
import { planned, releasesOf } from "../fixtures/planned";
import { systemsWith } from "../fixtures/watched";

function problems(more: object) {
    const result = parseSettings({ cluster: "c", domain: "o11y.example.com", survives: "zone", ...more });
    return "problems" in result ? result.problems : [];
}

const paths = (more: object) => problems(more).map(({ path }) => path);

describe("a second metrics store: settings", () => {
    it("are those of the store, with its defaults", () => {
        deepEqual(problems({ secondMetrics: { kind: "thanos", retention: "60d" } }), []);
        const result = parseSettings({
            ...{ cluster: "c", domain: "o11y.example.com", survives: "zone" },
            secondMetrics: { kind: "thanos" },
        });
        ok("settings" in result);
        const { secondMetrics } = result.settings;
        ok(secondMetrics.kind === "thanos");
        deepEqual([secondMetrics.replicas.ingestor, secondMetrics.buckets.blocks], [3, "thanos-blocks"]);
    });

    it("are refused by the store's own rules, with the place where they stand", () => {
        const [found, ...others] = problems({ secondMetrics: { kind: "thanos", retention: "12h" } });
        equal(others.length, 0);
        equal(found?.path, "secondMetrics.retention");
        match(found.allowed, /secondMetrics\.ingestorRetention/);
        const [few] = problems({ secondMetrics: { kind: "thanos", replicas: { router: 1 } } });
        equal(few?.path, "secondMetrics.replicas.router");
        match(few.fix, /^secondMetrics: \{/);
    });

    it("name another store than the first, in this cluster, with buckets of its own", () => {
        ok(paths({ secondMetrics: { kind: "cortex" } }).includes("secondMetrics.kind"));
        const own = { secondMetrics: { kind: "thanos", buckets: { blocks: "cortex-blocks" } } };
        deepEqual(paths(own), ["secondMetrics.buckets.blocks"]);
        const sender = { hub: { secret: "hub" }, metrics: { kind: "remote" }, grafana: { enabled: false } };
        ok(paths({ ...sender, secondMetrics: { kind: "thanos" } }).includes("secondMetrics.kind"));
        deepEqual(paths({ secondMetrics: { kind: "remote" } }), ["secondMetrics.kind"]);
    });

    it("let no two tenants share what the second store keeps", () => {
        // The same number by 32-bit FNV-1a.
        const tenants = { costarring: {}, liquid: {} };
        deepEqual(paths({ tenants }), []);
        deepEqual(paths({ tenants, secondMetrics: { kind: "victoriametrics" } }), ["tenants.liquid"]);
    });
});

describe("a second metrics store: alerts", () => {
    it("watch both stores, and say of both that Prometheus cannot send", () => {
        const rules = alertGroups(systemsWith({ secondMetrics: { kind: "thanos" } })).flatMap(({ rules: all }) => all);
        const stopped = rules.filter(({ alert }) => alert === "MetricsIngestionStopped");
        deepEqual(stopped.map(({ labels }) => labels?.namespace).sort(), ["cortex", "thanos"]);
        const behind = rules.find(({ alert }) => alert === "RemoteWriteBehind");
        match(behind?.summary ?? "", /Cortex or Thanos/);
    });
});

describe("a second metrics store: the plan", () => {
    /** Settings of each step on the way from Cortex to Thanos; what the second step sets stays set. */
    const STEPS = {
        before: {},
        both: { "observability:secondMetrics": '{"kind":"thanos","retention":"365d"}' },
        swapped: {
            "observability:metrics": '{"kind":"thanos","retention":"365d"}',
            "observability:secondMetrics": '{"kind":"cortex","retention":"365d"}',
        },
        after: { "observability:metrics": '{"kind":"thanos","retention":"365d"}' },
    };
    const plans: Partial<Record<keyof typeof STEPS, Plan>> = {};
    const plan = (step: keyof typeof STEPS): Plan => {
        const found = plans[step];
        ok(found);
        return found;
    };

    before(async () => {
        const metrics = JSON.stringify({ kind: "cortex", retention: "365d" });
        for (const [step, more] of Object.entries(STEPS)) {
            plans[step as keyof typeof STEPS] = await planned("prod", { "observability:metrics": metrics, ...more });
        }
    });

    const urns = (step: keyof typeof STEPS) => plan(step).resources.map(({ urn }) => urn);

    it("makes the second store beside the first, which stays as it is", () => {
        const missing = urns("before").filter((urn) => !urns("both").includes(urn));
        deepEqual(missing, []);
        const added = plan("both").resources.filter(({ urn }) => !urns("before").includes(urn));
        ok(added.some(({ name, type }) => name === "thanos" && type.endsWith(":Release")));
        const cortex = (step: keyof typeof STEPS) =>
            releasesOf(plan(step)).find(({ inputs }) => inputs.name === "cortex")?.inputs;
        deepEqual(cortex("both"), cortex("before"));
    });

    it("makes nothing anew, and changes nothing of either store, when they change places", () => {
        deepEqual(urns("swapped").sort(), urns("both").sort());
        // Who pushes changes: all but Prometheus do to the first.
        const lasting = (step: keyof typeof STEPS, namespace: string) =>
            flowsOf(plan(step).resources, namespace).filter((flow) => !flow.startsWith("push-from-"));
        for (const namespace of ["cortex", "thanos"])
            deepEqual(lasting("swapped", namespace).sort(), lasting("both", namespace).sort());
        for (const name of ["cortex", "thanos"]) {
            const release = (step: keyof typeof STEPS) =>
                releasesOf(plan(step)).find(({ inputs }) => inputs.name === name);
            deepEqual(at(release("swapped")?.inputs, "values"), at(release("both")?.inputs, "values"), name);
            equal(release("swapped")?.protect, true, "its data goes by no accident");
        }
    });

    it("leaves the store behind whole: nothing that the new one has is another's", () => {
        const gone = plan("swapped").resources.filter(({ urn }) => !urns("after").includes(urn));
        ok(gone.length > 0);
        const namespaces = new Set(gone.map(({ inputs }) => at(inputs, "metadata.namespace") ?? inputs.namespace));
        namespaces.delete(undefined);
        deepEqual(
            [...namespaces].filter((namespace) => !["cortex", "monitoring", "minio"].includes(String(namespace))),
            [],
        );
        deepEqual(
            urns("after").filter((urn) => !urns("swapped").includes(urn)),
            [],
        );
    });

    const spec = (step: keyof typeof STEPS) => {
        const kps = releasesOf(plan(step)).find(({ inputs }) => inputs.name === "kps");
        return { write: records(at(kps?.inputs.values, "prometheus.prometheusSpec.remoteWrite")), values: kps?.inputs };
    };

    it("has Prometheus write to both, by a queue each, and everybody else to the first", () => {
        deepEqual(
            spec("both").write.map(({ name, url }) => [name, new URL(String(url)).hostname.split(".")[1]]),
            [
                ["metrics-store", "cortex"],
                ["second-metrics-store", "thanos"],
            ],
        );
        deepEqual(
            spec("swapped").write.map(({ url }) => new URL(String(url)).hostname.split(".")[1]),
            ["thanos", "cortex"],
        );
        const collectors = releasesOf(plan("both")).find(({ inputs }) => inputs.name === "k8s-monitoring");
        ok(!JSON.stringify(record(collectors?.inputs.values).destinations).includes("thanos"));
    });

    it("has Grafana show both by data sources of their own: dashboards stay with the first", () => {
        const sources = (step: keyof typeof STEPS) => {
            const given = record(at(spec(step).values, "values.grafana.datasources"))["datasources.yaml"];
            const found = records(record(given).datasources).filter(({ uid }) => /^metrics2?$/.test(String(uid)));
            return Object.fromEntries(found.map(({ uid, name }) => [String(uid), String(name)]));
        };
        deepEqual(sources("both"), { metrics: "Cortex", metrics2: "Thanos" });
        deepEqual(sources("swapped"), { metrics: "Thanos", metrics2: "Cortex" });
        deepEqual(sources("after"), { metrics: "Thanos" });
    });
});
