import assert from "node:assert/strict";
import { parseSettings, settingsSchema } from "../../components/platform/settings";
import { PLACED, placedFor } from "../../components/settings/scheduling";

const PROD = { survives: "zone", cluster: "prod", domain: "observability.example.com" };

function settings(raw: Record<string, unknown>) {
    const result = parseSettings(raw);
    assert.ok("settings" in result);
    return result.settings;
}

describe("nodes for single systems", () => {
    it("gives a system nodes of its own, key by key in place of the common ones", () => {
        const tolerations = [{ key: "dedicated", operator: "Exists" as const }];
        const { platform } = settings({
            ...PROD,
            scheduling: { nodeSelector: { pool: "all" }, tolerations },
            placement: { logs: { nodeSelector: { pool: "logs" } }, traces: { tolerations: [] } },
        });
        const of = (system: string) => placedFor(platform, system).scheduling;
        assert.deepEqual(of("logs"), { nodeSelector: { pool: "logs" }, tolerations });
        assert.deepEqual(of("traces"), { nodeSelector: { pool: "all" }, tolerations: [] });
        assert.deepEqual(of("metrics"), { nodeSelector: { pool: "all" }, tolerations });
    });

    it("lets every system have nodes of its own", () => {
        const systems = Object.keys(settingsSchema.shape).filter((key) => Object.hasOwn(settings(PROD), key));
        assert.deepEqual(
            [...PLACED].sort(),
            systems.filter((key) => !["alerting", "tenants", "secondMetrics"].includes(key)).sort(),
        );
    });

    it("says of what is no map of nodes that it is none, beside all else", () => {
        for (const placement of [null, "all", ["logs"], { logs: null }, { logs: "stores" }, { logs: ["stores"] }]) {
            const result = parseSettings({ ...PROD, placement, logs: { retention: "soon" } });
            const found = "problems" in result ? result.problems.map(({ path }) => path) : [];
            const place = typeof placement === "object" && placement !== null && "logs" in placement;
            assert.deepEqual(found, [place ? "placement.logs" : "placement", "logs.retention"]);
        }
    });

    it("refuses nodes of what does not run, which would be passed over in silence", () => {
        const off = { nodeSelector: { pool: "storage" } };
        const idle = { ingestGateway: off, pushgateway: off, backup: off, blackboxExporter: off };
        const found = (raw: Record<string, unknown>) => {
            const result = parseSettings({ ...PROD, placement: idle, ...raw });
            return "problems" in result ? result.problems.map(({ path }) => path) : [];
        };
        assert.deepEqual(found({ blackboxExporter: { enabled: false } }).sort(), [
            "placement.backup",
            "placement.blackboxExporter",
            "placement.ingestGateway",
            "placement.pushgateway",
        ]);
        assert.deepEqual(found({ pushgateway: { enabled: true } }).sort(), [
            "placement.backup",
            "placement.ingestGateway",
        ]);
    });
});
