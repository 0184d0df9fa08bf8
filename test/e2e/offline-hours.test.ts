import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { headerTenancy, TENANT_HEADER } from "../../components/contracts/tenancy";
import { countingFiles } from "../../components/ingest-gateway/counting";
import { gatewayConfig } from "../../components/ingest-gateway/nginx";
import { ingestGatewayDefaults } from "../../components/ingest-gateway/settings";
import { htpasswdLine } from "../../components/ingest-gateway/users";
import { field, fixed, nanoseconds, otlp, span } from "../../tools/load/wire";
import { record, records } from "../../tools/records";
import { logStore, metricsStore, traceStore } from "../fixtures/stores";
import { arrived, askedAs } from "./asked";
import { missing } from "./control-plane";
import { openDoor, type Door } from "./many/door";
import { hubGateway, hubStores, type HubGateway, type HubStores } from "./many/hub-here";
import { ALL_SAMPLES, SERIES, startSender, type Sender } from "./many/sender-here";
import { SHOP, writeLines } from "./pod-files";
import { Programs } from "./programs";
import { needsCharts, rendered } from "./rendered";
import { local } from "./store-configs";

/*
 * Twelve hours without the hub, shortened in time and not in volume: as many scrapes as there are in twelve hours at 30 s,
 * a pushed line and a pushed span for each second of them, and as much of a pod's lines as a kubelet keeps. The sending
 * cluster's programs are configured as it is rendered, both gateways are real, and so are the hub's stores. Meanwhile the
 * receiver and the node's collector are killed; of a Prometheus that is killed test/e2e/offline.test.ts tells.
 */

const EDGE = "edge";
const QUIET = "quiet";
const [AWAY_SCRAPES, SCRAPE] = [1440, 0.1];
const SECONDS = 43_200;
/** Records of one push, and pushes. */
const BATCH = 100;
const BATCHES = SECONDS / BATCH;
/** 10 MiB × 5 files of a container, in lines of 1 kB. */
const LINES = 52_000;
/** What a node's collector has in its memory, when it is killed: 1 MiB. */
const BATCH_OF_LINES = 1100;

describe("a sending cluster without its hub for twelve hours, in real programs", function () {
    this.bail(true);
    const folder = mkdtempSync(join(tmpdir(), "offline-hours-"));
    const programs = new Programs(join(folder, "programs"));
    const asked = askedAs(EDGE);
    let stores: HubStores;
    let gateway: HubGateway;
    let door: Door | undefined;
    let edge: Sender;

    before(async function () {
        needsCharts(this, ["nginx", "envsubst", "alloy", "prometheus", "cortex", "loki", "tempo"]);
        if (process.env.OFFLINE === undefined || missing(["nginx"]).length > 0) {
            console.log("    not run: OFFLINE is not set");
            this.skip();
        }
        const kept = await hubStores(programs);
        await kept.start();
        stores = kept.ports;
        door = await openDoor();
        const htpasswd = () => [EDGE, QUIET].map((name) => `${htpasswdLine(name, name)}\n`).join("");
        // So few that a backlog goes beyond them.
        const clusters = [{ name: EDGE, limits: { requestsPerSecond: 50 } }, { name: QUIET }];
        const settings = {
            ...ingestGatewayDefaults("node"),
            clusters: clusters.map((each) => ({ ...each, tenant: each.name })),
        };
        const files = () => ({
            config: gatewayConfig(targets(), settings, { ipFamilies: "ipv4" }),
            files: countingFiles(settings.clusters),
        });
        gateway = await hubGateway({ programs, folder, door }, { htpasswd, files }, stores);
        const secret = { url: local(door.port), username: EDGE, password: EDGE };
        const pods = join(folder, "pods");
        writeLines(pods, 1);
        edge = await startSender(programs, await rendered(EDGE), secret, { name: EDGE, pods, scrape: SCRAPE });
        assert.equal(await arrived(() => asked.lines(stores.loki, '{namespace="shop"}'), 1), 1, "not joined");
        assert.equal(await arrived(() => asked.samples(stores.cortex, "scrapes_of_the_test"), SERIES), SERIES);
        door.leadTo(undefined);
        // Of what was under way it tells a moment later.
        await sleep(2000);
        const [open, began] = [gateway.told.length, edge.scrapes()];
        writeLines(pods, LINES, SHOP, 1);
        for (let batch = 0; batch < BATCHES; batch++) {
            for (const [signal, encode] of [
                ["logs", lines],
                ["traces", spans],
            ] as const) {
                assert.equal(await edge.push(signal, encode(batch)), true, `${signal} ${batch} are not taken`);
            }
            if (batch === BATCHES / 2) {
                // What came within the last moment is not yet on the disk.
                await sleep(2000);
                await edge.killed();
            }
        }
        while (edge.scrapes() - began < AWAY_SCRAPES) await sleep(500);
        assert.equal(gateway.told.length, open, "the link was cut");
        console.log(
            `      away for ${edge.scrapes() - began} scrapes; ${SECONDS} lines and spans pushed, ${LINES} lines of a pod`,
        );
        await gateway.roll();
    });

    after(async () => {
        await (edge as Sender | undefined)?.stop();
        await programs.stop();
        (gateway as HubGateway | undefined)?.stop();
        door?.close();
        if (process.env.KEEP === undefined) rmSync(folder, { recursive: true, force: true });
    });

    it("keeps another cluster's pushes going while the backlog comes in faster than its limits let it", async () => {
        const [began, slowest] = [gateway.told.length, { milliseconds: 0 }];
        for (let i = 0; i < 100; i++) {
            const before = Date.now();
            const authorization = `Basic ${Buffer.from(`${QUIET}:${QUIET}`).toString("base64")}`;
            const headers = { authorization, "content-type": "application/x-protobuf" };
            const url = `${local(door?.port ?? 0)}/otlp/v1/logs`;
            const { status } = await fetch(url, { method: "POST", headers, body: new Uint8Array(lines(i)) });
            assert.ok(status < 300, `${status}`);
            slowest.milliseconds = Math.max(slowest.milliseconds, Date.now() - before);
            await sleep(50);
        }
        const own = gateway.told.slice(began).filter(({ client }) => client === EDGE);
        const limited = own.filter(({ status }) => status === 429).length;
        console.log(
            `      ${own.length} pushes of the backlog, ${limited} put off; the other's slowest took ${slowest.milliseconds} ms`,
        );
    });

    it("has every sample that its Prometheus has, once", async () => {
        // A machine with other work misses scrapes, which nobody has.
        const moment = Date.now() / 1000;
        const own = await edge.samples(moment);
        assert.ok(own >= (SERIES * AWAY_SCRAPES) / 2, `${own} samples`);
        const there = () => asked.value(stores.cortex, ALL_SAMPLES, moment);
        assert.equal(await arrived(there, own), own);
        await sleep(5000);
        assert.equal(await there(), own, "none twice");
        console.log(`      ${own} samples`);
    });

    it("has every line that was pushed, once", async () => {
        const count = () => asked.lines(stores.loki, '{service_name="pushed"}');
        assert.equal(await arrived(count, SECONDS), SECONDS);
        await sleep(5000);
        assert.equal(await count(), SECONDS, "none twice");
    });

    it("has every span that was pushed, once", async () => {
        assert.equal(await arrived(() => found(), SECONDS), SECONDS);
        const metrics = await (await fetch(`${local(stores.tempo)}/metrics`)).text();
        const [, taken] = /^tempo_distributor_spans_received_total\{[^}]*\} (\S+)$/m.exec(metrics) ?? [];
        assert.equal(Number(taken), SECONDS, "none twice");
    });

    it("has every line of the pod but for the batch that its collector held when it was killed", async () => {
        const there = () => asked.lines(stores.loki, '{namespace="shop"}');
        const last = () => asked.lines(stores.loki, `{namespace="shop"} |= "line ${LINES} "`);
        assert.equal(await arrived(last, 1), 1, "it does not go on");
        const lost = LINES + 1 - (await there());
        console.log(`      lost: ${lost} of ${LINES} lines`);
        assert.ok(lost >= 0 && lost <= BATCH_OF_LINES, `${lost} lines`);
    });

    /** Spans of the traces that can be read. */
    async function found(): Promise<number> {
        let all = 0;
        for (let batch = 0; batch < BATCHES; batch++) {
            const url = `${local(stores.tempo)}/api/traces/${traceId(batch).toString("hex")}`;
            const answer = await fetch(url, { headers: { [TENANT_HEADER]: EDGE } });
            if (!answer.ok) {
                await answer.text();
                return all;
            }
            const trace = record(await answer.json());
            const ids = records(trace.batches)
                .flatMap(({ scopeSpans }) => records(scopeSpans))
                .flatMap(({ spans: own }) => records(own))
                .map(({ spanId }) => String(spanId));
            all += new Set(ids).size;
        }
        return all;
    }
});

/** The hub's stores by the names that `hubGateway` knows. */
function targets() {
    const at = (store: string) => `http://gateway.${store}.svc.cluster.local`;
    return {
        metricsStore: {
            push: { ...metricsStore.push, url: `${at("cortex")}/api/v1/push`, otlpUrl: `${at("cortex")}/api/v1/otlp` },
            tenancy: headerTenancy("hub"),
        },
        logStore: {
            ...logStore,
            push: { ...logStore.push, lokiUrl: `${at("loki")}/loki/api/v1/push`, otlpUrl: `${at("loki")}/otlp` },
        },
        traceStore: {
            ...traceStore,
            push: { ...traceStore.push, otlpHttp: at("tempo") },
            tenancy: headerTenancy("hub"),
        },
    };
}

const numbers = Array.from({ length: BATCH }, (_, i) => i);

/** Each a line of its own, at a time of its own. */
function lines(batch: number): Buffer {
    const now = Date.now();
    return otlp(
        "pushed",
        numbers.map((i) =>
            Buffer.concat([fixed(1, nanoseconds(now) + BigInt(i)), field(5, field(1, `line ${batch * BATCH + i}`))]),
        ),
    );
}

function traceId(batch: number): Buffer {
    const id = Buffer.alloc(16, "trace");
    id.writeUInt32BE(batch + 1, 12);
    return id;
}

function spans(batch: number): Buffer {
    const now = Date.now();
    return otlp(
        "pushed",
        numbers.map((i) => {
            const own = Buffer.alloc(8, "span");
            own.writeUInt32BE(batch * BATCH + i + 1, 4);
            return span({ trace: traceId(batch), span: own }, "pushed", [now, now], [["number", String(i)]]);
        }),
    );
}
