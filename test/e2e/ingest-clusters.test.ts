import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { CLUSTERS_PORT, PORT } from "../../components/ingest-gateway/names";
import { ingestGatewayDefaults, type IngestGatewaySettings } from "../../components/ingest-gateway/settings";
import { htpasswdLine, usersOf } from "../../components/ingest-gateway/users";
import { missing } from "./control-plane";
import { freePorts } from "./ports";
import { Programs } from "./programs";
import { pushedBy, startPushGateway } from "./push-gateway";
import { until } from "./until";

/** How many answers there were of each status. */
type Answers = Map<number | undefined, number>;

interface Pushing {
    readonly answers: Answers;
    readonly of: (status: number) => number;
    readonly end: () => Promise<void>;
}

describe("clusters that push to the gateway, in a real nginx", function () {
    const folder = mkdtempSync(join(tmpdir(), "push-clusters-"));
    const programs = new Programs(folder);
    const tenants: unknown[] = [];
    let store: Server;
    let storePort = 0;

    before(async function () {
        if (missing(["nginx"]).length > 0) {
            console.log("      skipped: nginx is not on PATH");
            this.skip();
        }
        [storePort = 0] = await freePorts(1);
        store = createServer(({ headers }, answer) => {
            tenants.push(headers["x-scope-orgid"]);
            answer.writeHead(204).end();
        });
        await new Promise<void>((resolve) => store.listen(storePort, "127.0.0.1", resolve));
    });

    after(async () => {
        await programs.stop();
        (store as Server | undefined)?.close();
        rmSync(folder, { recursive: true });
    });

    /** The passwords that hold, by user: the file is another at once, as the kubelet makes it. */
    const holds = (passwords: Record<string, string>) => {
        const lines = Object.entries(passwords).map(([user, text]) => htpasswdLine(user, text));
        writeFileSync(join(folder, "htpasswd.new"), `${lines.join("\n")}\n`);
        renameSync(join(folder, "htpasswd.new"), join(folder, "htpasswd"));
    };

    const start = async (clusters: IngestGatewaySettings["clusters"]) => {
        const settings = { ...ingestGatewayDefaults("node"), clusters };
        const port = (await startPushGateway({ programs, folder, storePort }, settings)).ports.get(PORT);
        return (login: string) => pushedBy(port, login);
    };

    /** Pushes one after another, by so many senders, until it is over. */
    function pushing(push: () => Promise<number | undefined>, senders: number): Pushing {
        const answers: Answers = new Map();
        let over = false;
        const sender = async () => {
            while (!over) {
                const status = await push();
                answers.set(status, (answers.get(status) ?? 0) + 1);
            }
        };
        const ended = Promise.all(Array.from({ length: senders }, sender));
        return {
            answers,
            of: (status) => answers.get(status) ?? 0,
            end: async () => {
                over = true;
                await ended;
            },
        };
    }

    it("cuts a cluster that floods, by 429, and no other", async () => {
        holds({ loud: "a", quiet: "b" });
        const push = await start([{ name: "loud", limits: { requestsPerSecond: 20 } }, { name: "quiet" }]);
        const began = Date.now();
        const loud = pushing(() => push("loud:a"), 20);
        const quiet = pushing(() => push("quiet:b"), 1);
        await until("both have pushed enough", () => loud.of(429) >= 200 && quiet.of(204) >= 50, 20);
        await Promise.all([loud.end(), quiet.end()]);
        const most = 20 + (20 * (Date.now() - began)) / 1000;
        assert.deepEqual([...loud.answers.keys()].sort(), [204, 429]);
        assert.ok(loud.of(204) <= most + 1, `${loud.of(204)} of at most ${most}`);
        assert.deepEqual([...quiet.answers.keys()], [204]);
        console.log(
            `      the loud ${JSON.stringify([...loud.answers])}, the quiet ${JSON.stringify([...quiet.answers])}`,
        );
    });

    it("lets nobody without its password use up what a cluster may send", async () => {
        holds({ eu: "right" });
        const push = await start([{ name: "eu", limits: { requestsPerSecond: 20, concurrentRequests: 2 } }]);
        const forged = pushing(() => push("eu:wrong"), 20);
        const own = pushing(() => sleep(100).then(() => push("eu:right")), 1);
        await until("both have pushed enough", () => forged.of(401) >= 200 && own.of(204) + own.of(429) >= 10, 20);
        await Promise.all([forged.end(), own.end()]);
        assert.equal(forged.of(204), 0);
        assert.deepEqual([...own.answers.keys()], [204]);
    });

    it("loses no push while a password is rotated, and ends the old one with the next rotation", async () => {
        const user = (rotation: number) => usersOf({ name: "eu", rotation }).newest.name;
        holds({ [user(1)]: "one", us: "us" });
        const push = await start([{ name: "eu" }, { name: "us" }]);
        let login = `${user(1)}:one`;
        const senders = [pushing(() => push(login), 4), pushing(() => push("us:us"), 4)];
        const more = async () => {
            const least = senders.map((each) => each.of(204) + 50);
            const told = () => senders.every((each, i) => each.answers.size > 1 || each.of(204) >= (least[i] ?? 0));
            await until("both have pushed more", told, 20);
        };
        await more();
        holds({ [user(1)]: "one", [user(2)]: "two", us: "us" });
        await more();
        login = `${user(2)}:two`;
        await more();
        holds({ [user(3)]: "three", [user(2)]: "two", us: "us" });
        await more();
        for (const { answers, end } of senders) {
            await end();
            assert.deepEqual([...answers.keys()], [204]);
        }
        assert.equal(await push(`${user(1)}:one`), 401, "the first password has ended");
    });

    it("refuses a revoked cluster and no other, whichever of list and passwords a gateway has already", async () => {
        holds({ us: "us" });
        const before = await start([{ name: "eu" }, { name: "us" }]);
        assert.deepEqual([await before("eu:eu"), await before("us:us")], [401, 204], "the file is the newer");
        holds({ eu: "eu", us: "us" });
        const after = await start([{ name: "eu", revoked: true }, { name: "us" }]);
        assert.deepEqual([await after("eu:eu"), await after("us:us")], [401, 204], "the list is the newer");
    });

    it("starts with hundreds of clusters, of names and limits as long and as many as the settings take", async () => {
        const names = Array.from({ length: 300 }, (_, i) => `${"c".repeat(60)}${100 + i}`);
        const last = names.at(-1) ?? "";
        holds({ [`${last}_even`]: "x" });
        const push = await start(names.map((name, i) => ({ name, limits: { requestsPerSecond: 1 + (i % 50) } })));
        assert.equal(await push(`${last}_even:x`), 204);
        assert.equal(await push(`${names[0] ?? ""}:x`), 401);
    });

    it("keeps what a cluster sends as its own tenant's, whatever it says", async () => {
        holds({ eu: "eu", us_even: "us" });
        const push = await start([
            { name: "eu", tenant: "eu" },
            { name: "us", tenant: "us" },
        ]);
        tenants.length = 0;
        assert.deepEqual([await push("eu:eu"), await push("us_even:us")], [204, 204]);
        assert.deepEqual(tenants, ["eu", "us"]);
    });

    it("tells who pushed what, how it ended and how much it was, and nothing of whoever is in no list", async () => {
        const lines: string[] = [];
        const exporter = createSocket("udp4", (line) => lines.push(String(line)));
        await new Promise<void>((resolve) => exporter.bind(0, "127.0.0.1", resolve));
        holds({ eu_even: "eu" });
        const clusters = [{ name: "eu", signals: ["metrics" as const] }];
        const settings = { ...ingestGatewayDefaults("node"), clusters };
        const ground = { programs, folder, storePort, syslogPort: exporter.address().port };
        const { ports } = await startPushGateway(ground, settings);
        for (const login of ["eu_even:eu", "eu:wrong", "somebody:x"]) await pushedBy(ports.get(PORT), login);
        await until("three lines are told", () => lines.length >= 3, 20);
        exporter.close();
        // Up to the third colon it is syslog's, as the exporter takes it: the time has two.
        const fields = lines.map((line) => line.split(": ").slice(1).join(": ").split("\t"));
        assert.deepEqual(
            fields.map(([client, signal, status]) => [client, signal, status]),
            [
                ["eu", "metrics", "204"],
                ["eu", "metrics", "401"],
                ["", "metrics", "401"],
            ],
        );
        assert.ok(fields.every(([, , , bytes]) => Number(bytes) > 100));
        const told = await fetch(`http://127.0.0.1:${ports.get(CLUSTERS_PORT)}/metrics`);
        assert.match(told.headers.get("content-type") ?? "", /^text\/plain/);
        assert.match(await told.text(), /^ingest_gateway_cluster_sends\{client="eu",signal="metrics"\} 1$/m);
    });
});
