import { deepEqual, match, ok } from "node:assert/strict";
import type { Survives } from "../../../components/kubernetes/placement";
import { opensearchRules } from "../../../components/logs/opensearch/rules";
import {
    opensearchDefaults,
    opensearchSettings,
    type OpensearchSettings,
} from "../../../components/logs/opensearch/settings";
import { opensearchLacks } from "../../../components/logs/opensearch/system";
import { parseSettings } from "../../../components/platform/settings";

function problems(logs: object, survives: Survives = "zone", more: object = {}) {
    const result = parseSettings({
        ...{ cluster: "c", domain: "a.example.com", survives },
        ...more,
        logs: { kind: "opensearch", ...logs },
    });
    return "problems" in result ? result.problems : [];
}

const paths = (...args: Parameters<typeof problems>) => problems(...args).map(({ path }) => path);

describe("opensearch settings", () => {
    it("have defaults that parse and break no rule", () => {
        for (const survives of ["nothing", "node", "zone"] as const) {
            const settings = opensearchSettings.parse(opensearchDefaults(survives));
            deepEqual(opensearchRules(settings, { survives, kubernetes: "1.30", access: { kind: "none" } }), []);
            deepEqual(problems({}, survives), []);
        }
    });

    it("want three nodes, two copies and a second of all that stands before them, where something is survived", () => {
        const small: Partial<OpensearchSettings> = opensearchDefaults("nothing");
        deepEqual(paths({ replicas: small.replicas, copies: 1 }, "node"), [
            "logs.replicas.node",
            "logs.replicas.otlp",
            "logs.replicas.gateway",
            "logs.replicas.dashboards",
            "logs.copies",
        ]);
        deepEqual(paths({ copies: 2 }, "nothing"), ["logs.copies"]);
        deepEqual(paths({ replicas: { node: 2 } }, "nothing"), ["logs.replicas.node"]);
    });

    it("have one node in each zone, unless zones are named and nodes can know theirs", () => {
        const zones = ["a", "b", "c"];
        deepEqual(paths({ replicas: { node: 6 } }), ["logs.replicas.node"]);
        deepEqual(paths({ replicas: { node: 4 } }, "node"), []);
        const known = { kubernetes: "1.35" };
        deepEqual(paths({ replicas: { node: 6 }, zones }, "zone", known), []);
        deepEqual(paths({ replicas: { node: 5 }, zones }, "zone", known), ["logs.replicas.node"]);
        deepEqual(paths({ zones }, "zone", { kubernetes: "1.34" }), ["logs.zones"]);
        deepEqual(paths({ zones }, "node", known), ["logs.zones"]);
    });

    it("refuse memory without room for a heap, and a retention that would end within an index", () => {
        deepEqual(paths({ memory: { node: "512Mi" }, retention: "12h" }), ["logs.memory.node", "logs.retention"]);
    });

    it("call nothing backed up that no image can write", () => {
        const [wrong] = problems({ buckets: { backup: "snapshots" } });
        ok(wrong);
        deepEqual(wrong.path, "logs.buckets.backup");
        match(wrong.fix, /image/);
        deepEqual(paths({ buckets: { backup: "snapshots" }, image: "registry.example.com/opensearch:3.6.0" }), []);
        const { buckets } = opensearchDefaults("zone");
        ok(opensearchLacks({ buckets }).some((what) => what.includes("not backed up")));
        ok(!opensearchLacks({ buckets: { backup: "b" } }).some((what) => what.includes("not backed up")));
    });

    it("refuse what other kinds have, with what to do instead", () => {
        const found = problems({ schema: [], limits: {} }, "zone", {
            tenants: { shop: { logs: { retention: "7d" } } },
        });
        deepEqual(found.map(({ path }) => path).sort(), ["logs.limits", "logs.schema", "tenants.shop.logs.retention"]);
        match(found.find(({ path }) => path === "logs.limits")?.fix ?? "", /linesPerSecond/);
    });
});
