import { deepEqual, equal, match, ok } from "node:assert/strict";
import type { Survives } from "../../../components/kubernetes/placement";
import { thanosRules } from "../../../components/metrics/thanos/rules";
import { thanosDefaults, thanosSettings, type ThanosSettings } from "../../../components/metrics/thanos/settings";
import { parseSettings } from "../../../components/platform/settings";

const given = { cluster: "c", domain: "a.example.com", survives: "zone" };

function paths(change: Partial<ThanosSettings>, survives: Survives, defaults = survives): string[] {
    const settings = { ...thanosDefaults(defaults), ...change };
    return thanosRules(settings, { survives, ipFamilies: "ipv4" }).map(({ path }) => path);
}

function problems(change: object) {
    const result = parseSettings({ ...given, ...change });
    return "problems" in result ? result.problems : [];
}

describe("thanos settings", () => {
    it("have defaults that parse and break no rule", () => {
        for (const survives of ["nothing", "node", "zone"] as const) {
            const settings = thanosSettings.parse(thanosDefaults(survives));
            deepEqual(thanosRules(settings, { survives, ipFamilies: "dual" }), []);
        }
        deepEqual(problems({ metrics: { kind: "thanos" } }), []);
    });

    it("refuse too few replicas and copies, all at once", () => {
        const laptop = thanosDefaults("nothing");
        deepEqual(paths({ caches: thanosDefaults("zone").caches }, "zone", "nothing"), [
            "metrics.replicationFactor",
            ...Object.keys(laptop.replicas).map((name) => `metrics.replicas.${name}`),
        ]);
        deepEqual(paths({ replicationFactor: 3 }, "nothing"), ["metrics.replicas.ingestor"]);
    });

    it("take exactly three ingestors where a zone may go, which do not know theirs, and any number where a node may", () => {
        const four = { replicas: { ...thanosDefaults("zone").replicas, ingestor: 4 } };
        deepEqual(paths(four, "zone"), ["metrics.replicas.ingestor"]);
        deepEqual(paths(four, "node"), []);
    });

    it("refuse times within which samples would be in no answer", () => {
        deepEqual(paths({ ingestorRetention: "3h" }, "node"), ["metrics.ingestorRetention"]);
        deepEqual(paths({ ingestorRetention: "3d", retention: "2d" }, "node"), ["metrics.retention"]);
        deepEqual(paths({ retention: "12h" }, "node"), ["metrics.retention"]);
        deepEqual(paths({ deletionDelay: "30m" }, "node"), ["metrics.deletionDelay"]);
        deepEqual(paths({ retention: "7d", downsampling: true }, "node"), ["metrics.retention"]);
        deepEqual(paths({ retention: "11d", downsampling: true }, "node"), []);
    });

    it("refuse pods that have IPv6 alone", () => {
        const [problem] = thanosRules(thanosDefaults("node"), { survives: "node", ipFamilies: "ipv6" });
        equal(problem?.path, "ipFamilies");
    });

    it("refuse what it cannot limit, and say what to do instead", () => {
        const found = problems({
            metrics: { kind: "thanos", limits: { maxSeries: 1, maxOutstandingQueries: 1 } },
            tenants: { shop: { metrics: { retention: "90d", maxExemplars: 5 } }, till: { metrics: {} } },
        });
        const fixes = new Map(found.map(({ path, fix }) => [path, fix]));
        deepEqual([...fixes.keys()].sort(), [
            "metrics.limits.maxOutstandingQueries",
            "metrics.limits.maxSeries",
            "tenants.shop.metrics.maxExemplars",
            "tenants.shop.metrics.retention",
        ]);
        match(fixes.get("metrics.limits.maxSeries") ?? "", /sampleLimit/);
        match(fixes.get("metrics.limits.maxOutstandingQueries") ?? "", /maxConcurrentQueries/);
        match(fixes.get("tenants.shop.metrics.retention") ?? "", /metrics\.retention/);
        for (const { given: was } of found) equal(was, "a key that this kind cannot have");
    });

    it("name the nearest key to one that no kind has", () => {
        const [wrong] = problems({ metrics: { kind: "thanos", limits: { outOfOrdr: "5m" } } });
        match(wrong?.fix ?? "", /outOfOrder/);
        ok(wrong?.allowed.includes("maxExemplars"));
    });
});
