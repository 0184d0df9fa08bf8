import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { metricsKinds } from "../../components/metrics/settings";
import { PLACED, type Placed } from "../../components/settings/scheduling";
import { at, record, records } from "../../tools/records";
import type { KubernetesObject } from "../../tools/render/manifests";
import { findings } from "../../tools/verify/check";
import { CHECKS } from "../../tools/verify/checks";
import type { ClusterModel } from "../../tools/verify/cluster-model";
import { footprintOf } from "../../tools/verify/footprint";
import { printFootprint } from "../../tools/verify/print";
import { tenantReport } from "../../tools/verify/with/with";
import { EVERY_SOURCE, everyPod, NO_SOURCE } from "../fixtures/every-source";
import { APPLICATION, tenantWorkloadsOf, SHIPPERS, type Example } from "./tenant-workloads";
import { needsCharts, rendered, renderedWith, ROOT } from "./rendered";

/** A laptop has no database, and what keeps all that it takes sends to no hub. */
const placed = (stack: string) =>
    PLACED.filter((system) => !["hub", "errors"].includes(system) && (stack !== "dev" || system !== "database"));
const everything = (stack: string) => ({ ...EVERY_SOURCE, ...everyPod(placed(stack)) });

/** The systems whose pods stand in a namespace. */
const SYSTEMS_OF: Readonly<Record<string, readonly Placed[]>> = {
    minio: ["objectStore"],
    "cnpg-system": ["database"],
    postgres: ["database"],
    cortex: ["metrics"],
    thanos: ["metrics"],
    victoriametrics: ["metrics"],
    loki: ["logs"],
    tempo: ["traces"],
    monitoring: ["kubePrometheusStack", "grafana", "blackboxExporter", "pushgateway"],
    collectors: ["k8sMonitoring"],
    "ingest-gateway": ["ingestGateway"],
    signoz: ["signoz"],
    backup: ["backup"],
};

/** Each system's pods have its own nodes, and the tolerations of all. */
function standsApart(stack: string, model: ClusterModel): void {
    const systems = new Set<string>();
    for (const { name, kind, namespace, spec } of model.pods) {
        // On every node, whatever it is for.
        if (kind === "DaemonSet") continue;
        const { pool } = record(spec.nodeSelector);
        systems.add(String(pool));
        const allowed = SYSTEMS_OF[namespace] ?? [];
        assert.ok(
            allowed.some((system) => system === pool),
            `${namespace}/${name} is placed as ${String(pool)}`,
        );
        assert.deepEqual(spec.tolerations, [{ key: "pool", value: "common" }], `${namespace}/${name}`);
    }
    assert.deepEqual([...systems].sort(), placed(stack).sort());
}

/** What `npm run verify` says of each stack as it stands in the repository: the checks' promises hold on the real charts. */
for (const stack of ["dev", "prod"]) {
    describe(`verify of stack ${stack}`, () => {
        before(function () {
            needsCharts(this);
        });

        it("finds nothing", async () => {
            const model = await rendered(stack);
            for (const { name, skipReason } of CHECKS) {
                const reason = skipReason?.();
                if (reason !== undefined) console.log(`      not run: ${name}, ${reason}`);
            }
            assert.deepEqual(findings(CHECKS, model), []);
        });

        it("asks for what docs/reference/footprint.md says", async () => {
            const page = readFileSync(join(ROOT, "docs/reference/footprint.md"), "utf8");
            const asked = printFootprint(footprintOf(await rendered(stack), { cpu: 4, memory: 16 * 2 ** 30 })).trim();
            assert.ok(page.includes(asked), `paste into the page:\n${asked}`);
        });

        for (const [what, settings] of Object.entries({ "every source on": everything(stack), "none on": NO_SOURCE })) {
            it(`finds nothing with ${what}`, async () => {
                assert.deepEqual(findings(CHECKS, await renderedWith(stack, settings)), []);
            });
        }

        for (const { kind } of metricsKinds.slice(1).filter(({ namespaces }) => namespaces.length > 0)) {
            it(`finds nothing with metrics.kind: ${kind} and every source on`, async () => {
                const model = await renderedWith(stack, {
                    ...everything(stack),
                    // Dev's VictoriaMetrics has no bucket unless it is named, and copies are made of buckets.
                    "observability:metrics": JSON.stringify({
                        kind,
                        ...(kind === "victoriametrics" && { objects: true, buckets: { backup: "metrics-backup" } }),
                    }),
                    // A kind may have no limits of tenants.
                    "observability:tenants": JSON.stringify({ shop: {} }),
                });
                assert.deepEqual(findings(CHECKS, model), []);
                standsApart(stack, model);
            });
        }

        it("finds nothing with OpenSearch, whose screens are behind single sign-on", async () => {
            const oidc = {
                discoveryUrl: "https://login.example.com/.well-known/openid-configuration",
                clientId: "dashboards",
                clientSecret: "of-a-test-alone",
                readers: ["developers"],
            };
            const logs = { kind: "opensearch", dashboards: { enabled: true, oidc } };
            const model = await renderedWith(stack, { "observability:logs": JSON.stringify(logs) });
            assert.deepEqual(findings(CHECKS, model), []);
        });

        it("stands each system's pods on the nodes that the settings give it", async () => {
            standsApart(stack, await renderedWith(stack, everything(stack)));
        });

        for (const example of [APPLICATION, ...SHIPPERS]) {
            it(`finds nothing in the example ${example.name} beside it`, async () => {
                const model = await rendered(stack);
                assert.deepEqual(tenantReport(model, await tenantWorkloadsOf(example, model)), {
                    findings: [],
                    notGiven: [],
                });
            });
        }
    });
}

/** A mistake that a team makes in what it brings. */
interface Mistake {
    readonly name: string;
    readonly in: Example;
    readonly finds: RegExp;
    readonly make: (objects: KubernetesObject[]) => void;
}

const [fluentBit] = SHIPPERS;
assert.ok(fluentBit);

const MISTAKES: readonly Mistake[] = [
    {
        name: "a monitor with a port that its Service has not",
        in: APPLICATION,
        finds: /^monitors: shop\/ServiceMonitor\/shop: none of shop has port metrics/,
        make: (objects) => {
            for (const endpoint of records(at(one(objects, "ServiceMonitor"), "spec.endpoints")))
                endpoint.port = "metrics";
        },
    },
    {
        name: "a namespace without the label",
        in: APPLICATION,
        finds: /^network-paths: collectors\/.*: is closed to shop\/Deployment\/shop on port 4318 \(TCP\) -> the label observability-platform\/ingest: allowed on namespace shop/,
        make: (objects) => {
            one(objects, "Namespace").metadata.labels = {};
        },
    },
    {
        name: "a probe by an exporter that is not there",
        in: APPLICATION,
        finds: /^addresses: shop\/Probe\/shop: blackbox\.monitoring.* -> a Service of namespace monitoring/,
        make: (objects) => {
            record(record(one(objects, "Probe").spec).prober).url = "blackbox.monitoring.svc.cluster.local:9115";
        },
    },
    {
        name: "a rule that is no PromQL",
        in: APPLICATION,
        finds: /^rule-expressions: shop\/PrometheusRule\/shop: group shop, ShopFails/,
        make: (objects) => {
            const [group] = records(at(one(objects, "PrometheusRule"), "spec.groups"));
            for (const rule of records(group?.rules).slice(0, 1)) rule.expr = "sum(rate(x[5m])";
        },
    },
    {
        name: "a shipper's namespace without the label",
        in: fluentBit,
        finds: /^network-paths: loki\/Deployment\/loki-gateway: is closed to shippers\/DaemonSet\/fluent-bit on port 8080/,
        make: (objects) => {
            one(objects, "Namespace").metadata.labels = {};
        },
    },
    {
        name: "a shipper with a tenant that nobody reads",
        in: fluentBit,
        finds: /^tenants-of-senders: shippers\/DaemonSet\/fluent-bit: says tenant production to loki -> .*: prod/,
        make: (objects) => {
            record(one(objects, "ConfigMap", "loki").data).LOKI_TENANT = "production";
        },
    },
    {
        name: "a shipper that pushes to a port which the gateway has not",
        in: fluentBit,
        finds: /^addresses: shippers\/.*:3100.* -> a port that Service loki-gateway has/,
        make: (objects) => {
            record(one(objects, "ConfigMap", "loki").data).LOKI_PORT = "3100";
        },
    },
];

function one(objects: readonly KubernetesObject[], kind: string, name?: string): KubernetesObject {
    const found = objects.find((each) => each.kind === kind && (name === undefined || each.metadata.name === name));
    assert.ok(found, `the example has no ${kind} ${name ?? ""}`);
    return found;
}

describe("verify of what uses stack prod", () => {
    before(function () {
        needsCharts(this);
    });

    for (const { name, in: example, finds, make } of MISTAKES) {
        it(`finds ${name}`, async () => {
            const model = await rendered("prod");
            const report = tenantReport(model, await tenantWorkloadsOf(example, model, make));
            const all = report.findings.map((each) => `${each.check}: ${each.object}: ${each.found} -> ${each.wanted}`);
            assert.ok(
                all.some((each) => finds.test(each)),
                all.join("\n") || "nothing was found",
            );
        });
    }
});
