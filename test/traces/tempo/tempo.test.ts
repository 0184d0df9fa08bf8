import assert from "node:assert/strict";
import { at } from "../../../tools/records";
import type { Survives } from "../../../components/kubernetes/placement";
import type { PlatformSettings } from "../../../components/settings/platform";
import { tempoDefaults, tempoSettings, type TempoSettings } from "../../../components/traces/tempo/settings";
import { tempoRules } from "../../../components/traces/tempo/rules";
import { tempoKind } from "../../../components/traces/tempo/kind";
import type { TempoValuesArgs } from "../../../components/traces/tempo/config";
import { buildTempoValues } from "../../../components/traces/tempo/values";
import { buildSingleValues } from "../../../components/traces/tempo/single-values";
import { platformOf } from "../../fixtures/platform";
import { metricsStore, objectStore } from "../../fixtures/stores";

function platform(survives: Survives, more: Partial<PlatformSettings> = {}): PlatformSettings {
    const scheduling = { nodeSelector: {}, tolerations: [] };
    return platformOf(survives, { domain: "observability.example.com", scheduling, ...more });
}

function args(
    survives: Survives,
    settings: Partial<TempoSettings> = {},
    more: Partial<PlatformSettings> = {},
): TempoValuesArgs {
    return {
        platform: platform(survives, more),
        settings: { ...tempoDefaults(survives), ...settings },
        tenants: {},
        objectStore: { ...objectStore, endpoint: "s3.example.com:443", tls: true, pathStyle: false },
        metricsStore,
        access: { rotation: 4, accountAnnotations: {} },
    };
}

type Values = ReturnType<typeof buildTempoValues>;

const workloads = (values: Values) => ({
    gateway: values.gateway,
    distributor: values.distributor,
    ingester: values.ingester,
    querier: values.querier,
    queryFrontend: values.queryFrontend,
    compactor: values.compactor,
    metricsGenerator: values.metricsGenerator,
    memcached: values.memcached,
});

interface Spread {
    whenUnsatisfiable: string;
    topologyKey: string;
    labelSelector: { matchLabels: Record<string, string> };
}

/** The chart takes placement as text, and puts it into the manifest as YAML. */
function spreadOf(text: string | null | undefined): Spread | undefined {
    return (JSON.parse(text ?? "") as Spread[])[0];
}

const broken = (settings: TempoSettings, survives: Survives) =>
    tempoRules(settings, platform(survives)).map(({ path }) => path);

describe("tempo settings", () => {
    for (const survives of ["nothing", "node", "zone"] as const) {
        it(`has defaults that are right where the stack survives ${survives}`, () => {
            const settings = tempoSettings.parse(tempoDefaults(survives));
            assert.deepEqual(tempoRules(settings, platform(survives)), []);
        });
    }

    it("names every workload that has too few replicas, and the number that is enough", () => {
        const settings = tempoDefaults("zone");
        settings.replicas.distributor = 2;
        settings.replicas.gateway = 1;
        const found = tempoRules(settings, platform("zone"));
        assert.deepEqual(
            found.map(({ path, fix }) => [path, fix]),
            [
                ["traces.replicas.gateway", "traces: { replicas: { gateway: 2 } }"],
                ["traces.replicas.distributor", "traces: { replicas: { distributor: 3 } }"],
            ],
        );
    });

    it("refuses a second replica of the single process", () => {
        const settings = tempoDefaults("nothing");
        settings.replicas.ingester = 3;
        assert.deepEqual(broken(settings, "nothing"), ["traces.replicas.ingester"]);
    });

    it("refuses the volume of a part that is in the single process", () => {
        const volumes = { ingester: "10Gi", metricsGenerator: "10Gi" };
        assert.deepEqual(broken({ ...tempoDefaults("nothing"), volumes }, "nothing"), [
            "traces.volumes.metricsGenerator",
        ]);
        assert.deepEqual(broken({ ...tempoDefaults("node"), volumes }, "node"), []);
    });

    it("refuses one copy of each span where a node may be lost", () => {
        assert.deepEqual(broken({ ...tempoDefaults("node"), replicationFactor: 1 }, "node"), [
            "traces.replicationFactor",
        ]);
        assert.equal(tempoSettings.safeParse({ ...tempoDefaults("node"), replicationFactor: 2 }).success, false);
    });

    it("refuses limits and retention that would lose traces", () => {
        const settings = tempoDefaults("node");
        settings.retention = "30m";
        settings.limits.traceSize = "64Mi";
        assert.deepEqual(broken(settings, "node"), ["traces.retention", "traces.limits.ingestBurst"]);
        const small = tempoDefaults("node");
        small.limits.ingestBurst = "15Mi";
        assert.deepEqual(broken(small, "node"), ["traces.limits.ingestBurst"], "smaller than the largest push");
    });

    it("asks the object store for its bucket", () => {
        const settings = { ...tempoDefaults("node"), buckets: { traces: "blue-traces" } };
        assert.deepEqual(tempoKind.buckets(settings), { "buckets.traces": "blue-traces" });
    });
});

describe("tempo values, distributed", () => {
    it("looks for its ring again where it found none at the start", () => {
        const { memberlist } = buildTempoValues(args("zone")) as { memberlist?: { rejoin_interval?: string } };
        assert.equal(memberlist?.rejoin_interval, "1m", "the chart's 0s leaves a member alone for good");
    });

    it("spreads strictly over zones what has a volume, and the rest where possible", () => {
        for (const [name, values] of Object.entries(workloads(buildTempoValues(args("zone"))))) {
            const spread = spreadOf(values?.topologySpreadConstraints);
            const strict = name === "ingester" || name === "metricsGenerator";
            assert.equal(spread?.whenUnsatisfiable, strict ? "DoNotSchedule" : "ScheduleAnyway", name);
            assert.equal(spread.topologyKey, "topology.kubernetes.io/zone", name);
        }
    });

    it("keeps hosts apart and takes the chart's zone rule away where only a node may be lost", () => {
        for (const [name, values] of Object.entries(workloads(buildTempoValues(args("node"))))) {
            assert.equal(values?.topologySpreadConstraints, "", name);
            assert.match(String(values.affinity), /requiredDuringScheduling.*kubernetes\.io\/hostname/, name);
        }
    });

    it("selects the labels that the chart gives each component", () => {
        const spread = spreadOf(buildTempoValues(args("zone")).queryFrontend?.topologySpreadConstraints);
        assert.deepEqual(spread?.labelSelector.matchLabels, {
            "app.kubernetes.io/name": "tempo",
            "app.kubernetes.io/instance": "tempo",
            "app.kubernetes.io/component": "query-frontend",
        });
    });

    it("lets a drain take one pod of each workload, with any number of replicas", () => {
        const replicas = { ...tempoDefaults("node").replicas, ingester: 5 };
        const values = buildTempoValues(args("node", { replicas }));
        assert.equal(values.ingester?.replicas, 5);
        for (const [name, of] of Object.entries(workloads(values))) assert.equal(of?.maxUnavailable, 1, name);
    });

    it("asks for memory and limits it, in every container", () => {
        const values = buildTempoValues(args("node"));
        for (const [name, of] of Object.entries({ ...workloads(values), exporter: values.memcachedExporter })) {
            assert.ok(of?.resources?.requests?.cpu, name);
            assert.ok(of.resources.requests.memory, name);
            assert.ok(of.resources.limits?.memory, name);
        }
    });

    it("honours scheduling, registry and storage class everywhere", () => {
        const tolerations = [{ key: "observability", operator: "Exists" as const }];
        const scheduling = { nodeSelector: { pool: "observability" }, tolerations };
        const values = buildTempoValues(
            args("zone", {}, { scheduling, imageRegistry: "mirror/x", storageClass: "fast" }),
        );
        for (const [name, of] of Object.entries(workloads(values))) {
            assert.deepEqual(of?.nodeSelector, scheduling.nodeSelector, name);
            assert.deepEqual(of.tolerations, tolerations, name);
        }
        assert.equal(values.global?.image?.registry, "mirror/x");
        assert.equal(values.ingester?.persistence?.storageClass, "fast");
        assert.equal(values.metricsGenerator?.persistence?.storageClass, "fast");
    });

    it("hands the key pair to Tempo's pods as environment, and rolls them with its rotation", () => {
        const values = buildTempoValues(args("node"));
        assert.deepEqual(values.defaults?.extraEnvFrom, [{ secretRef: { name: "tempo-s3" } }]);
        assert.equal(values.defaults.podAnnotations?.["observability-platform/credentials-rotation"], "4");
        assert.doesNotMatch(JSON.stringify(values), /access_key|secret_key/);
    });

    it("takes a push of 16 MiB on every way in, and whole messages from part to part", () => {
        const { traces, gateway, server } = buildTempoValues(args("node"));
        const single = buildSingleValues(args("nothing")).tempo;
        const otlp = traces?.otlp;
        assert.deepEqual(otlp?.grpc?.receiverConfig, { max_recv_msg_size_mib: 16 });
        assert.deepEqual(otlp.http?.receiverConfig, { max_request_body_size: 16 * 2 ** 20 });
        assert.match(gateway?.nginxConfig?.httpSnippet ?? "", /client_max_body_size 16m;/);
        assert.equal(at(single?.receivers, "otlp.protocols.grpc.max_recv_msg_size_mib"), 16);
        for (const each of [server, single?.server])
            assert.equal(at(each, "grpc_server_max_recv_msg_size"), 100 * 2 ** 20);
    });

    it("lets all that is kept be asked for, a tenant's own retention too", () => {
        const tenants = { shop: { retention: "60d" } };
        const values = buildTempoValues({ ...args("node", { retention: "14d", multitenancy: true }), tenants });
        assert.equal(at(values.overrides, "defaults.read.max_search_duration"), "337h");
        assert.equal(at(values.overrides, "defaults.read.max_metrics_duration"), "337h");
        assert.equal(at(values.per_tenant_overrides, "shop.read.max_search_duration"), "1441h");
    });

    it("lets no trace in that is too large to be read", () => {
        const limits = { ...tempoDefaults("node").limits, traceSize: "60Mi" };
        const { server } = buildTempoValues(args("node", { limits }));
        assert.ok(Number(server?.grpc_server_max_send_msg_size) > 60 * 1024 ** 2);
        assert.ok(Number(server?.grpc_server_max_recv_msg_size) > 60 * 1024 ** 2);
    });

    it("writes retention in units that Go reads", () => {
        const retention = (value: string) =>
            buildTempoValues(args("node", { retention: value })).compactor?.config?.compaction?.block_retention;
        assert.deepEqual([retention("14d"), retention("336h")], ["336h", "336h"]);
    });
});

describe("tempo values, single", () => {
    it("is one pod whose logs are on its volume", () => {
        const values = buildSingleValues(args("nothing", {}, { storageClass: "fast" }));
        assert.equal(values.replicas, 1);
        assert.deepEqual(values.persistence, { enabled: true, size: "5Gi", storageClassName: "fast" });
        assert.match(String(values.tempo?.metricsGenerator?.storage?.path), /^\/var\/tempo\//);
        assert.match(String(values.tempo?.metricsGenerator?.traces_storage?.path), /^\/var\/tempo\//);
    });

    it("stores and generates as the distributed one does", () => {
        const single = buildSingleValues(args("nothing"));
        const distributed = buildTempoValues(args("node"));
        assert.deepEqual(single.tempo?.storage?.trace, distributed.storage?.trace);
        assert.deepEqual(
            single.tempo?.metricsGenerator?.storage?.remote_write,
            distributed.metricsGenerator?.config?.storage?.remote_write,
        );
        assert.deepEqual(single.tempo?.storage?.trace, {
            backend: "s3",
            s3: {
                bucket: "tempo-traces",
                endpoint: "s3.example.com:443",
                region: "eu",
                insecure: false,
                forcepathstyle: false,
            },
        });
    });
});
