import assert from "node:assert/strict";
import type { Survives } from "../../../components/kubernetes/placement";
import { vmKind } from "../../../components/metrics/victoriametrics/kind";
import { vmRules } from "../../../components/metrics/victoriametrics/rules";
import { vmDefaults, vmSettings, type VmSettings } from "../../../components/metrics/victoriametrics/settings";
import { parseSettings } from "../../../components/platform/settings";
import type { SettingsProblem } from "../../../components/settings/problem";

const SHARED = { cluster: "blue", domain: "o11y.example.com" };
const TARGET = {
    endpoint: "s3.example.com:443",
    bucket: "backup",
    credentials: { from: "secret", secretName: "offsite" },
};

function paths(survives: Survives, change: Partial<VmSettings>): string[] {
    return vmRules({ ...vmDefaults(survives), ...change }, { survives }).map(({ path }) => path);
}

/** What is refused in a stack's settings. */
function problems(survives: Survives, more: Record<string, unknown>): readonly SettingsProblem[] {
    const result = parseSettings({ ...SHARED, survives, metrics: { kind: "victoriametrics" }, ...more });
    return "problems" in result ? result.problems : [];
}

describe("victoriametrics settings", () => {
    it("have defaults that parse and break no rule", () => {
        for (const survives of ["nothing", "node", "zone"] as const) {
            const settings = vmSettings.parse(vmDefaults(survives));
            assert.deepEqual(vmRules(settings, { survives }), []);
        }
    });

    it("keep two copies only on servers enough that a loss leaves two", () => {
        const servers = (vmstorage: number) => ({ ...vmDefaults("zone").replicas, vmstorage });
        assert.deepEqual(paths("node", { replicationFactor: 1 }), ["metrics.replicationFactor"]);
        assert.deepEqual(paths("node", { replicas: servers(2) }), ["metrics.replicas.vmstorage"]);
        assert.deepEqual(paths("node", { replicationFactor: 3, replicas: servers(4) }), ["metrics.replicas.vmstorage"]);
        assert.deepEqual(paths("node", { replicationFactor: 3, replicas: servers(5) }), []);
        assert.deepEqual(paths("node", { replicas: servers(9) }), []);
    });

    it("let no zone hold all copies of a sample", () => {
        const servers = (vmstorage: number) => ({ ...vmDefaults("zone").replicas, vmstorage });
        assert.deepEqual(paths("zone", { replicas: servers(4) }), ["metrics.replicas.vmstorage"]);
        assert.deepEqual(paths("zone", { replicationFactor: 3, replicas: servers(6) }), []);
        assert.deepEqual(paths("zone", { replicationFactor: 3, replicas: servers(7) }), ["metrics.replicas.vmstorage"]);
    });

    it("are one process where nothing is survived", () => {
        const two = { ...vmDefaults("nothing").replicas, vmstorage: 2 };
        assert.deepEqual(paths("nothing", { replicas: two }), ["metrics.replicas.vmstorage"]);
        assert.deepEqual(paths("nothing", { replicationFactor: 2 }), ["metrics.replicationFactor"]);
    });

    it("refuse a retention with which the program ends", () => {
        assert.deepEqual(paths("node", { retention: "12h" }), ["metrics.retention"]);
    });

    it("answer what the kind cannot do with what to do instead", () => {
        const given = {
            metrics: {
                kind: "victoriametrics",
                windows: {},
                limits: { maxSeries: 1, maxExemplars: 1 },
                buckets: { blocks: "blocks" },
            },
            tenants: { shop: { metrics: { retention: "7d", maxSeries: 5 } } },
        };
        const fixes = Object.fromEntries(problems("zone", given).map(({ path, fix }) => [path, fix]));
        assert.deepEqual(Object.keys(fixes).sort(), [
            "metrics.buckets.blocks",
            "metrics.limits.maxExemplars",
            "metrics.limits.maxSeries",
            "metrics.windows",
            "tenants.shop.metrics.maxSeries",
            "tenants.shop.metrics.retention",
        ]);
        assert.match(fixes["metrics.limits.maxSeries"] ?? "", /maxHourlySeries/);
        assert.match(fixes["metrics.limits.maxExemplars"] ?? "", /cortex/);
        assert.match(fixes["tenants.shop.metrics.retention"] ?? "", /metrics\.retention/);
    });

    it("take tenants without limits of their own, and refuse two that would be one account", () => {
        assert.deepEqual(problems("zone", { tenants: { shop: {}, bank: { metrics: {} } } }), []);
        // Two names of one FNV-1a hash.
        const [one, other] = ["costarring", "liquid"];
        const found = problems("zone", { tenants: { [one]: {}, [other]: {} } });
        assert.deepEqual(
            found.map(({ path }) => path),
            [`tenants.${other}`],
        );
        assert.match(found[0]?.allowed ?? "", new RegExp(one));
    });

    it("ask for the backup's bucket, if it has one", () => {
        assert.deepEqual(vmKind.buckets(vmDefaults("node")), { "buckets.backup": "victoriametrics-backup" });
        assert.deepEqual(vmKind.buckets(vmDefaults("nothing")), {});
    });

    it("refuse an object store that knows accounts, since its backups know keys alone", () => {
        const objectStore = {
            ...{ kind: "s3", endpoint: "s3.eu-west-1.amazonaws.com:443", region: "eu-west-1" },
            identity: { from: "podIdentity" },
        };
        const found = (kind: string) => problems("zone", { objectStore, metrics: { kind } }).map(({ path }) => path);
        assert.deepEqual(found("victoriametrics"), ["metrics.buckets.backup"]);
        assert.deepEqual(found("cortex"), []);
    });

    it("refuse copies of buckets while the metrics are in none", () => {
        assert.deepEqual(problems("zone", { backup: { target: TARGET } }), []);
        const laptop = (metrics: object) =>
            problems("nothing", { backup: { target: TARGET }, metrics: { kind: "victoriametrics", ...metrics } });
        assert.deepEqual(
            laptop({}).map(({ path }) => path),
            ["metrics.buckets"],
        );
        assert.deepEqual(laptop({ buckets: { backup: "metrics" } }), []);
    });

    it("say what they lack of what other kinds do", () => {
        assert.ok(vmKind.lacks(vmDefaults("zone")).some((what) => what.includes("exemplars")));
        assert.ok(vmKind.lacks(vmDefaults("nothing")).some((what) => what.includes("metrics.buckets.backup")));
    });
});
