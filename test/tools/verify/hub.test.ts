import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseSettings } from "../../../components/platform/settings";
import { hubAgreement } from "../../../tools/verify/hub/agreement";
import { hubOf, readHub, type Client, type Hub } from "../../../tools/verify/hub/facts";
import { planned } from "../../fixtures/planned";
import { assertClean, assertFound, given } from "../../fixtures/verify/given";

const EDGE = {
    ...{ cluster: "edge-eu", survives: "node", grafana: { enabled: false } },
    ...{ metrics: { kind: "remote" }, logs: { kind: "remote" }, traces: { kind: "remote" } },
    hub: { stack: "acme/observability/prod" },
};

const listed = (name: string, more: Partial<Client> = {}): Client => {
    return { name, tenant: "edge", joined: true, revoked: false, ...more };
};

const HUB: Hub = {
    stack: "prod",
    open: true,
    clients: [listed("edge-eu")],
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

function hints(more: Partial<Hub>, model = sender()): string {
    return of(more)
        .run(model)
        .map(({ hint }) => hint)
        .join("\n");
}

describe("a sending stack and its hub", () => {
    it("agree, or nothing would be said of it", () => {
        assertClean(of({}), sender());
        assertClean(of({}), sender({ hub: { secret: "hub" } }));
    });

    it("differ where the hub is closed, is another stack, or does not know the cluster", () => {
        assertFound(of({ open: false }), sender(), /^Setting\/hub: stack prod takes nothing from outside/);
        assertFound(of({ stack: "dev" }), sender(), /^Setting\/hub.stack: .*prod -> a stack named dev/);
        const clients = [listed("edge-us")];
        assertFound(
            of({ clients }),
            sender(),
            /^Setting\/hub.cluster: edge-eu, of edge-us -> a name in the hub's clusters/,
        );
        assertClean(of({ clients }), sender({ hub: { ...EDGE.hub, cluster: "edge-us" } }));
    });

    it("are told by hints that can be followed, and of a cluster that is in no list by nothing that follows from it", () => {
        const clients = [listed("edge-us"), listed("gone", { revoked: true }), listed("shop", { joined: false })];
        // Whose samples may come how late, only the entry would say.
        const strict = { clients, settings: settingsOf({ tenants: { edge: { metrics: { maxSeries: 1000 } } } }) };
        assert.equal(
            hints(strict),
            "add edge-eu to ingestGateway.clusters of stack prod, or write hub.cluster: edge-us",
        );
        assert.equal(hints({ clients: [] }), "add edge-eu to ingestGateway.clusters of stack prod");
        const bySecret = sender({ hub: { secret: "hub" }, load: { series: "2M" } });
        assertFound(of(strict), bySecret, /^Setting\/cluster: edge-eu, of edge-us, gone, shop -> a name in the hub's/);
        assert.equal(
            hints(strict, bySecret),
            "name edge-eu, this stack's cluster, in ingestGateway.clusters or clients of stack prod",
        );
        assert.equal(
            hints({ clients: [listed("edge-eu", { joined: false })] }),
            "move edge-eu from ingestGateway.clients to clusters in stack prod",
        );
    });

    it("differ where the hub refuses whatever the cluster sends", () => {
        const clients = [listed("edge-eu", { revoked: true })];
        for (const model of [sender(), sender({ hub: { secret: "hub" } })]) {
            assertFound(of({ clients }), model, /^Setting\/hub.cluster: edge-eu, revoked in stack prod -> /);
        }
        assert.match(
            hints({ clients }),
            /remove revoked from edge-eu in ingestGateway.clusters of stack prod, and deploy/,
        );
        const mere = [listed("edge-eu", { revoked: true, joined: false })];
        assert.match(hints({ clients: mere }, sender({ hub: { secret: "hub" } })), /in ingestGateway.clients of/);
    });

    it("differ where the label is the hub's own in its tenant", () => {
        const named = { cluster: "prod", hub: { ...EDGE.hub, cluster: "edge-eu" } };
        const clients = [listed("edge-eu", { tenant: "prod" })];
        assertFound(
            of({ clients }),
            sender(named),
            /^Setting\/cluster: prod -> another than that of stack prod, .*prod/,
        );
        assertClean(of({}), sender(named));
        // It is not to be added to the list: the hub's settings would refuse it there.
        assertFound(of({}), sender({ cluster: "prod" }), /^Setting\/cluster: prod -> another than that of stack prod/);
    });

    it("differ where the label is another entry's, or not that of its own, in a tenant that is shared", () => {
        const named = sender({ hub: { ...EDGE.hub, cluster: "edge-us" } });
        const both = (tenant: string, more: Partial<Client> = {}) => ({
            clients: [listed("edge-us"), listed("edge-eu", { tenant, ...more })],
        });
        assertFound(of(both("edge")), named, /^Setting\/cluster: edge-eu -> another than that of the entry edge-eu/);
        assertClean(of(both("other")), named);
        assertClean(of(both("edge", { revoked: true })), named);
        assertClean(of(both("edge", { joined: false })), named);
        const beside = { clients: [listed("edge-us"), listed("edge-ap")] };
        assertFound(of(beside), named, /^Setting\/cluster: edge-eu -> edge-us, as the hub's list has it/);
        const ofHub = { clients: [listed("edge-us", { tenant: "prod" })] };
        const late = { settings: settingsOf({ metrics: { limits: { outOfOrder: "12h" } } }) };
        assertFound(
            of({ ...ofHub, ...late }),
            named,
            /^Setting\/cluster: edge-eu -> edge-us, as the hub's list has it/,
        );
    });

    it("differ where more is sent than the hub expects and watches", () => {
        const clients = [listed("edge-eu", { signals: ["metrics"] })];
        const some = /remote -> nothing beside metrics, which alone stack prod expects and watches/;
        assertFound(of({ clients }), sender(), some, some);
        assert.match(
            hints({ clients }),
            /^add logs to the signals of edge-eu [^]*\nadd traces to the signals of edge-eu /,
        );
        assertClean(of({ clients: [listed("edge-eu", { signals: ["traces", "logs", "metrics"] })] }), sender());
        assertClean(of({ clients }), sender({ logs: {}, traces: {} }));
    });

    it("are told apart where the hub's settings are wrong: its stack is named, and not this one", async () => {
        const root = mkdtempSync(join(tmpdir(), "verify-hub-"));
        try {
            writeFileSync(join(root, "Pulumi.yaml"), "name: o\n");
            writeFileSync(join(root, "Pulumi.hub.yaml"), "config:\n  o:cluster: hub\n  o:survives: node\n");
            await assert.rejects(
                readHub(root, "hub"),
                /1 problem in the settings of stack hub, the hub:\n {2}domain\n/,
            );
        } finally {
            rmSync(root, { recursive: true });
        }
    });

    it("differ where a mere client is joined by the stack, whose output has clusters alone", () => {
        const clients = [listed("edge-eu", { joined: false })];
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
        const clusters = [{ name: "edge-eu" }, { name: "old", tenant: "prod", revoked: true, signals: ["logs"] }];
        const gateway = { enabled: true, clusters };
        const plan = await planned("prod", { "observability:ingestGateway": JSON.stringify(gateway) });
        const access = { kind: "gateway", name: "public", namespace: "edge", listener: "https" };
        const hub = hubOf("prod", plan, settingsOf({ ingestGateway: gateway, access }));
        assert.deepEqual(hub.metrics, { dropsReplica: false, exemplars: true, nativeHistograms: true });
        assert.deepEqual(hub.clients, [
            listed("edge-eu", { tenant: "prod" }),
            listed("old", { tenant: "prod", revoked: true, signals: ["logs"] }),
        ]);
        assert.ok(hub.open && hub.lokiApi && !hub.byCertificate);
    });
});
