import assert from "node:assert/strict";
import { alertReceiver } from "../../../components/monitoring/kube-prometheus-stack/names";
import { headerTenancy } from "../../../components/contracts/tenancy";
import type { Survives } from "../../../components/kubernetes/placement";
import { PORTS } from "../../../components/metrics/victoriametrics/names";
import { vmNetwork } from "../../../components/metrics/victoriametrics/network-policies";
import {
    buildVmagent,
    buildVmalert,
    notifiers,
    queueBytes,
    type ObjectsArgs,
} from "../../../components/metrics/victoriametrics/object-specs";
import { buildOperatorValues } from "../../../components/metrics/victoriametrics/operator-values";
import { vmDefaults, type VmSettings } from "../../../components/metrics/victoriametrics/settings";
import { vmSystem } from "../../../components/metrics/victoriametrics/system";
import { parseSettings } from "../../../components/platform/settings";
import { at, records } from "../../../tools/records";
import { flowsOf } from "../../fixtures/flows";
import { platformOf } from "../../fixtures/platform";
import { planned } from "../../fixtures/planned";

function args(survives: Survives, change: Partial<VmSettings> = {}, more: Partial<ObjectsArgs> = {}): ObjectsArgs {
    const platform = platformOf(survives);
    return {
        platform,
        settings: { ...vmDefaults(survives), objects: true, ...change },
        scrapeInterval: "15s",
        tenancy: headerTenancy(platform.tenant),
        ...more,
    };
}

const both = (given: ObjectsArgs) => [buildVmagent(given), buildVmalert(given)] as const;

describe("victoriametrics' own objects", () => {
    it("are scraped by replicas whose series are the same, at most as often as the store keeps samples", () => {
        const spec = buildVmagent(args("zone"));
        assert.deepEqual(spec.externalLabels, { cluster: platformOf("zone").cluster });
        assert.equal(spec.externalLabelName, "prometheus");
        assert.deepEqual([spec.scrapeInterval, spec.minScrapeInterval], ["15s", "15s"]);
        assert.equal(spec.replicaCount, 2);
        // A shard is alone with its targets.
        assert.ok(!("shardCount" in spec));
        assert.doesNotMatch(JSON.stringify(spec), /POD_NAME|replica_?[lL]abel/);
    });

    it("are all selected, of every namespace, and read no file of vmagent's pod", () => {
        const [vmagent, vmalert] = both(args("node"));
        assert.ok(vmagent.selectAllByDefault && vmalert.selectAllByDefault);
        assert.deepEqual(vmagent.arbitraryFSAccessThroughSMs, { deny: true });
    });

    it("go to the gateway and come from it as the platform's own tenant", () => {
        const given = args("zone", {}, { tenancy: headerTenancy("blue") });
        const [vmagent, vmalert] = both(given);
        const headers = ["X-Scope-OrgID: blue"];
        const gateway = "http://vmauth.victoriametrics.svc.cluster.local";
        assert.deepEqual(vmagent.remoteWrite, [{ url: `${gateway}:${PORTS.push}/api/v1/write`, headers }]);
        // It appends the paths itself: /api/v1/write, /api/v1/query.
        assert.deepEqual(vmalert.remoteWrite, { url: `${gateway}:${PORTS.push}`, headers });
        assert.deepEqual(vmalert.datasource, { url: `${gateway}:${PORTS.query}/prometheus`, headers });
        assert.deepEqual(vmalert.remoteRead, vmalert.datasource);
    });

    it("have alerts told to every Alertmanager", () => {
        const [discovery] = notifiers(alertReceiver).dns_sd_configs;
        assert.deepEqual(discovery, {
            names: ["_http-web._tcp.alertmanager-operated.monitoring.svc.cluster.local"],
            type: "SRV",
        });
    });

    it("wait on a volume, which the queue never fills", () => {
        const volumes = { ...vmDefaults("zone").volumes, vmagent: "10Gi" };
        const spec = buildVmagent(args("zone", { volumes }));
        assert.ok(spec.statefulMode);
        const claim = spec.statefulStorage.volumeClaimTemplate.spec;
        assert.equal(claim.resources.requests.storage, "10Gi");
        assert.equal(spec.remoteWriteSettings.maxDiskUsagePerURL, String(queueBytes({ volumes })));
        assert.equal(queueBytes({ volumes }), 0.8 * 10 * 2 ** 30);
    });

    it("stand apart with a budget where something is survived, and alone where nothing is", () => {
        for (const spec of both(args("zone"))) {
            assert.deepEqual(at(spec, "podDisruptionBudget.maxUnavailable"), 1);
            const [term] = records(at(spec, "affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution"));
            assert.equal(term?.topologyKey, "kubernetes.io/hostname");
            assert.equal(records(at(spec, "topologySpreadConstraints")).length, 1);
        }
        for (const spec of both(args("nothing"))) {
            assert.equal(spec.replicaCount, 1);
            assert.ok(!("podDisruptionBudget" in spec) && !("affinity" in spec));
        }
    });

    it("are made into pods of the store's version, from the registry of the settings, as pod security asks", () => {
        const platform = platformOf("zone", { imageRegistry: "registry.example.com" });
        for (const spec of both(args("zone", {}, { platform }))) {
            assert.match(spec.image.repository, /^registry\.example\.com\/victoriametrics\/vm(agent|alert)$/);
            assert.equal(spec.image.tag, "v1.150.0");
            assert.match(
                spec.configReloaderImage,
                /^registry\.example\.com\/victoriametrics\/operator:config-reloader-v/,
            );
            assert.ok(spec.useStrictSecurity);
        }
    });

    it("are none of Prometheus' own: the operator makes no twin of those", () => {
        const values = buildOperatorValues(args("zone"));
        assert.equal(values.operator?.disable_prometheus_converter, true);
        assert.equal(at(values, "admissionWebhooks.enabled"), false);
        assert.equal(at(values, "rbac.aggregatedClusterRoles.enabled"), false);
        assert.deepEqual([values.serviceMonitor?.enabled, values.serviceMonitor?.vm], [true, false]);
    });

    it("open the API server to the operator, targets to vmagent and Alertmanager to vmalert, and to nobody else", () => {
        const network = (receiver: { namespace: string; podPort: number } | undefined) =>
            vmNetwork({
                cluster: platformOf("zone"),
                ...{ single: false, pushFrom: [], queryFrom: [], applications: "cluster", readers: undefined },
                objectStore: undefined,
                alertReceiver: receiver,
            });
        const { egress = [], ingress = [] } = network(alertReceiver.peer as { namespace: string; podPort: number });
        assert.deepEqual(
            egress.map(({ name, pods }) => [name, pods?.["app.kubernetes.io/name"]]),
            [
                ["operator-to-api-server", "victoria-metrics-operator"],
                ["scrape-pods", "vmagent"],
                ["scrape-nodes", "vmagent"],
                ["to-alertmanager", "vmalert"],
            ],
        );
        const scraped = (of: typeof ingress) => of.find(({ name }) => name === "from-scrapes")?.ports ?? [];
        for (const port of [PORTS.vmagent, PORTS.vmalert, PORTS.operatorMetrics]) {
            assert.ok(scraped(ingress).includes(port));
            assert.ok(!scraped(network(undefined).ingress ?? []).includes(port));
        }
    });

    it("are watched, with a page of their own, where they are on", () => {
        const alerts = (objects: boolean) => vmSystem({ ...vmDefaults("zone"), objects });
        const names = (objects: boolean) => alerts(objects).alerts["metrics-store"]?.map(({ alert }) => alert) ?? [];
        for (const alert of ["ObjectScrapesStopped", "ObjectQueueFilling", "ObjectSamplesLost", "ObjectsRefused"]) {
            assert.ok(names(true).includes(alert), alert);
            assert.ok(!names(false).includes(alert), alert);
        }
        assert.deepEqual(
            [alerts(true).dashboard, alerts(false).dashboard].map((each) => [each].flat().length),
            [2, 1],
        );
    });

    it("are off unless asked for, and refused with other stores with what to do instead", () => {
        const shared = { cluster: "blue", domain: "o11y.example.com", survives: "zone" };
        for (const kind of ["cortex", "thanos", "remote"]) {
            const result = parseSettings({ ...shared, metrics: { kind, objects: true } });
            const found =
                "problems" in result ? result.problems.find(({ path }) => path === "metrics.objects") : undefined;
            assert.match(found?.fix ?? "", /ServiceMonitor.*kind: victoriametrics/, kind);
        }
        const parsed = parseSettings({ ...shared, metrics: { kind: "victoriametrics" } });
        assert.ok("settings" in parsed && parsed.settings.metrics.kind === "victoriametrics");
        assert.equal(parsed.settings.metrics.objects, false);
    });

    it("in a plan are the operator, its two objects, and a way to Alertmanager", async () => {
        const metrics = JSON.stringify({ kind: "victoriametrics", objects: true, retention: "90d" });
        const { resources } = await planned("prod", { "observability:metrics": metrics });
        const of = (type: string) => resources.filter((each) => each.type.endsWith(type));
        assert.equal(of(":VMAgent").length, 1);
        assert.equal(of(":VMAlert").length, 1);
        assert.ok(flowsOf(resources, "monitoring").includes("alerts-from-victoriametrics"));
    });
});
