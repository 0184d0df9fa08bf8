import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { INGEST_LABEL } from "../../../components/kubernetes/access-labels";
import type { Survives } from "../../../components/kubernetes/placement";
import { accountOf, accounts } from "../../../components/metrics/victoriametrics/accounts";
import { PORTS } from "../../../components/metrics/victoriametrics/names";
import { vmNetwork } from "../../../components/metrics/victoriametrics/network-policies";
import { vmauthRoutes } from "../../../components/metrics/victoriametrics/routes";
import { vmDefaults, type VmSettings } from "../../../components/metrics/victoriametrics/settings";
import { buildSingleValues } from "../../../components/metrics/victoriametrics/single-values";
import { vmNeeds } from "../../../components/metrics/victoriametrics/size";
import { buildVmValues, hourlySeries } from "../../../components/metrics/victoriametrics/values";
import type { VmValuesArgs } from "../../../components/metrics/victoriametrics/values-args";
import type { Load } from "../../../components/sizing/load";
import { at, record, records, strings } from "../../../tools/records";
import { platformOf } from "../../fixtures/platform";
import { objectStore } from "../../fixtures/stores";

function args(survives: Survives, change: Partial<VmSettings> = {}, more: Partial<VmValuesArgs> = {}): VmValuesArgs {
    return {
        platform: platformOf(survives),
        settings: { ...vmDefaults(survives), ...change },
        objectStore,
        credentialsRotation: 4,
        scrapeInterval: "15s",
        ...more,
    };
}

const flagOf = (values: unknown, part: string, flag: string) => record(at(values, `${part}.extraArgs`))[flag];

describe("victoriametrics values", () => {
    it("keep one sample of each scrape, where samples are kept and where they are read", () => {
        const values = buildVmValues(args("zone"));
        for (const part of ["vmstorage", "vmselect"]) {
            assert.equal(flagOf(values, part, "dedup.minScrapeInterval"), "15s", part);
        }
        assert.equal(flagOf(buildSingleValues(args("nothing")), "server", "dedup.minScrapeInterval"), "15s");
    });

    it("write as many copies as queries count on, and answer nothing in part", () => {
        const values = buildVmValues(args("node", { replicationFactor: 3 }));
        for (const part of ["vminsert", "vmselect"]) assert.equal(flagOf(values, part, "replicationFactor"), "3", part);
        assert.equal(flagOf(values, "vmselect", "search.denyPartialResponse"), "true");
    });

    it("limit a server to its share while as many are away as may be", () => {
        const of = (vmstorage: number, replicationFactor: 2 | 3) =>
            hourlySeries(
                args("node", {
                    replicationFactor,
                    replicas: { ...vmDefaults("node").replicas, vmstorage },
                    limits: { maxHourlySeries: 600, maxLabelNames: 60 },
                }),
            );
        // Of three with two copies the two that are left hold everything.
        assert.equal(of(3, 2), 600);
        assert.equal(of(5, 2), 300);
        assert.equal(of(5, 3), 600);
        assert.equal(hourlySeries(args("nothing")), vmDefaults("nothing").limits.maxHourlySeries);
    });

    it("give a retention its unit: a bare number is months", () => {
        const retention = { retention: "90d" };
        assert.equal(at(buildVmValues(args("zone", retention)), "vmstorage.retentionPeriod"), "90d");
        assert.equal(at(buildSingleValues(args("nothing", retention)), "server.retentionPeriod"), "90d");
    });

    it("listen on IPv6 where pods have it", () => {
        const dual = args("zone", {}, { platform: platformOf("zone", { ipFamilies: "dual" }) });
        for (const part of ["vmauth", "vminsert", "vmselect", "vmstorage"]) {
            assert.equal(flagOf(buildVmValues(dual), part, "enableTCP6"), "true", part);
            assert.equal(flagOf(buildVmValues(args("zone")), part, "enableTCP6"), undefined, part);
        }
        const [query] = records(at(buildVmValues(dual), "vmauth.extraContainers"));
        assert.ok(strings(query?.args).includes("--enableTCP6=true"));
    });

    it("back each volume up beside its server, with keys of the Secret, if there is a bucket", () => {
        const values = buildVmValues(args("zone"));
        const [backup] = records(at(values, "vmstorage.extraContainers"));
        assert.ok(strings(backup?.args).includes("--dst=s3://victoriametrics-backup/$(POD_NAME)"));
        assert.ok(strings(backup?.args).includes("--customS3Endpoint=http://s3.example.com:9000"));
        const env = records(backup?.env).filter(({ valueFrom }) => at(valueFrom, "secretKeyRef") !== undefined);
        assert.deepEqual(
            env.map(({ name }) => name),
            ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"],
        );
        const rotation = (of: unknown, part: string) =>
            record(at(of, `${part}.podAnnotations`))["observability-platform/credentials-rotation"];
        assert.equal(rotation(values, "vmstorage"), "4");
        const without = buildSingleValues(args("nothing", {}, { credentialsRotation: undefined }));
        assert.equal(rotation(without, "server"), undefined);
        assert.equal(JSON.stringify(without).includes("vmbackup"), false);
        const laptop = buildSingleValues(args("nothing", { buckets: { backup: "metrics" } }));
        assert.ok(JSON.stringify(laptop).includes("s3://metrics/$(POD_NAME)"));
    });

    it("end a backup's loop when the pod is stopped, and not at the end of its hour", async () => {
        const [backup] = records(at(buildVmValues(args("zone")), "vmstorage.extraContainers"));
        const script = strings(backup?.command)[2] ?? "";
        assert.ok(script.includes("/vmbackup-prod"));
        const child = spawn("sh", ["-c", script.replace("/vmbackup-prod", "echo started && sleep"), "vmbackup", "5"]);
        await new Promise((resolve) => child.stdout.once("data", resolve));
        const ended = new Promise((resolve) =>
            child.once("exit", (code) => {
                resolve(code);
            }),
        );
        child.kill("SIGTERM");
        assert.equal(await ended, 0);
    });

    it("have vmauth read its own routes for pushes and for queries, on a port each", () => {
        const values = buildVmValues(args("zone"));
        assert.equal(flagOf(values, "vmauth", "auth.config"), "/config/push.yml");
        const [query] = records(at(values, "vmauth.extraContainers"));
        assert.ok(strings(query?.args).includes("--auth.config=/config/query.yml"));
        assert.ok(strings(query?.args).includes(`--httpListenAddr=:${PORTS.query}`));
    });
});

describe("victoriametrics tenants", () => {
    it("are accounts by their names, the platform's own 0", () => {
        // http://www.isthe.com/chongo/src/fnv/test_fnv.c
        assert.deepEqual(["", "a", "foobar"].map(accountOf), [0x811c9dc5, 0xe40c292c, 0xbf9cf968]);
        assert.deepEqual(accounts("prod", ["a"]), { prod: 0, a: 0xe40c292c });
    });

    it("are users of vmauth by their header, who write and read in their own account", () => {
        const shape = { single: false, tenant: "prod", tenants: ["shop"] };
        for (const use of ["push", "query"] as const) {
            const users = records(record(vmauthRoutes(use, shape)).users);
            assert.deepEqual(
                users.map(({ auth_token }) => auth_token),
                ["prod", "shop"],
            );
            const targets = users.map(({ url_map }) => records(url_map).map(({ url_prefix }) => String(url_prefix)));
            const own = [0, accountOf("shop")];
            for (const [i, urls] of targets.entries()) {
                for (const url of urls) assert.match(url, new RegExp(`/(insert|select)/${own[i]}(/prometheus)?$`));
            }
            assert.equal(record(vmauthRoutes(use, shape)).unauthorized_user, undefined);
        }
    });

    it("of one process are one, whatever a request says", () => {
        const routes = record(vmauthRoutes("push", { single: true, tenant: "dev", tenants: ["shop"] }));
        assert.deepEqual(Object.keys(routes), ["unauthorized_user"]);
    });
});

describe("victoriametrics network", () => {
    const network = (single: boolean, backedUp = true) =>
        vmNetwork({
            cluster: platformOf("zone"),
            single,
            pushFrom: ["collectors"],
            queryFrom: ["monitoring"],
            applications: { namespaceLabels: INGEST_LABEL },
            readers: undefined,
            objectStore: backedUp ? { namespace: "minio", podPort: 9000 } : undefined,
            alertReceiver: undefined,
        });

    it("opens one port to who pushes and another to who asks, of vmauth alone", () => {
        for (const single of [false, true]) {
            const flows = (network(single).ingress ?? []).filter(({ name }) => /^(push|query)-/.test(name));
            assert.deepEqual(
                flows.map(({ name, ports }) => [name, ports]),
                [
                    ["push-from-others", [PORTS.push]],
                    ["push-from-collectors", [PORTS.push]],
                    ["query-from-monitoring", [PORTS.query]],
                ],
            );
            for (const { pods } of flows) assert.equal(pods?.app, single ? "server" : "vmauth");
        }
    });

    it("lets nothing out but backups, of the pods that make them", () => {
        assert.deepEqual(network(false, false).egress, []);
        const [flow] = network(false).egress ?? [];
        assert.deepEqual([flow?.ports, flow?.pods?.app], [[9000], "vmstorage"]);
    });
});

describe("victoriametrics size", () => {
    const load: Load = {
        series: 1_000_000,
        interval: 30,
        logs: 0,
        spans: 0,
        queries: 10,
        retention: { metrics: 365 * 86_400, logs: 0, traces: 0 },
        zones: 3,
        stated: {},
    };
    const told = vmDefaults("zone");

    it("follows upstream's formula of a year of 5000 samples a second, with an index of a fifth", () => {
        // The page's example: 397 GB in sum, for a year and a month, without the index.
        const [server] = vmNeeds({ ...load, series: 150_000 }, { prometheusReplicas: 1 }, told).figures;
        const sum = ((server?.volume?.needed ?? 0) * 3) / 2 ** 30;
        assert.ok(Math.abs(sum / (397 * 1.2) - 1) < 0.05, String(sum));
    });

    it("is, of what scrapes its own objects, a queue for six hours and memory for all samples, where they are on", () => {
        const sizes = (objects: boolean) => vmNeeds(load, { prometheusReplicas: 2 }, { ...told, objects }).rooms ?? [];
        assert.deepEqual(sizes(false), []);
        const bytes = Object.fromEntries(sizes(true).map((each) => [each.setting, each.bytes]));
        const samples = 1_000_000 / 30;
        assert.equal(bytes["metrics.volumes.vmagent"], (samples * 6 * 3600 * 3) / 0.8);
        assert.equal(bytes["metrics.memory.vmagent"], (samples / 25_000) * 1e9 * 1.5);
    });

    it("is of the copies and servers that the settings have", () => {
        const three = { ...told, replicationFactor: 3 as const, replicas: { ...told.replicas, vmstorage: 5 } };
        const of = (settings: typeof told) => vmNeeds(load, { prometheusReplicas: 2 }, settings);
        const [two, more] = [of(told), of(three)];
        const [server, other] = [two.figures[0], more.figures[0]];
        assert.deepEqual([server?.replicas, other?.replicas], [3, 5]);
        assert.equal((more.stored[0]?.bytes ?? 0) / (two.stored[0]?.bytes ?? 0), 3 / 2);
        const disk = (other?.volume?.needed ?? 0) / (server?.volume?.needed ?? 0);
        assert.ok(Math.abs(disk / ((3 / 5) * (3 / 2)) - 1) < 0.01, String(disk));
        // Two of five away leave three for three copies, as one of three leaves two for two.
        assert.equal(other?.memory, server?.memory);
        assert.match(other?.formula ?? "", /3 copies ÷ 5 ×/);
    });

    it("grows servers, and not their number", () => {
        const [small] = vmNeeds(load, { prometheusReplicas: 2 }, told).figures;
        const large = vmNeeds({ ...load, series: 100_000_000 }, { prometheusReplicas: 2 }, told);
        assert.deepEqual([small?.replicas, large.figures[0]?.replicas], [3, 3]);
        assert.ok((large.figures[0]?.memory ?? 0) > 50 * (small?.memory ?? Infinity));
        assert.equal(large.limits.length, 1);
    });
});
