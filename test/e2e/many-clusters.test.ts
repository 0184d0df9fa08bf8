import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Stack } from "@pulumi/pulumi/automation";
import { NAMESPACE as EGRESS, HUB_SECRET } from "../../components/egress-gateway/names";
import { readStackFile } from "../../tools/plan/stack-file";
import { arrived, askedAs } from "./asked";
import { authority, signed } from "./certificates";
import { CONTROL_PLANE, missing, stagesFile, startControlPlane } from "./control-plane";
import { Kubectl } from "./kubectl";
import { openDoor, type Door } from "./many/door";
import { deployedIn, secretOf } from "./many/found";
import { deployedGateway, hubGateway, hubStores, type HubGateway, type HubStores } from "./many/hub-here";
import { pushAll, startSender, type SendingCluster } from "./many/sender-here";
import { HUB_DOMAIN, nodesThatSend, startPods, type FurnishedSender } from "./many/sender-there";
import { writeLines } from "./pod-files";
import { Programs } from "./programs";
import { changes, deploy, openStack } from "./project";
import { RealNodes } from "./real-nodes/ground";
import { logRecords, points, spans } from "./pushes";
import { needsCharts, ROOT } from "./rendered";

/*
 * A hub and two sending clusters, each by the real CLI on an API server of its own, joined by StackReference. What the API
 * servers have then runs here as real programs: the hub's ingest gateway with its users, the senders' gateways with their
 * Secrets, their receivers, their nodes' collectors, one Prometheus each. Stores are Cortex, Loki and Tempo in one process
 * each. TLS between the clusters is ended by a stand-in of the hub's ingress controller.
 * Where there is a program that makes real nodes, the cluster whose password is rotated has one: its own containers send.
 */

const SENDERS = ["edge-eu", "edge-us"] as const;
const [EU, US] = SENDERS;
const ENCODES = { metrics: points, logs: logRecords, traces: spans };
const LINES = 200;
const HUB = "hub-of-two";

describe("a hub and two clusters that send, by the real CLI and real programs", function () {
    // Each step stands on those before it.
    this.bail(true);
    const folder = mkdtempSync(join(tmpdir(), "many-clusters-"));
    const programs = new Programs(join(folder, "programs"));
    const planes = new Map<string, { readonly kubeconfig: string; readonly stop: () => void }>();
    const stacks = new Map<string, Stack>();
    const senders = new Map<string, SendingCluster>();
    /** Of the first of the senders, where its containers run. */
    let node: FurnishedSender | undefined;
    let stores: HubStores;
    let gateway: HubGateway;
    let door: Door;

    before(async function () {
        needsCharts(this, ["pulumi", "nginx", "envsubst", "openssl", "alloy", "prometheus", "cortex", "loki", "tempo"]);
        const absent = missing(CONTROL_PLANE);
        if (process.env.CLUSTERS === undefined) absent.unshift("CLUSTERS");
        if (absent.length > 0) {
            console.log(`    not run: ${absent.join(", ")} not there`);
            this.skip();
        }
        authority(folder, "servers");
        signed(folder, "servers", "push", "/CN=push", ["127.0.0.1", `push.${HUB_DOMAIN}`]);
        door = await openDoor(join(folder, "push"));
        const none = RealNodes.absent() ?? (await realNode());
        if (none !== undefined) console.log(`    ${EU} without containers: ${none}`);
        for (const name of [HUB, ...SENDERS]) {
            if (!planes.has(name)) planes.set(name, await startControlPlane(join(folder, name), 3, 1, stagesFile()));
            stacks.set(name, await openStack(folder, name, environment(kubeconfig(name))));
        }
    });

    /** Gives the first of the senders a node with containers; why not, where this machine cannot. */
    async function realNode(): Promise<string | undefined> {
        const nodes = await nodesThatSend(join(folder, EU), door.port);
        if (typeof nodes === "string") return nodes;
        node = nodes;
        planes.set(EU, { kubeconfig: nodes.ground.kubeconfig, stop: nodes.ground.down.bind(nodes.ground) });
        return undefined;
    }

    after(async () => {
        for (const sender of senders.values()) await sender.stop();
        await programs.stop();
        (gateway as HubGateway | undefined)?.stop();
        (door as Door | undefined)?.close();
        for (const plane of planes.values()) plane.stop();
        if (process.env.KEEP === undefined) rmSync(folder, { recursive: true, force: true });
    });

    const kubeconfig = (name: string) => planes.get(name)?.kubeconfig ?? "";
    const found = (name: string) => deployedIn(new Kubectl(kubeconfig(name)));
    const stack = (name: string): Stack => {
        const own = stacks.get(name);
        if (own === undefined) throw new Error(`no stack ${name}`);
        return own;
    };
    /** Writes the hub's list of clusters. */
    const list = (own: Readonly<Record<string, object>> = {}) => {
        const clusters = SENDERS.map((name) => ({ name, tenant: name, ...own[name] }));
        const ca = readFileSync(join(folder, "servers/ca.crt"), "utf8");
        return setting(stack(HUB), "ingestGateway", { enabled: true, ca, clusters });
    };
    /** The Secret that a sender has by its hub's output, with the address of this machine in place of the hub's name. */
    const secret = (name: string): Readonly<Record<string, string>> => {
        const own = secretOf(found(name), EGRESS, HUB_SECRET);
        assert.equal(own.url, `https://push.${HUB_DOMAIN}`);
        return { ...own, url: `https://127.0.0.1:${door.port}` };
    };
    const sender = (name: string): SendingCluster => {
        const own = senders.get(name);
        if (own === undefined) throw new Error(`no sender ${name}`);
        return own;
    };
    const started = async (name: string): Promise<SendingCluster> => {
        if (name === EU && node !== undefined) return startPods(node, await pushOf(stack(name)), LINES);
        const pods = join(folder, `pods-${name}`);
        writeLines(pods, LINES);
        return startSender(programs, found(name), secret(name), { name, pods, scrape: 1 });
    };
    /** Statuses of what a cluster has pushed since so many pushes were told of. */
    const statuses = (client: string, since = 0) => [
        ...new Set(
            gateway.told
                .slice(since)
                .filter((each) => each.client === client)
                .map(({ status }) => status),
        ),
    ];
    const push = (name: string, service: string, count = 5) => pushAll(sender(name), ENCODES)(service, count);
    /** Pushes of all signals by every cluster, until it is ended. */
    const load = () => {
        let over = false;
        const loops = SENDERS.map(async (name) => {
            for (let i = 0; !over; i++) await Promise.all([push(name, `load-${name}`, 1), sleep(200)]);
        });
        return async () => {
            over = true;
            await Promise.all(loops);
        };
    };

    it("come up, the hub first, and have nothing to do after", async () => {
        const settings = { ...readStackFile(ROOT, "dev").config, ...hubSettings };
        await stack(HUB).setAllConfig(valued(settings));
        await list();
        await stack(HUB).up();
        for (const name of SENDERS) {
            const nodes = name === EU && node !== undefined ? { survives: "nothing" } : {};
            const own = { ...readStackFile(ROOT, "edge").config, ...senderSettings(name), ...configured(nodes) };
            await stack(name).setAllConfig(valued(own));
            await stack(name).up();
            assert.deepEqual(await changes(stack(name)), []);
        }
    });

    it("have all three signals of both at the hub, each as its own tenant's and no other's", async () => {
        const kept = await hubStores(programs);
        await kept.start();
        stores = kept.ports;
        gateway = await hubGateway({ programs, folder, door }, deployedGateway(found(HUB)), stores);
        for (const name of SENDERS) {
            senders.set(name, await started(name));
            assert.deepEqual(await push(name, `pushed-${name}`), [true, true, true]);
        }
        for (const name of SENDERS) {
            const { samples, lines, traces, values } = askedAs(name);
            assert.equal(
                await arrived(() => samples(stores.cortex, `{__name__=~"pushed_.+", job="pushed-${name}"}`), 5),
                5,
            );
            for (const [selector, series] of Object.entries(sender(name).scraped)) {
                const found = await arrived(() => samples(stores.cortex, selector), series);
                assert.equal(found, series, selector);
            }
            // Beside them stand Kubernetes' events of that namespace.
            const ofPod = '{namespace="shop"} |~ "^line [0-9]+ x+$"';
            assert.equal(await arrived(() => lines(stores.loki, ofPod), LINES), LINES, "of a pod");
            assert.equal(await arrived(() => lines(stores.loki, `{service_name="pushed-${name}"}`), 5), 5);
            assert.equal(await arrived(() => traces(stores.tempo, `pushed-${name}`), 5), 5);
            for (const store of ["cortex", "loki"] as const) {
                assert.deepEqual(await values(stores[store], "cluster", store), [name], `${store}: no other's`);
            }
            const other = name === EU ? US : EU;
            assert.equal(await traces(stores.tempo, `pushed-${other}`), 0);
            assert.deepEqual(await askedAs("dev").values(stores.cortex, "cluster", "cortex"), []);
        }
    });

    it("lose no push while one cluster's password is rotated, and the other is not touched", async () => {
        const [began, end] = [gateway.told.length, load()];
        await list({ [EU]: { rotation: 2 } });
        const atHub = await deploy(stack(HUB));
        assert.deepEqual([...new Set(atHub.map((each) => each.split(" ")[0]))].sort(), ["RandomPassword", "Secret"]);
        gateway.passwords();
        await sleep(2000);
        const before = secret(EU);
        assert.deepEqual((await deploy(stack(EU))).map((each) => each.replace(/ \S+$/, "")).filter(once), [
            "Deployment hub-gateway",
            "Secret hub",
        ]);
        assert.deepEqual(await changes(stack(US)), []);
        const after = secret(EU);
        assert.notEqual(after.password, before.password);
        await sender(EU).gateway(after);
        await sleep(3000);
        await end();
        assert.deepEqual(
            SENDERS.map((name) => statuses(name, began).filter((status) => status >= 400)),
            [[], []],
        );
        const pushes = gateway.told.length - began;
        console.log(`      ${pushes} pushes while the password was another, none refused`);
        assert.ok(pushes > 100);
    });

    it("refuse the one that is revoked from the roll on, and lose nothing of the other, nor of it what it keeps", async () => {
        const end = load();
        await list({ [EU]: { rotation: 2 }, [US]: { revoked: true } });
        await stack(HUB).up();
        gateway.passwords();
        const began = gateway.told.length;
        await gateway.roll();
        // What was under way in the old one.
        await sleep(1000);
        const rolled = gateway.told.length;
        await sleep(4000);
        await end();
        assert.deepEqual(
            statuses(EU, began).filter((status) => status >= 400),
            [],
        );
        const pushed = gateway.told.slice(rolled);
        assert.ok(pushed.some(({ client }) => client === EU));
        assert.deepEqual(
            pushed.filter(({ client, status }) => client === US && status < 400),
            [],
            "a revoked one's pushes are taken",
        );
        assert.deepEqual(await push(US, "kept"), [true, true, true], "its receiver keeps what comes");
        const kept = askedAs(US);
        await sleep(3000);
        assert.equal(await kept.lines(stores.loki, '{service_name="kept"}'), 0);
        await assert.rejects(stack(US).preview(), /knows no cluster edge-us: its output clusters has edge-eu/);
        await list({ [EU]: { rotation: 2 } });
        await stack(HUB).up();
        gateway.passwords();
        await gateway.roll();
        await stack(US).up();
        await sender(US).gateway(secret(US));
        assert.equal(await arrived(() => kept.lines(stores.loki, '{service_name="kept"}'), 5), 5, "let in again");
    });
});

const once = (each: string, i: number, all: readonly string[]) => all.indexOf(each) === i;

async function pushOf(stack: Stack): Promise<Record<string, string>> {
    const { push } = await stack.outputs();
    return push?.value as Record<string, string>;
}

const text = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));

async function setting(stack: Stack, key: string, value: unknown): Promise<void> {
    await stack.setConfig(`observability:${key}`, { value: text(value) });
}

const valued = (config: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(config).map(([key, value]) => [key, { value }]));

const configured = (settings: Readonly<Record<string, unknown>>) =>
    Object.fromEntries(Object.entries(settings).map(([key, value]) => [`observability:${key}`, text(value)]));

/** Dev, open to other clusters. */
const hubSettings = configured({
    cluster: "dev",
    domain: HUB_DOMAIN,
    access: {
        kind: "ingress",
        className: "nginx",
        namespace: "ingress-nginx",
        tls: { from: "issuer", clusterIssuer: "letsencrypt" },
    },
    tenants: Object.fromEntries(SENDERS.map((name) => [name, {}])),
    traces: { retention: "48h", multitenancy: true },
});

const senderSettings = (name: string) =>
    configured({
        cluster: name,
        domain: `${name}.example.com`,
        hub: { stack: `organization/observability/${HUB}` },
    });

function environment(kubeconfig: string): Record<string, string> {
    const mirror = process.env.CHART_MIRROR;
    return { KUBECONFIG: kubeconfig, ...(mirror !== undefined && { CHART_MIRROR: mirror }) };
}
