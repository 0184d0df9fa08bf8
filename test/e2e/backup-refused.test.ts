import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { mcHome, S3_PROGRAMS, S3Server, type Statement } from "./backup/s3-server";
import { missing } from "./control-plane";

const SCRIPTS = resolve(__dirname, "../../components/backup/scripts");
const COPY = "offsite/prod";
const OBJECTS = 30;
const ALL = [
    "s3:GetBucketLocation",
    "s3:ListBucket",
    "s3:ListBucketVersions",
    "s3:GetObject",
    "s3:GetObjectVersion",
    "s3:PutObject",
];

/** A key pair for a bucket, without some of what it takes to copy. */
const without = (bucket: string, ...actions: string[]): Statement[] => [
    {
        actions: ALL.filter((action) => !actions.includes(action)),
        resources: [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`],
    },
];

type Side = "STORE" | "COPY";

interface Wrong {
    readonly script: "copy.sh" | "restore.sh";
    /** Side that is not as it should be. */
    readonly side: Side;
    readonly what: string;
    /** What its keys may not do; or its server. */
    readonly is: readonly string[] | "vanishing";
    readonly at?: string;
}

const AT = "2999-01-01T00:00:00Z";

/** mc calls most of these a success. */
const WRONG: readonly Wrong[] = [
    { script: "copy.sh", side: "COPY", what: "refuses to list", is: ["s3:ListBucket"] },
    { script: "restore.sh", side: "STORE", what: "vanishes on the way", is: "vanishing", at: AT },
];

const LARGE = 300_000;

describe("a copy or a restore that is not whole", () => {
    const home = mkdtempSync(join(tmpdir(), "refused-"));
    const running: S3Server[] = [];

    before(function () {
        if (missing(S3_PROGRAMS).length === 0) return;
        console.log(`    not run: it needs ${S3_PROGRAMS.join(" and ")} on PATH`);
        this.skip();
    });

    after(() => {
        for (const server of running) server.stop();
        rmSync(home, { recursive: true, force: true });
    });

    async function started(): Promise<S3Server> {
        const server = await S3Server.start();
        running.push(server);
        return server;
    }

    for (const { script, side, what, is, at } of WRONG) {
        const of = at === undefined ? script : `${script} of a time`;
        it(`${of} says so and fails: the ${side === "STORE" ? "store" : "copy"} ${what}`, async () => {
            const sides = { STORE: await started(), COPY: await started() };
            sides.STORE.mc(["mb", "s3/chunks"]);
            sides.COPY.mc(["mb", "s3/offsite"]);
            const objects = Array.from({ length: OBJECTS }, (_, i): [string, Buffer] => [
                `t/${i}`,
                Buffer.alloc(i % 5 === 0 ? LARGE : 20, i),
            ]);
            if (script === "copy.sh") sides.STORE.put("chunks", new Map(objects));
            else sides.COPY.put(`${COPY}/chunks`, new Map(objects));
            const keys = { STORE: sides.STORE.root, COPY: sides.COPY.root };
            if (typeof is === "object") {
                keys[side] = { id: "limited", secret: "may-not-do-all-01234" };
                sides[side].user(keys[side], without(side === "STORE" ? "chunks" : "offsite", ...is));
            }
            // Objects that came in the second in which a copy begins are the next one's.
            await wait(2100);
            const child = spawn("sh", [join(SCRIPTS, script)], {
                env: {
                    ...mcHome(home),
                    ...{ STORE: "logs", BUCKETS: "chunks", COPY_PATH: COPY, WORKERS: "4" },
                    ...{ STORE_URL: sides.STORE.url, COPY_URL: sides.COPY.url },
                    ...{ STORE_ACCESS_KEY_ID: keys.STORE.id, STORE_SECRET_ACCESS_KEY: keys.STORE.secret },
                    ...{ COPY_ACCESS_KEY_ID: keys.COPY.id, COPY_SECRET_ACCESS_KEY: keys.COPY.secret },
                    BANDWIDTH: is === "vanishing" ? "500KiB" : "1GiB",
                    ...(at !== undefined && { AT: at }),
                },
                stdio: ["ignore", "pipe", "pipe"],
            });
            let said = "";
            for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (said += String(text)));
            const ended = new Promise<number | null>((done) => child.once("close", done));
            if (is === "vanishing") {
                await wait(1500);
                sides[side].stop();
            }
            const status = await ended;
            assert.notEqual(status, 0, said);
            assert.doesNotMatch(said, /complete as of|: restored/);
        });
    }
});
