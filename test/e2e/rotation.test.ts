import assert from "node:assert/strict";
import type { BucketRequest } from "../../components/contracts/object-store";
import { accessKeyEntry, ROOT_SECRET, SECRET_KEY_ENTRY, userSecret } from "../../components/object-store/minio/names";
import { minioDefaults } from "../../components/object-store/minio/settings";
import { usersAt, usersOf, type User } from "../../components/object-store/minio/users";
import { buildMinioValues } from "../../components/object-store/minio/values";
import { platformDefaults, platformSettings } from "../../components/settings/platform";
import { S3_PROGRAMS, S3Server, type Keys } from "./backup/s3-server";
import { missing } from "./control-plane";
import { needsCharts } from "./rendered";
import { runMinioJob, type Secrets } from "./rotation/minio-job";

const BUCKETS = { metrics: "blocks", logs: "chunks", traces: "traces" };
const requests = Object.entries(BUCKETS).map(([store, bucket]) => ({ store, buckets: [bucket] }) as BucketRequest);
const own = { cluster: "e2e", tenant: "e2e", domain: "o11y.example.com", survives: "nothing" as const };
const platform = platformSettings.parse({ ...platformDefaults(own), ...own });

function rotationAt(logs: number) {
    return { root: 1, metrics: 1, logs, traces: 1, database: 1, errors: 1, readOnly: 1 };
}

/** Keys as the program generates them: the secret key anew for each number, the access key once for a user. */
function keysOf({ name, rotation }: User): Keys {
    return { id: `key-of-${name}`, secret: `secret-of-${name}-${rotation}` };
}

/** The key pair that pods have at a number. */
function newestAt(logs: number): Keys {
    return keysOf(usersAt("logs", "owner", rotationAt(logs))[0]);
}

/** As mc words what a policy does not allow. */
const REFUSED = /Access ?Denied|Insufficient permissions/i;

/** Brings the server to a number of the log store's rotation, as an upgrade of the release does. */
async function rotate(server: S3Server, logs: number): Promise<Keys> {
    const rotation = rotationAt(logs);
    const settings = { ...minioDefaults("nothing"), rotation };
    const users = usersOf(requests, false, rotation);
    const secrets: Secrets = {
        [ROOT_SECRET]: {
            rootUser: server.root.id,
            rootPassword: server.root.secret,
            ...Object.fromEntries(users.map((user) => [accessKeyEntry(user.name), keysOf(user).id])),
        },
        ...Object.fromEntries(
            users.map((user) => [userSecret(user.name), { [SECRET_KEY_ENTRY]: keysOf(user).secret }]),
        ),
    };
    const values = buildMinioValues({ platform, settings, requests, readOnly: false });
    await runMinioJob(values, secrets, new URL(server.url));
    return newestAt(logs);
}

describe("a store's key in MinIO while it is rotated, by the job that the chart makes", function () {
    let server: S3Server;
    let first: Keys;

    before(async function () {
        needsCharts(this);
        if (missing(S3_PROGRAMS).length > 0) {
            console.log(`      not run: it needs ${S3_PROGRAMS.join(" and ")} on PATH`);
            this.skip();
        }
        server = await S3Server.start();
    });

    after(() => {
        (server as S3Server | undefined)?.stop();
    });

    /** Writes an object and reads it again; the server's words where it refuses. */
    async function use(keys: Keys, bucket: string, key = "object"): Promise<string | undefined> {
        try {
            await server.startMc(["pipe", `s3/${bucket}/${key}`], "written", keys);
            const read = await server.startMc(["cat", `s3/${bucket}/${key}`], "", keys);
            return read === "written" ? undefined : `read ${read}`;
        } catch (error) {
            return String(error);
        }
    }

    it("lets pods with the old key write and read without one refusal, and pods with the new key too", async () => {
        first = await rotate(server, 1);
        assert.equal(await use(first, BUCKETS.logs), undefined);

        const refused: string[] = [];
        let done = 0;
        const rolled = new AbortController();
        const pods = (async () => {
            while (!rolled.signal.aborted) {
                const refusal = await use(first, BUCKETS.logs, `old-${done}`);
                if (refusal !== undefined) refused.push(refusal);
                done += 1;
            }
        })();
        const second = await rotate(server, 2);
        assert.notDeepEqual(second, first);
        const during = done;
        for (let i = 0; i < 5; i++) assert.equal(await use(second, BUCKETS.logs, `new-${i}`), undefined);
        // A second upgrade without a rotation, as any other change of the release is.
        await rotate(server, 2);
        rolled.abort();
        await pods;
        console.log(
            `      with the old key: ${done} objects written and read, ${during} of them while the job ran, ${refused.length} refused`,
        );
        assert.deepEqual(refused, []);
        assert.ok(during > 0);
    });

    it("ends the older key with the next raise, and the key that pods have with a raise by two", async () => {
        const second = newestAt(2);
        const third = await rotate(server, 3);
        assert.match((await use(first, BUCKETS.logs)) ?? "", /SignatureDoesNotMatch|signature we calculated/);
        for (const keys of [second, third]) assert.equal(await use(keys, BUCKETS.logs), undefined);
        const fifth = await rotate(server, 5);
        for (const keys of [second, third]) assert.notEqual(await use(keys, BUCKETS.logs), undefined);
        assert.equal(await use(fifth, BUCKETS.logs), undefined);
    });

    it("opens no other store's buckets by either key", async () => {
        const pairs = usersAt("logs", "owner", rotationAt(5)).map(keysOf);
        for (const keys of pairs) {
            assert.equal(await use(keys, BUCKETS.logs), undefined);
            for (const bucket of [BUCKETS.metrics, BUCKETS.traces]) {
                assert.match((await use(keys, bucket)) ?? "", REFUSED);
                await assert.rejects(server.startMc(["ls", `s3/${bucket}`], "", keys), REFUSED);
            }
        }
    });
});
