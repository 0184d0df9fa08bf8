import { deepEqual, equal, ok } from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { gunzipSync } from "node:zlib";
import { NAMESPACE, VMAGENT, VMALERT } from "../../components/metrics/victoriametrics/names";
import { TENANT_HEADER } from "../../components/contracts/tenancy";
import { parseGoYaml } from "../../tools/go-yaml";
import { at, record, records } from "../../tools/records";
import { AlertmanagerHere } from "./alertmanager-program";
import { freePorts } from "./ports";
import { local } from "./store-configs";
import { needsFailures, SHOP_RULES } from "./store-rules";
import { until } from "./until";
import { flags, running, startCluster, type Cluster, type Running } from "./victoria-programs";
import { needsOperator, TEAM, VmOperator } from "./vm-operator";

/*
 * vmagent and vmalert as the operator makes them of the stack's own objects, two of each, with what teams' objects say to
 * them, before the store's own programs: flags, configurations and rights are those that the operator has written, only
 * addresses and folders are this machine's.
 */

const TENANT = "prod";
/** Of the team's pod, in the cluster. */
const POD = "10.1.2.3";

describe("vmagent and vmalert, as VictoriaMetrics' operator makes them", function () {
    this.bail(true);
    let started: VmOperator | undefined;
    let operator: VmOperator;
    let cluster: Cluster;
    let alertmanager: AlertmanagerHere | undefined;
    let target: { readonly server: Server; readonly port: number; scrapes: number } | undefined;
    const agents: Running[] = [];
    const alerters: (Running & { readonly port: number })[] = [];

    before(async function () {
        needsFailures(this);
        needsOperator(this, ["vmstorage", "vminsert", "vmselect", "vmauth", "vmagent", "vmalert", "alertmanager"]);
        operator = started = await VmOperator.start();
        operator.applyResources();
        cluster = await startCluster(operator.programs, operator.model);
        target = await shop();
    });

    after(async () => {
        await alertmanager?.stop();
        target?.server.close();
        target?.server.closeAllConnections();
        await started?.stop();
    });

    /** An application with a series that is always 42. */
    async function shop() {
        const [port = 0] = await freePorts(1);
        const server = createServer((_, response) => {
            if (target) target.scrapes++;
            response.writeHead(200, { "content-type": "text/plain; version=0.0.4" }).end("shop_orders 42\n");
        });
        server.listen(port, "127.0.0.1");
        await once(server, "listening");
        return { server, port, scrapes: 0 };
    }

    async function ask(query: string): Promise<Record<string, unknown>[]> {
        const url = `${local(cluster.query)}/prometheus/api/v1/query?${new URLSearchParams({ query, nocache: "1" })}`;
        const answer = await fetch(url, { headers: { [TENANT_HEADER]: TENANT } });
        const text = await answer.text();
        equal(answer.status, 200, text);
        return records(at(JSON.parse(text), "data.result"));
    }

    /** The value of a query's first series; no number where there is none. */
    async function value(query: string): Promise<number> {
        const [first] = await ask(query);
        return Array.isArray(first?.value) ? Number(first.value[1]) : Number.NaN;
    }

    /** The container as the operator has made it. */
    async function made(kind: string, name: string): Promise<{ replicas: number; of: Record<string, unknown> }> {
        await until(`${name} is made`, () => operator.isThere(kind, name), 1000);
        const spec = record(operator.live(kind, name).spec);
        const of = records(at(spec, "template.spec.containers")).find((each) => each.name === name);
        ok(of);
        return { replicas: Number(spec.replicas), of };
    }

    /** Its own configuration, which asks the API server from here, and finds the team's pod here. */
    function configHere(port: number): string {
        const [cluster] = records(at(JSON.parse(operator.config), "clusters"));
        const server = at(cluster, "cluster.server");
        ok(typeof server === "string", "the API server has an address");
        const config = record(parseGoYaml(operator.scrapes()).value);
        const token = operator.token(VMAGENT);
        for (const job of records(config.scrape_configs)) {
            for (const found of records(job.kubernetes_sd_configs))
                Object.assign(found, {
                    ...{ api_server: server, bearer_token: token, tls_config: { insecure_skip_verify: true } },
                });
            job.relabel_configs = [
                ...records(job.relabel_configs),
                {
                    ...{ source_labels: ["__address__"], regex: `${POD}:.*` },
                    ...{ target_label: "__address__", replacement: `127.0.0.1:${port}` },
                },
            ];
        }
        return operator.programs.file("vmagent.yaml", config);
    }

    it("scrape what a team's object names with the account's own rights, and the store has one sample of both", async () => {
        operator.kubectl.apply({
            apiVersion: "v1",
            kind: "Service",
            metadata: { name: "checkout", namespace: TEAM, labels: { app: "checkout" } },
            spec: { ports: [{ name: "metrics", port: 80, targetPort: 8080 }] },
        });
        operator.kubectl.apply({
            apiVersion: "discovery.k8s.io/v1",
            kind: "EndpointSlice",
            metadata: {
                ...{ name: "checkout-1", namespace: TEAM },
                labels: { "kubernetes.io/service-name": "checkout", app: "checkout" },
            },
            addressType: "IPv4",
            ports: [{ name: "metrics", port: 8080, protocol: "TCP" }],
            endpoints: [{ addresses: [POD], conditions: { ready: true } }],
        });
        operator.kubectl.apply({
            apiVersion: "operator.victoriametrics.com/v1beta1",
            kind: "VMServiceScrape",
            metadata: { name: "checkout", namespace: TEAM },
            spec: {
                selector: { matchLabels: { app: "checkout" } },
                discoveryRole: "endpointslices",
                endpoints: [{ port: "metrics" }],
            },
        });
        await until("its job is there", () => operator.scrapes().includes(`serviceScrape/${TEAM}/checkout/0`), 1000);
        const { replicas, of } = await made("StatefulSet", VMAGENT);
        equal(replicas, 2);
        const config = configHere(target?.port ?? 0);
        for (const [i, port] of (await freePorts(replicas)).entries()) {
            const args = flags(of, {
                httpListenAddr: [`127.0.0.1:${port}`],
                "promscrape.config": [config],
                "remoteWrite.url": [`${local(cluster.push)}/api/v1/write`],
                "remoteWrite.tmpDataPath": [operator.programs.data(`vmagent-${i}`)],
            });
            agents.push(await running(operator.programs, `vmagent-${i}`, "vmagent", args, `${local(port)}/health`));
        }
        await until("both have scraped twice", () => (target?.scrapes ?? 0) >= 4, 1000);
        await until(
            "the store has two of them",
            async () => (await value("count_over_time(shop_orders[1h])")) >= 2,
            1000,
        );
        const found = await ask("last_over_time(shop_orders[1h])");
        equal(found.length, 1, JSON.stringify(found));
        const { job, namespace, service, prometheus, cluster: of_ } = record(found[0]?.metric);
        deepEqual(
            { job, namespace, service, prometheus, cluster: of_ },
            {
                job: "checkout",
                namespace: TEAM,
                service: "checkout",
                prometheus: `${NAMESPACE}/${VMAGENT}`,
                cluster: TENANT,
            },
        );
        // Of each interval one, whoever of the two sent it.
        const spread = await value("tlast_over_time(shop_orders[1h]) - tfirst_over_time(shop_orders[1h])");
        const samples = await value("count_over_time(shop_orders[1h])");
        ok(samples <= spread / 30 + 1.01, `${samples} samples in ${spread} s`);
    });

    it("keep what the store does not take, over a restart, and go on when one of both is killed", async () => {
        const [first, second] = agents;
        ok(first && second);
        await second.kill();
        const before = await value("count_over_time(shop_orders[1h])");
        await cluster.vmauth.kill();
        const from = target?.scrapes ?? 0;
        await until("three more were scraped", () => (target?.scrapes ?? 0) >= from + 3, 1000);
        await first.end();
        await cluster.vmauth.startAgain();
        equal((await value("count_over_time(shop_orders[1h])")) < before + 3, true);
        await first.startAgain();
        await until(
            "they are in the store",
            async () => (await value("count_over_time(shop_orders[1h])")) >= before + 3,
            1000,
        );
        await second.startAgain();
    });

    it("evaluate a team's rules: a result that is kept once, an alert that people are told once", async () => {
        operator.kubectl.apply({
            apiVersion: "operator.victoriametrics.com/v1beta1",
            kind: "VMRule",
            metadata: { name: "shop", namespace: TEAM },
            spec: { groups: SHOP_RULES },
        });
        alertmanager = await AlertmanagerHere.start(operator.programs);
        const { replicas, of } = await made("Deployment", VMALERT);
        equal(replicas, 2);
        await until("its rules are there", () => rulesOf(operator).includes("shop:orders:max"), 1000);
        const rules = operator.programs.file("vmalert-rules.yaml", rulesOf(operator));
        const notifiers = operator.programs.file("notifiers.yaml", {
            static_configs: [{ targets: [`127.0.0.1:${alertmanager.port}`] }],
        });
        for (const [i, port] of (await freePorts(replicas)).entries()) {
            const query = [`${local(cluster.query)}/prometheus`];
            const args = flags(of, {
                httpListenAddr: [`127.0.0.1:${port}`],
                "datasource.url": query,
                "remoteRead.url": query,
                "remoteWrite.url": [local(cluster.push)],
                "notifier.config": [notifiers],
                rule: [rules],
            });
            const ready = `${local(port)}/health`;
            alerters.push({ port, ...(await running(operator.programs, `vmalert-${i}`, "vmalert", args, ready)) });
        }
        await until("a result is in the store", async () => (await ask("shop:orders:max")).length > 0, 1000);
        const results = await ask("shop:orders:max");
        equal(results.length, 1, JSON.stringify(results));
        equal(await value("shop:orders:max"), 42);
        const told = alertmanager;
        await until("Alertmanager has the alert", async () => (await told.alerts("ShopFull")).length > 0, 1000);
        await until("people were told", () => told.people.told.length > 0);
        const kept = 'count_over_time(ALERTS_FOR_STATE{alertname="ShopLongFull"}[10m]) > 4';
        await until("the store knows how long it is true", async () => (await ask(kept)).length > 0, 1000);
        const [first] = alerters;
        ok(first);
        await first.kill();
        const killed = Date.now();
        await first.startAgain();
        const since = async () => {
            const answer: unknown = await (await fetch(`${local(first.port)}/api/v1/alerts`)).json();
            const found = records(at(answer, "data.alerts")).find(({ name }) => name === "ShopLongFull");
            return Date.parse(String(found?.activeAt));
        };
        await until("it knows the alert again", async () => !Number.isNaN(await since()), 1000);
        ok((await since()) < killed, "begins anew");
        equal((await told.alerts("ShopFull")).length, 1);
        deepEqual(
            told.people.told.filter((names) => names.includes("ShopFull")),
            [["ShopFull"]],
            "told once by both, also after a restart",
        );
    });
});

/** Rules of objects, as vmalert finds them in files; none before the operator has read an object. */
function rulesOf(operator: VmOperator): string {
    const name = `vm-${VMALERT}-rulefiles-0`;
    if (!operator.isThere("ConfigMap", name)) return "";
    return Object.values(record(operator.live("ConfigMap", name).binaryData))
        .map((zipped) => gunzipSync(Buffer.from(String(zipped), "base64")).toString())
        .join("\n");
}
