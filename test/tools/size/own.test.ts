import assert from "node:assert/strict";
import { parse } from "yaml";
import { mergeValues } from "../../../components/kubernetes/merge-values";
import { parseSettings, type Settings } from "../../../components/platform/settings";
import { ENCRYPTED } from "../../../tools/plan/stack-file";
import { at, record } from "../../../tools/records";
import { defaultsOf, readLoad, type GivenLoad } from "../../../tools/size/load";
import { raised, shown } from "../../../tools/size/own";
import { refusedOf, sizeOf, stackFile } from "../../../tools/size/stack";
import { leastOf } from "../../fixtures/kinds";

function parsed(raw: Record<string, unknown>): Settings {
    const result = parseSettings(raw);
    assert.ok("settings" in result, JSON.stringify(result));
    return result.settings;
}

/** What is printed for a stack's file, which holds these settings beside those that each has, and the file's own. */
function printed(settings: Record<string, unknown>, given: GivenLoad = {}) {
    const raw = { cluster: "c", domain: "observability.example.com", survives: "node", ...settings };
    const stack = parsed(raw);
    const size = sizeOf(readLoad(given, defaultsOf(stack)), undefined, stack);
    assert.deepEqual(refusedOf(size, raw), []);
    const text = stackFile("observability", size, raw);
    const config = record(record(parse(text)).config);
    const block = Object.fromEntries(
        Object.entries(config).map(([key, value]) => [key.replace("observability:", ""), value]),
    );
    // Both ways of putting it into the file are taken.
    parsed({ ...raw, ...block });
    parsed(mergeValues(raw, block));
    return { text, block };
}

describe("the settings that a size prints for a stack", () => {
    const large = {
        metrics: {
            replicas: { ingester: 9 },
            volumes: { ingester: "500Gi" },
            limits: { maxSeries: 90_000_000 },
            values: { ingester: { resources: { requests: { cpu: "6500m", memory: "40Gi" } } } },
        },
        objectStore: { kind: "minio", servers: 6, drivesPerServer: 4, driveSize: "4Ti" },
        logs: { memory: { ingester: "12Gi" }, volumes: { ingester: "60Gi" } },
        kubePrometheusStack: { prometheus: { volume: "400Gi" } },
        kubernetes: "1.35",
    };

    it("are never below what the stack has, and are above where the load asks for more", () => {
        const { block } = printed(large);
        const same = [
            ...["metrics.replicas.ingester", "metrics.volumes.ingester", "metrics.limits.maxSeries"],
            ...["metrics.values.ingester.resources.requests", "logs.memory.ingester"],
            "logs.volumes.ingester",
            ...["objectStore", "kubePrometheusStack.prometheus.volume"],
        ];
        for (const path of same) assert.deepEqual(at(block, path), at(large, path), path);
        const limit = at(block, "metrics.values.ingester.resources.limits.memory");
        assert.equal(limit, "40Gi", "no lower than what is asked for");
        const more = printed(large, { series: "50M", logs: "10TB/day" }).block;
        assert.ok(Number(at(more, "metrics.replicas.ingester")) > 9);
        assert.equal(at(more, "kubePrometheusStack.prometheus.volume"), "403Gi", "50M ÷ 30 s × 24 h × 2 B × 1.5");
    });

    it("keep the number of VictoriaMetrics' servers, whose data would be lost", () => {
        const metrics = { kind: "victoriametrics", replicas: { vmstorage: 5 }, volumes: { vmstorage: "2Ti" } };
        const { block } = printed({ metrics });
        assert.deepEqual([at(block, "metrics.replicas.vmstorage"), at(block, "metrics.volumes.vmstorage")], [5, "2Ti"]);
    });

    it("survive a zone where the stack does, whatever is sized", () => {
        const { block } = printed({ survives: "zone" }, { zones: "1" });
        assert.equal(block.survives, "zone");
        assert.equal(printed({}, { zones: "1" }).block.survives, "node");
    });

    it("raise a limit of the stack that is below the load, even where the default is enough", () => {
        const { block } = printed({ metrics: { limits: { maxSeries: 1000 } } });
        assert.ok(Number(at(block, "metrics.limits.maxSeries")) >= 1_000_000);
    });

    it("have what makes the mode, so that they may stand in the section's place", () => {
        const vm = { kind: "victoriametrics", objects: true, replicationFactor: 3, replicas: { vmstorage: 5 } };
        const metrics = record(printed({ metrics: vm }).block.metrics);
        assert.deepEqual([metrics.objects, metrics.replicationFactor], [true, 3]);
        const sidecar = printed({ metrics: { kind: "thanos", ingest: "sidecar" } }).block;
        assert.equal(at(sidecar, "metrics.ingest"), "sidecar");
        const zones = ["a", "b", "c"];
        const { block } = printed({
            survives: "zone",
            kubernetes: "1.35",
            logs: { ...leastOf("opensearch"), copies: 3, zones },
        });
        assert.deepEqual([at(block, "logs.copies"), at(block, "logs.zones")], [3, zones]);
    });

    it("have no credential, and say which place was left out", () => {
        const values = {
            ingester: {
                extraEnv: [{ name: "HTTP_PASSWORD", value: "hidden-1" }],
                extraArgs: { "auth.token": "hidden-2", "log.level": "warn" },
                annotations: { note: `${ENCRYPTED}/2` },
            },
        };
        const { settings, left } = shown({ metrics: { retention: "90d", values } });
        assert.deepEqual(settings, {
            metrics: { retention: "90d", values: { ingester: { extraArgs: { "log.level": "warn" } } } },
        });
        assert.deepEqual(left, [
            "metrics.values.ingester.extraEnv",
            'metrics.values.ingester.extraArgs["auth.token"]',
            "metrics.values.ingester.annotations.note",
        ]);
        const pair = { accessKeyId: "key-id-1", secretAccessKey: "hidden-3" };
        const store = { kind: "s3", endpoint: "s3.example.com:443", credentials: { metrics: pair } };
        assert.doesNotMatch(JSON.stringify(shown({ objectStore: store }).settings), /hidden/);
        const config = { config: "server:\n  password: hidden-4\n", args: ["--api-token=hidden-5"] };
        assert.deepEqual(shown({ metrics: { values: config } }).settings, {});
        const { text } = printed({
            metrics: { values: { ingester: { env: [{ name: "A_TOKEN", value: "hidden" }] } } },
        });
        assert.match(text, /^# Not shown, and to stay in the file: observability:metrics\.values\.ingester\.env\n/);
        assert.doesNotMatch(text, /hidden/);
    });

    it("compare cores in thousandths, and leave alone what is no amount", () => {
        const asked = { requests: { cpu: "2" }, retention: "30d", kind: "loki" };
        const has = { requests: { cpu: "1500m" }, retention: "90d", kind: "other" };
        assert.deepEqual(raised(asked, has), asked);
        assert.deepEqual(raised(asked, { requests: { cpu: "2500m" } }).requests, { cpu: "2500m" });
    });
});
