import { deepEqual, equal, match, ok } from "node:assert/strict";
import { parse } from "yaml";
import { INGEST_LABEL, QUERY_LABEL } from "../../../components/kubernetes/access-labels";
import type { Survives } from "../../../components/kubernetes/placement";
import { cacheSpec } from "../../../components/metrics/thanos/caches";
import { gatewayConfig, gatewayPods } from "../../../components/metrics/thanos/gateway";
import { COPY_LABEL, HA_LABELS, PORTS, TENANT_LABEL } from "../../../components/metrics/thanos/names";
import { thanosNetwork } from "../../../components/metrics/thanos/network-policies";
import { objectStoreConfig } from "../../../components/metrics/thanos/object-store";
import { thanosDefaults, type ThanosSettings } from "../../../components/metrics/thanos/settings";
import { thanosRules } from "../../../components/metrics/thanos/rules";
import { buildThanosValues } from "../../../components/metrics/thanos/values";
import type { ThanosValuesArgs } from "../../../components/metrics/thanos/values-args";
import { at, record, records, strings } from "../../../tools/records";
import { platformOf } from "../../fixtures/platform";
import { objectStore } from "../../fixtures/stores";

const SEVERAL = ["receive.router", "receive.ingestor", "query", "queryFrontend", "storeGateway"] as const;
const OPEN_BUCKET = ["receive.ingestor", "storeGateway", "compact"];
const WORKLOADS = [...SEVERAL, "compact"];

function args(survives: Survives, change: Partial<ThanosSettings> = {}): ThanosValuesArgs {
    return {
        platform: platformOf(survives, { scheduling: { nodeSelector: {}, tolerations: [] } }),
        settings: { ...thanosDefaults(survives), ...change },
        objectStore,
        access: { rotation: 4, accountAnnotations: {} },
        sidecars: { address: "dnssrv+_grpc._tcp.sidecars.example.com" },
    };
}

const flags = (values: object, workload: string) => strings(at(values, `${workload}.extraArgs`));
const flag = (values: object, workload: string, name: string) =>
    flags(values, workload).flatMap((each) => (each.startsWith(`${name}=`) ? [each.slice(name.length + 1)] : []));

describe("thanos values", () => {
    it("tell routers, queriers and query frontends the tenant by one header, and make queriers heed it", () => {
        const values = buildThanosValues(args("zone"));
        const told = [
            flag(values, "receive.router", "--receive.tenant-header"),
            flag(values, "query", "--query.tenant-header"),
            flag(values, "queryFrontend", "--query-frontend.tenant-header"),
        ];
        deepEqual(told, [["X-Scope-OrgID"], ["X-Scope-OrgID"], ["X-Scope-OrgID"]]);
        ok(flags(values, "query").includes("--query.enforce-tenancy"));
        // What ingestors write is what queriers look for.
        deepEqual(
            flag(values, "receive.ingestor", "--receive.tenant-label-name"),
            flag(values, "query", "--query.tenant-label-name"),
        );
    });

    it("set no label over one that exporters and applications write", () => {
        const common = ["cluster", "tenant", "tenant_id", "replica", "namespace", "pod"];
        deepEqual(
            [TENANT_LABEL, COPY_LABEL].filter((label) => common.includes(label)),
            [],
        );
        equal(JSON.stringify(buildThanosValues(args("zone"))).includes("--label="), false);
    });

    it("let queriers drop the label of the pair's replica, which the compactor is not told of", () => {
        const values = buildThanosValues(args("zone"));
        deepEqual(flag(values, "query", "--query.replica-label"), [HA_LABELS.replica]);
        equal(values.additionalReplicaLabels, undefined);
        equal(JSON.stringify(values.compact).includes(HA_LABELS.replica), false);
    });

    it("keep samples of every resolution as long as it is said, and marked blocks longer than store gateways read them", () => {
        const values = buildThanosValues(args("node", { retention: "90d", deletionDelay: "3h" }));
        for (const resolution of ["raw", "5m", "1h"]) {
            deepEqual(flag(values, "compact", `--retention.resolution-${resolution}`), ["90d"]);
        }
        deepEqual(flag(values, "compact", "--delete-delay"), ["3h"]);
        deepEqual(flag(values, "storeGateway", "--ignore-deletion-marks-delay"), ["90m"]);
    });

    it("make samples coarser, and read them so, only where it is asked for", () => {
        const off = buildThanosValues(args("node"));
        const on = buildThanosValues(args("node", { downsampling: true }));
        ok(flags(off, "compact").includes("--downsampling.disable"));
        ok(!flags(off, "query").includes("--query.auto-downsampling"));
        ok(!flags(on, "compact").includes("--downsampling.disable"));
        ok(flags(on, "query").includes("--query.auto-downsampling"));
    });

    it("ask the sidecars of Prometheus where these bring the blocks, and nowhere else", () => {
        const asked = (change: Partial<ThanosSettings>) =>
            flag(buildThanosValues(args("zone", change)), "query", "--endpoint");
        deepEqual(asked({}), []);
        deepEqual(asked({ ingest: "sidecar" }), ["dnssrv+_grpc._tcp.sidecars.example.com"]);
    });

    it("cache no result that late samples may change", () => {
        const limits = { ...thanosDefaults("node").limits, outOfOrder: "2h" };
        const freshness = (change: Partial<ThanosSettings>) =>
            flag(
                buildThanosValues(args("node", change)),
                "queryFrontend",
                "--query-range.response-cache-max-freshness",
            );
        deepEqual([freshness({}), freshness({ limits })], [["10m"], ["120m"]]);
    });

    it("let nobody who may scrape mark blocks for deletion", () => {
        const values = buildThanosValues(args("node"));
        for (const workload of ["compact", "storeGateway"]) {
            ok(flags(values, workload).includes("--disable-admin-operations"), workload);
        }
    });

    it("take keys from the environment, in every pod that opens the bucket and no other, and roll with a new one", () => {
        const values = buildThanosValues(args("node"));
        const rotated = buildThanosValues({
            ...args("node"),
            access: { rotation: 5, accountAnnotations: {} },
        });
        for (const workload of WORKLOADS) {
            const opens = OPEN_BUCKET.includes(workload);
            const env = (at(values, `${workload}.extraEnv`) ?? []) as { name: string }[];
            deepEqual(
                env.map(({ name }) => name),
                opens ? ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"] : [],
                workload,
            );
            const [before, after] = [values, rotated].map((each) => JSON.stringify(at(each, workload)));
            equal(before !== after, opens, workload);
        }
        deepEqual(at(values, "objstoreConfig.create"), false);
    });

    it("name the store's role on the account of every pod that opens the bucket and of no other, and then no key", () => {
        const role = { "eks.amazonaws.com/role-arn": "arn:aws:iam::111122223333:role/metrics" };
        const values = buildThanosValues({
            ...args("zone"),
            access: { rotation: undefined, accountAnnotations: role },
        });
        for (const workload of WORKLOADS) {
            const annotations = at(values, `${workload}.serviceAccount.annotations`);
            deepEqual(annotations, OPEN_BUCKET.includes(workload) ? role : undefined, workload);
        }
        // A key would be taken before the account.
        ok(!/AWS_|rotation/.test(JSON.stringify(values)));
    });

    it("pull every image with the login that the settings give", () => {
        const of = args("node");
        const imagePullSecret = { from: "secret", secretName: "login" } as const;
        const values = buildThanosValues({ ...of, platform: { ...of.platform, imagePullSecret } });
        deepEqual(values.imagePullSecrets, [{ name: "login" }]);
        equal(buildThanosValues(of).imagePullSecrets, undefined);
    });

    it("say where the bucket is without a key, and roll the pods that open it when that changes", () => {
        const of = args("node");
        const text = objectStoreConfig(of);
        match(text, /bucket: thanos-blocks\n/);
        match(text, /insecure: true\n/);
        match(text, /bucket_lookup_type: path\n/);
        ok(!/access_key|secret_key/.test(text));
        const outside = { ...of, objectStore: { ...of.objectStore, tls: true, pathStyle: false } };
        match(objectStoreConfig(outside), /insecure: false\n[^]*bucket_lookup_type: virtual-hosted\n/);
        for (const workload of OPEN_BUCKET) {
            const annotations = [of, outside].map((each) => at(buildThanosValues(each), `${workload}.podAnnotations`));
            ok(JSON.stringify(annotations[0]) !== JSON.stringify(annotations[1]), workload);
        }
    });

    it("keep replicas on different hosts and zones, those with volumes strictly, unless nothing is to survive", () => {
        for (const workload of SEVERAL) {
            const of = (survives: Survives) => at(buildThanosValues(args(survives)), workload);
            match(JSON.stringify(at(of("node"), "affinity")), /requiredDuring.*kubernetes.io\/hostname/, workload);
            equal(at(of("nothing"), "affinity"), undefined, workload);
            equal(at(of("node"), "topologySpreadConstraints"), undefined, workload);
            const strict = ["receive.ingestor", "storeGateway"].includes(workload);
            const [spread] = records(at(of("zone"), "topologySpreadConstraints"));
            equal(spread?.whenUnsatisfiable, strict ? "DoNotSchedule" : "ScheduleAnyway", workload);
        }
    });

    it("honour storage class, registry and scheduling in every workload", () => {
        const of = args("node");
        const scheduling = { nodeSelector: { pool: "o11y" }, tolerations: [{ key: "o11y" }] };
        const platform = { ...of.platform, scheduling, storageClass: "fast", imageRegistry: "r.example.com/m" };
        const values = buildThanosValues({ ...of, platform });
        for (const workload of WORKLOADS) {
            deepEqual(at(values, `${workload}.nodeSelector`), scheduling.nodeSelector, workload);
            deepEqual(at(values, `${workload}.tolerations`), scheduling.tolerations, workload);
        }
        for (const workload of OPEN_BUCKET) {
            equal(at(values, `${workload}.persistence.storageClass`), "fast", workload);
            // Not the class that the chart names.
            equal(at(buildThanosValues(of), `${workload}.persistence.storageClass`), "", workload);
        }
        equal(at(values, "image.repository"), "r.example.com/m/thanos/thanos");
    });

    it("fit a laptop", () => {
        const values = buildThanosValues(args("nothing"));
        const requests = WORKLOADS.map((workload) => at(values, `${workload}.resources.requests`));
        const sum = (key: string, unit: string) =>
            requests.reduce<number>((all, each) => all + Number(String(at(each, key)).replace(unit, "")), 0);
        ok(sum("cpu", "m") <= 300 && sum("memory", "Mi") <= 1024, `${sum("cpu", "m")}m, ${sum("memory", "Mi")}Mi`);
    });
});

describe("thanos' caches", () => {
    const uses = ["results", "index", "chunks"] as const;
    const FLAGS = {
        results: ["queryFrontend", "--query-range.response-cache-config"],
        index: ["storeGateway", "--index-cache.config"],
        chunks: ["storeGateway", "--store.caching-bucket.config"],
    } as const;
    const config = (values: object, use: (typeof uses)[number]) => {
        const [workload, name] = FLAGS[use];
        return record(parse(flag(values, workload, name)[0] ?? ""));
    };

    it("are memcached where something is survived, each found by its servers' names, and else the pod's own memory", () => {
        for (const use of uses) {
            const { type, config: told } = config(buildThanosValues(args("zone")), use);
            equal(type, "MEMCACHED");
            deepEqual(strings(at(told, "addresses")), [
                `dnssrvnoa+_memcached._tcp.cache-${use}.thanos.svc.cluster.local`,
            ]);
            const laptop = config(buildThanosValues(args("nothing")), use);
            deepEqual([laptop.type, at(laptop, "config.max_size")], ["IN-MEMORY", "64MiB"]);
        }
        const off = { caches: { ...thanosDefaults("node").caches, enabled: false } };
        equal(config(buildThanosValues(args("node", off)), "index").type, "IN-MEMORY");
    });

    it("take items as large as their clients send, in the memory that is asked for", () => {
        for (const use of uses) {
            const spec = cacheSpec(use, args("zone"));
            const [server] = records(at(spec, "template.spec.containers"));
            const megabytes = use === "results" ? 512 : 1024;
            const [limit, item] = strings(server?.args).map((each) => Number(each.split("=")[1]));
            equal(limit, megabytes);
            const told = at(config(buildThanosValues(args("zone")), use), "config.max_item_size");
            ok((item ?? 0) > Number(String(told).replace("MiB", "")) * 2 ** 20);
            ok(Number.parseInt(String(at(server, "resources.limits.memory"))) > megabytes);
        }
    });

    it("stand on different hosts and in different zones, and are pulled from the registry of all", () => {
        const of = args("zone");
        const platform = { ...of.platform, imageRegistry: "r.example.com/m" };
        const text = JSON.stringify(cacheSpec("index", { ...of, platform }));
        match(text, /requiredDuring.*kubernetes.io\/hostname/);
        match(text, /topology.kubernetes.io\/zone/);
        match(text, /"r.example.com\/m\/library\/memcached:/);
        ok(!JSON.stringify(cacheSpec("index", args("nothing"))).includes("Affinity"));
    });

    it("are two at least where something is survived", () => {
        const caches = { ...thanosDefaults("zone").caches, replicas: 1 };
        const of = args("zone", { caches });
        deepEqual(
            thanosRules(of.settings, of.platform).map(({ path }) => path),
            ["metrics.caches.replicas"],
        );
        const off = args("zone", { caches: { ...thanosDefaults("zone").caches, enabled: false } });
        deepEqual(thanosRules(off.settings, off.platform), []);
    });
});

describe("thanos' gateway", () => {
    const config = gatewayConfig(platformOf("zone", { ipFamilies: "dual" }));

    it("listens on each port once for each family", () => {
        deepEqual(config.match(/listen .*;/g), [
            "listen 8080;",
            "listen [::]:8080;",
            "listen 8081;",
            "listen [::]:8081;",
        ]);
    });

    it("lets no request say the tenant by the name that Thanos' parts use among themselves", () => {
        const [common = ""] = config.split("server {");
        match(common, /proxy_set_header THANOS-TENANT "";/);
        // A header of a location's own puts all of these out of force there.
        for (const [location] of config.matchAll(/location [^{]*\{[^}]*proxy_set_header[^}]*\}/g))
            match(location, /proxy_set_header THANOS-TENANT "";/);
    });

    it("waits longer for an answer than a query may take", () => {
        const [, seconds = ""] = /proxy_read_timeout (\d+)s/.exec(config) ?? [];
        const [timeout = ""] = flag(buildThanosValues(args("zone")), "query", "--query.timeout");
        ok(Number(seconds) > Number.parseInt(timeout, 10), `${seconds}s, ${timeout}`);
    });

    it("has as many pods as the settings say, probed at a port that both families reach", () => {
        const settings = { ...thanosDefaults("zone"), replicas: { ...thanosDefaults("zone").replicas, gateway: 4 } };
        const pods = gatewayPods(platformOf("zone"), settings, config);
        equal(pods.replicas, 4);
        deepEqual(Object.values(pods.ports).sort(), [PORTS.push, PORTS.query].sort());
    });
});

describe("thanos network", () => {
    it("lets writers, applications and readers to the gateway only, and to the bucket and its keys who opens it", () => {
        const { ingress = [], egress = [] } = thanosNetwork({
            cluster: platformOf("zone"),
            pushFrom: ["monitoring", "tempo", "tempo"],
            queryFrom: ["monitoring"],
            readers: { namespaceLabels: QUERY_LABEL },
            applications: { namespaceLabels: INGEST_LABEL },
            objectStore: { peer: { namespace: undefined, podPort: 443 }, identityAgents: ["169.254.170.23"] },
        });
        const component = (pods: Readonly<Record<string, string>> | undefined) => pods?.["app.kubernetes.io/component"];
        deepEqual(
            ingress.map((flow) => [flow.name, flow.ports, component(flow.pods)]),
            [
                ["push-from-others", [PORTS.push], "gateway"],
                ["push-from-monitoring", [PORTS.push], "gateway"],
                ["push-from-tempo", [PORTS.push], "gateway"],
                ["query-from-others", [PORTS.query], "gateway"],
                ["query-from-monitoring", [PORTS.query], "gateway"],
                ["from-scrapes", [PORTS.http, PORTS.cacheMetrics], undefined],
            ],
        );
        deepEqual(
            egress.map((flow) => [flow.peer, flow.ports, component(flow.pods)]),
            ["receive-ingestor", "store-gateway", "compact"].flatMap((part) => [
                ["anywhere", [443], part],
                [{ addresses: ["169.254.170.23"] }, [80], part],
            ]),
        );
    });
});
