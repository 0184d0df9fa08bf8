import assert from "node:assert/strict";
import { execFile, spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { promisify } from "node:util";
import { accessValues } from "../../components/object-store/minio/access-values";
import { minioDefaults } from "../../components/object-store/minio/settings";
import { IdentityAgent } from "./backup/identity-agent";
import { mcHome, S3_PROGRAMS, S3Server, sha256, type Keys, type Statement } from "./backup/s3-server";
import { missing } from "./control-plane";

const BACKUP = resolve(__dirname, "../../components/backup");
const FILLED = ["chunks", "ruler"];
// As a ruler's bucket is without rules: it must not keep the others from coming back.
const BUCKETS = ["empty", ...FILLED];
const STORE = "logs" as const;
const COPY = "offsite/prod";
const SMALL = 400;
const LARGE = 6;
/** Far below what a laptop copies, so that a run can be interrupted in its midst. */
const SLOW = "4MiB";

const READER: Keys = { id: "loki-reader", secret: "read-only-0123456789" };
const WRITER: Keys = { id: "loki-writer", secret: "read-write-012345678" };
// Characters that stand in AWS' secret keys.
const COPIER: Keys = { id: "copier", secret: "no/delete+0123456789" };

describe("the scripts that copy and restore a store's buckets, on two S3 servers", function () {
    let store: S3Server;
    let copy: S3Server;
    const home = mkdtempSync(join(tmpdir(), "backup-"));
    /** What the store held when all was well. */
    let good: Map<string, string>;
    const chunks = new Map<string, Buffer>();
    /** A time after the first whole copy and before any damage. */
    let wholeAt: string;

    before(async function () {
        if (missing(S3_PROGRAMS).length > 0) {
            console.log(`      not run: it needs ${S3_PROGRAMS.join(" and ")} on PATH`);
            this.skip();
        }
        store = await storeWithUsers();
        copy = await S3Server.start();
        const admin = {
            COPY_URL: copy.url,
            COPY_ACCESS_KEY_ID: copy.root.id,
            COPY_SECRET_ACCESS_KEY: copy.root.secret,
        };
        for (const times of ["first", "second"]) {
            const args = ["offsite", "30", "prod/chunks=60", "prod/ruler=400"];
            const made = spawnSync("sh", [join(BACKUP, "scripts/prepare-target.sh"), ...args], {
                env: { ...mcHome(home), ...admin },
                encoding: "utf8",
            });
            assert.equal(made.status, 0, `the ${times} time: ${made.stderr}`);
        }
        const policy = readFileSync(join(BACKUP, "target-policy.json"), "utf8").replaceAll("BUCKET", "offsite");
        const { Statement } = JSON.parse(policy) as { Statement: { Action: string[]; Resource: string[] }[] };
        copy.user(
            COPIER,
            Statement.map(({ Action, Resource }) => ({ actions: Action, resources: Resource })),
        );

        for (let i = 0; i < SMALL; i++) chunks.set(`tenant/${i % 20}/chunk ${i}`, randomBytes(200 + i));
        for (let i = 0; i < LARGE; i++) chunks.set(`tenant/large-${i}`, randomBytes(5 << 20));
        store.put("chunks", chunks);
        store.put("ruler", new Map([["rules/tenant/alerts", Buffer.from("groups: [1]\n")]]));
        good = contents(store);
        console.log(`      written: ${good.size} objects, ${LARGE} of them of 5 MiB`);
    });

    after(() => {
        for (const server of [store, copy] as (S3Server | undefined)[]) server?.stop();
        rmSync(home, { recursive: true });
    });

    async function storeWithUsers(): Promise<S3Server> {
        const server = await S3Server.start();
        for (const bucket of BUCKETS) server.mc(["mb", `s3/${bucket}`]);
        // The very policies that the MinIO chart is given.
        const asked = [{ store: STORE, buckets: BUCKETS }];
        const made = accessValues(asked, true, minioDefaults("node").rotation, { nodeSelector: {}, tolerations: [] });
        const [own, reads] = made.policies as { statements: Statement[] }[];
        server.user(WRITER, own?.statements ?? []);
        server.user(READER, reads?.statements ?? []);
        return server;
    }

    function environment(keys: Keys, more: Record<string, string> = {}): Record<string, string> {
        return {
            ...mcHome(home),
            STORE,
            BUCKETS: BUCKETS.join(" "),
            STORE_URL: store.url,
            STORE_ACCESS_KEY_ID: keys.id,
            STORE_SECRET_ACCESS_KEY: keys.secret,
            COPY_URL: copy.url,
            COPY_ACCESS_KEY_ID: COPIER.id,
            COPY_SECRET_ACCESS_KEY: COPIER.secret,
            COPY_PATH: COPY,
            BANDWIDTH: "1GiB",
            WORKERS: "4",
            ...more,
        };
    }

    function run(script: string, keys: Keys, more?: Record<string, string>) {
        return spawnSync("sh", [join(BACKUP, "scripts", script)], { env: environment(keys, more), encoding: "utf8" });
    }

    /** Starts a script, and kills it and its mc once a number of objects has arrived. */
    async function interrupt(script: string, keys: Keys, arrived: () => number, enough: number): Promise<number> {
        const child = spawn("sh", [join(BACKUP, "scripts", script)], {
            env: environment(keys, { BANDWIDTH: SLOW }),
            stdio: "ignore",
            detached: true,
        });
        const ended = new Promise((done) => child.once("exit", done));
        while (arrived() < enough && child.exitCode === null) await wait(50);
        assert.ok(child.pid !== undefined && child.exitCode === null, "it ended before it could be interrupted");
        process.kill(-child.pid, "SIGKILL");
        await ended;
        return arrived();
    }

    const contents = (server: S3Server, below = "") =>
        new Map(
            FILLED.flatMap((bucket) =>
                [...server.sums(`${below}${bucket}`)].map(([key, sum]): [string, string] => [`${bucket}/${key}`, sum]),
            ),
        );
    const count = (server: S3Server, path: string) =>
        server
            .mc(["ls", "--recursive", `s3/${path}`])
            .toString()
            .split("\n")
            .filter(Boolean).length;

    it("copies every object byte by byte, an interruption survived, with a key pair that only reads", async () => {
        const copied = await interrupt("copy.sh", READER, () => count(copy, COPY), SMALL / 4);
        assert.ok(copied < good.size, "nothing was left to resume");
        const before = copy.versions(COPY);
        // The copy says it in whole seconds.
        const started = Math.floor(Date.now() / 1000) * 1000;
        const { status, stderr } = run("copy.sh", READER);
        assert.equal(status, 0, stderr);
        assert.deepEqual(contents(copy, `${COPY}/`), good);
        // An object copied a second time would have a second version.
        const again = [...copy.versions(COPY)].filter(([key, versions]) => versions > 1 && before.has(key)).length;
        console.log(
            `      copied: ${copied} before the kill, all ${good.size} after the next run, ${again} of them twice`,
        );
        assert.equal(again, 0);
        const complete = copy
            .mc(["cat", `s3/${COPY}/complete/logs`])
            .toString()
            .trim();
        assert.ok(Date.parse(complete) >= started, `complete as of ${complete}`);
        await wait(1100);
        wholeAt = new Date().toISOString().replace(/\.\d+Z$/, "Z");
        await wait(1100);
    });

    it("gives no key that could harm the other side: readers do not write, copiers do not delete", () => {
        const key = [...store.sums("chunks").keys()][0] ?? "";
        const refused: [string, () => unknown][] = [
            ["reader writes", () => store.mc(["pipe", "s3/chunks/new"], "x", READER)],
            ["reader overwrites", () => store.mc(["pipe", `s3/chunks/${key}`], "x", READER)],
            ["reader deletes", () => store.mc(["rm", `s3/chunks/${key}`], "", READER)],
            ["copier deletes", () => copy.mc(["rm", `s3/${COPY}/chunks/${key}`], "", COPIER)],
            [
                "copier deletes versions",
                () => copy.mc(["rm", "--versions", "--force", `s3/${COPY}/chunks/${key}`], "", COPIER),
            ],
            ["copier lifts the lock", () => copy.mc(["retention", "clear", "--default", "s3/offsite"], "", COPIER)],
            [
                "copier changes lifecycle",
                () => copy.mc(["ilm", "rule", "add", "--expire-days", "1", "s3/offsite"], "", COPIER),
            ],
            ["copier removes the bucket", () => copy.mc(["rb", "--force", "s3/offsite"], "", COPIER)],
            // The lock binds administrators too.
            ["root deletes a version", () => copy.mc(["rm", "--versions", "--force", `s3/${COPY}/chunks/${key}`])],
        ];
        const allowed = refused.filter(([, attempt]) => {
            try {
                attempt();
                return true;
            } catch {
                return false;
            }
        });
        assert.deepEqual(
            allowed.map(([name]) => name),
            [],
        );
        assert.deepEqual(contents(copy, `${COPY}/`), good);
        console.log(`      refused: ${refused.length} of ${refused.length} attempts`);
    });

    it("copies from a store that knows pods by their service account, with no key of it in its environment", async () => {
        const agent = await IdentityAgent.start(READER);
        const copied = async (more: Record<string, string>) => {
            // Empty is as if it were not there.
            const none = { id: "", secret: "" };
            const env = environment(none, { BUCKETS: "ruler", COPY_PATH: `${COPY}/account`, ...more });
            const ran = promisify(execFile)("sh", [join(BACKUP, "scripts/copy.sh")], { env });
            return ran.then(
                () => true,
                () => false,
            );
        };
        try {
            const { irsa, podIdentity } = agent.environments();
            const tokenService = { MC_STS_ENDPOINT_store: agent.url };
            assert.equal(await copied({}), false, "whoever has no account reads nothing");
            assert.equal(await copied({ ...irsa }), false, "mc does not look for an account by itself");
            assert.equal(await copied({ ...tokenService, ...irsa }), true);
            // The agent's address comes first; that of the token service only has mc look for it.
            assert.equal(await copied({ MC_STS_ENDPOINT_store: "https://sts.invalid", ...podIdentity }), true);
            assert.ok(agent.known >= 2);
            assert.equal(count(copy, `${COPY}/account/ruler`), 1);
        } finally {
            agent.stop();
        }
    });

    it("fails, and does not say complete, where the copy may not be written: mc alone calls that a success", async () => {
        const watcher: Keys = { id: "watcher", secret: "sees-only-0123456789" };
        copy.user(watcher, [
            { actions: ["s3:ListBucket", "s3:GetBucketLocation"], resources: ["arn:aws:s3:::offsite"] },
            { actions: ["s3:GetObject"], resources: ["arn:aws:s3:::offsite/*"] },
        ]);
        store.put("ruler", new Map([["rules/tenant/new", Buffer.from("groups: []\n")]]));
        // What came in the second in which a run began is the next run's.
        await wait(2100);
        const { status, stderr } = run("copy.sh", READER, {
            BUCKETS: "ruler",
            COPY_ACCESS_KEY_ID: watcher.id,
            COPY_SECRET_ACCESS_KEY: watcher.secret,
        });
        assert.notEqual(status, 0);
        assert.match(stderr, /not copied: store\/ruler\/rules\/tenant\/new/);
        store.mc(["rm", "s3/ruler/rules/tenant/new"]);
    });

    it("keeps the good versions when objects are encrypted or deleted in the store, and copied so", () => {
        const [...objects] = chunks;
        // As long as before: nothing but their time tells that they changed.
        const overwritten = new Map(objects.slice(0, 150).map(([key, body]) => [key, randomBytes(body.length)]));
        store.put("chunks", overwritten);
        store.mc(["rm", ...objects.slice(150, 200).map(([key]) => `s3/chunks/${key}`)]);
        const { status, stderr } = run("copy.sh", READER);
        assert.equal(status, 0, stderr);
        const copied = contents(copy, `${COPY}/`);
        const bad = [...overwritten].filter(([key, body]) => copied.get(`chunks/${key}`) === sha256(body)).length;
        assert.equal(bad, overwritten.size, "an overwrite of the same length was not copied");

        const restored = run("restore.sh", WRITER, { AT: wholeAt });
        assert.equal(restored.status, 0, restored.stderr);
        assert.deepEqual(contents(store), good);
        console.log(
            `      damaged: ${bad} overwritten, 50 deleted, all copied; ${good.size} of ${good.size} restored as of ${wholeAt}`,
        );
    });

    it("restores a lost object store from nothing, an interruption survived", async () => {
        assert.equal(run("copy.sh", READER).status, 0);
        store.stop();
        store = await storeWithUsers();
        const inStore = () => FILLED.reduce((sum, bucket) => sum + count(store, bucket), 0);
        assert.equal(inStore(), 0);
        const back = await interrupt("restore.sh", WRITER, inStore, SMALL / 4);
        assert.ok(back < good.size, "nothing was left to resume");
        assert.equal(run("restore.sh", WRITER).status, 0);
        assert.deepEqual(contents(store), good);
        console.log(`      restored: ${back} before the kill, all ${good.size} after the next run`);
    });
});
