import assert from "node:assert/strict";
import { k8sMonitoringDefaults } from "../../../components/collectors/k8s-monitoring/settings";
import { buildK8sMonitoringValues } from "../../../components/collectors/k8s-monitoring/values";
import { headerTenancy, noTenancy, type NamespaceTenant } from "../../../components/contracts/tenancy";
import type { Survives } from "../../../components/kubernetes/placement";
import { at, record, records } from "../../../tools/records";
import { platformOf } from "../../fixtures/platform";
import { logStore, metricsStore, traceStore } from "../../fixtures/stores";

const TEAMS: readonly NamespaceTenant[] = [
    { tenant: "pay", namespaces: ["pay"] },
    { tenant: "shop", namespaces: ["shop", "shop-staging"] },
];

interface Shape {
    readonly survives?: Survives;
    readonly apart?: boolean;
}

function values(namespaceTenants: readonly NamespaceTenant[], { survives = "zone", apart = true }: Shape = {}) {
    return buildK8sMonitoringValues({
        platform: platformOf(survives),
        settings: k8sMonitoringDefaults(survives),
        scrapedByPrometheus: [],
        namespaceTenants,
        logStore: { ...logStore, tenancy: headerTenancy("own") },
        traceStore: { ...traceStore, tenancy: apart ? headerTenancy("own") : noTenancy("own") },
        metricsStore: { ...metricsStore, tenancy: headerTenancy("own") },
    });
}

const routesOf = (of: ReturnType<typeof values>, router: string) => records(at(of.destinations, `${router}.routes`));

describe("k8s-monitoring: tenants by namespace", () => {
    it("changes nothing where no tenant has namespaces", () => {
        const { destinations, replaceComponent, applicationObservability } = values([]);
        assert.ok(!Object.values(destinations ?? {}).some((each) => record(each).type === "router"));
        assert.deepEqual(replaceComponent, []);
        assert.equal(at(applicationObservability, "processors.k8sattributes"), undefined);
        assert.doesNotMatch(JSON.stringify(values([])), /OTEL_RESOURCE_ATTRIBUTES|stage\.tenant/);
    });

    it("gives each tenant places of its own in the stores, and sends there what is of its namespaces", () => {
        const made = values(TEAMS);
        for (const { tenant, namespaces } of TEAMS) {
            for (const to of ["pushed-logs", "traces", "pushed-metrics", "metrics"]) {
                const own = record(made.destinations?.[`of-${tenant}-${to}`]);
                assert.deepEqual(own.extraHeaders, { "X-Scope-OrgID": tenant }, to);
                assert.equal(own.url, record(made.destinations?.[to]).url);
            }
            const pushed = routesOf(made, "pushed-by-tenant").find(({ match }) =>
                JSON.stringify(match).includes(JSON.stringify(namespaces)),
            );
            assert.deepEqual(pushed, {
                match: [{ resourceAttribute: "k8s.namespace.name", op: "in", value: namespaces }],
                destinations: [`of-${tenant}-pushed-logs`, `of-${tenant}-traces`, `of-${tenant}-pushed-metrics`],
                signals: ["logs", "traces", "metrics"],
            });
        }
        assert.deepEqual(
            routesOf(made, "scraped-by-tenant").map(({ destinations }) => destinations),
            [["of-pay-metrics"], ["of-shop-metrics"]],
        );
        assert.deepEqual(made.applicationObservability?.destinations, ["pushed-by-tenant"]);
        assert.deepEqual(made.annotationAutodiscovery?.destinations, ["scraped-by-tenant"]);
    });

    it("leaves to the platform what is of no tenant's namespace, and what a store keeps for all as one", () => {
        const made = values(TEAMS, { apart: false });
        const own = ["pushed-logs", "traces", "pushed-metrics"];
        assert.deepEqual(at(made.destinations, "pushed-by-tenant.defaultDestinations"), own);
        const names = Object.keys(made.destinations ?? {});
        assert.ok(names.includes("of-shop-pushed-logs") && !names.includes("of-shop-traces"));
        for (const { signals } of routesOf(made, "pushed-by-tenant")) assert.deepEqual(signals, ["logs", "metrics"]);
    });

    it("makes lines their tenants' last of all, by the label that no pod writes", () => {
        const stages = values(TEAMS).podLogsViaLoki?.extraLogProcessingStages ?? "";
        assert.match(stages, /stage\.limit \{[^}]*\}\nstage\.match \{\n {2}selector = `\{namespace=~"pay"\}`/);
        assert.match(
            stages,
            /\{namespace=~"shop\|shop-staging"\}`\n {2}stage\.tenant \{\n {4}value = "shop"\n {2}\}\n\}\n$/,
        );
    });

    it("asks no sender whose it is: pods are known by their address, and what they say of it is emptied before", () => {
        const { applicationObservability, collectors } = values(TEAMS);
        const { k8sattributes, resourceDetection } = record(at(applicationObservability, "processors"));
        assert.deepEqual(at(k8sattributes, "podAssociation"), [{ from: "connection" }]);
        assert.deepEqual([at(resourceDetection, "override"), at(resourceDetection, "env.enabled")], [true, true]);
        const env = (name: string) => records(at(record(record(collectors)[name]), "alloy.extraEnv"));
        const emptied = { name: "OTEL_RESOURCE_ATTRIBUTES", value: "k8s.namespace.name=" };
        assert.deepEqual(env("alloy-receiver"), [emptied]);
        assert.deepEqual(env("alloy-metrics"), []);
        const replaced = JSON.stringify(values(TEAMS).replaceComponent);
        assert.equal(replaced.match(/honor_labels = false/g)?.length, 2);
    });

    it("lets no tenant's full queue keep others waiting, and all queues of a signal fill what one may else", () => {
        const size = (of: ReturnType<typeof values>, name: string) =>
            Number(at(of.destinations, `${name}.sendingQueue.queueSize`));
        const [made, alone] = [values(TEAMS), values([])];
        for (const name of ["pushed-logs", "of-pay-pushed-logs", "of-shop-traces"]) {
            const ofAll = size(alone, name.replace(/^of-[a-z]+-/, ""));
            assert.ok(3 * size(made, name) <= ofAll && 3 * size(made, name) > ofAll - 3, name);
            const blocks = at(made.destinations, `${name}.sendingQueue.blockOnOverflow`);
            assert.equal(blocks, !name.startsWith("of-"), name);
        }
    });
});
