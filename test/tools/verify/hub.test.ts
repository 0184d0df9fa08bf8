import assert from "node:assert/strict";
import { parseSettings } from "../../../components/platform/settings";
import { hubAgreement } from "../../../tools/verify/hub/agreement";
import { hubOf, type Hub } from "../../../tools/verify/hub/facts";
import { planned } from "../../fixtures/planned";
import { assertClean, assertFound, given } from "../../fixtures/verify/given";

const EDGE = {
    ...{ cluster: "edge-eu", survives: "node", grafana: { enabled: false } },
    ...{ metrics: { kind: "remote" }, logs: { kind: "remote" }, traces: { kind: "remote" } },
    hub: { stack: "acme/observability/prod" },
};

const HUB: Hub = {
    stack: "prod",
    open: true,
    clients: [{ name: "edge-eu", tenant: "edge", joined: true }],
    byCertificate: false,
    metrics: { dropsReplica: false, exemplars: true, nativeHistograms: true },
    lokiApi: true,
    settings: settingsOf({ metrics: { limits: { outOfOrder: "12h" } }, tenants: { edge: {} } }),
};

function settingsOf(more: object) {
    const result = parseSettings({ cluster: "prod", domain: "o.example.com", survives: "zone", ...more });
    assert.ok("settings" in result, JSON.stringify(result));
    return result.settings;
}

const sender = (more: object = {}) => given("", { ...EDGE, ...more });
const of = (more: Partial<Hub>) => hubAgreement({ ...HUB, ...more });

describe("a sending stack and its hub", () => {
    it("agree, or nothing would be said of it", () => {
        assertClean(of({}), sender());
        assertClean(of({}), sender({ hub: { secret: "hub" } }));
    });

    it("differ where the hub is closed, is another stack, or does not know the cluster", () => {
        assertFound(of({ open: false }), sender(), /^Setting\/hub: stack prod takes nothing from outside/);
        assertFound(of({ stack: "dev" }), sender(), /^Setting\/hub.stack: .*prod -> a stack named dev/);
        const clients = [{ name: "edge-us", tenant: "edge", joined: true }];
        assertFound(
            of({ clients }),
            sender(),
            /^Setting\/hub.cluster: edge-eu, of edge-us -> a name in the hub's clusters/,
        );
        assertClean(of({ clients }), sender({ hub: { ...EDGE.hub, cluster: "edge-us" } }));
    });

    it("differ where a mere client is joined by the stack, whose output has clusters alone", () => {
        const clients = [{ name: "edge-eu", tenant: "edge", joined: false }];
        assertFound(of({ clients }), sender(), /a name in the hub's clusters/);
        assertClean(of({ clients }), sender({ hub: { secret: "hub" } }));
    });

    it("differ in how the cluster proves itself, by which port it leaves, and whose its data is", () => {
        assertFound(of({ byCertificate: true }), sender(), /^Setting\/hub.stack: a password/);
        assertClean(of({ byCertificate: true }), sender({ hub: { secret: "hub" } }));
        assertFound(of({}), sender({ hub: { ...EDGE.hub, port: 8443 } }), /^Setting\/hub.port: 8443 -> 443/);
        assertFound(of({}), sender({ hub: { ...EDGE.hub, tenant: "shop" } }), /^Setting\/hub.tenant: shop -> edge/);
        assertClean(of({}), sender({ hub: { ...EDGE.hub, tenant: "edge" } }));
    });

    it("differ in what the hub's stores keep", () => {
        const metrics = { dropsReplica: true, exemplars: false, nativeHistograms: false };
        const victoria = of({ metrics, lokiApi: false });
        assertFound(victoria, sender(), /replicaLabel: keep -> drop/, /exemplars/, /nativeHistograms/, /lokiApi: true/);
        const remote = { kind: "remote", replicaLabel: "drop", exemplars: false, nativeHistograms: false };
        assertClean(victoria, sender({ metrics: remote, logs: { kind: "remote", lokiApi: false } }));
    });

    it("differ where what comes late would be refused: of the tenant's own window before that of all", () => {
        const settings = settingsOf({ tenants: { edge: {} } });
        assertFound(of({ settings }), sender(), /^Setting\/hub.offline: 12h -> at most 5m/);
        const own = settingsOf({ tenants: { edge: { metrics: { outOfOrder: "24h" } } } });
        assertClean(of({ settings: own }), sender());
        // It takes samples of any age.
        assertClean(of({ settings: settingsOf({ metrics: { kind: "victoriametrics" } }) }), sender());
    });

    it("differ where the cluster states more series than its tenant may have", () => {
        const tenants = { edge: { metrics: { maxSeries: 1000, outOfOrder: "12h" } } };
        const load = { load: { series: "2M" } };
        assertFound(
            of({ settings: settingsOf({ tenants }) }),
            sender(load),
            /^Setting\/load.series: 2M -> at most 1000/,
        );
    });

    it("are asked of each other's plans: what the hub's own Prometheus sends is what its store keeps", async () => {
        const gateway = { enabled: true, clients: [{ name: "edge-eu" }] };
        const plan = await planned("prod", { "observability:ingestGateway": JSON.stringify(gateway) });
        const access = { kind: "gateway", name: "public", namespace: "edge", listener: "https" };
        const hub = hubOf("prod", plan, settingsOf({ ingestGateway: gateway, access }));
        assert.deepEqual(hub.metrics, { dropsReplica: false, exemplars: true, nativeHistograms: true });
        assert.deepEqual(hub.clients, [{ name: "edge-eu", tenant: "prod", joined: false }]);
        assert.ok(hub.open && hub.lokiApi && !hub.byCertificate);
    });
});
