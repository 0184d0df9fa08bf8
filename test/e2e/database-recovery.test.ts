import assert from "node:assert/strict";
import { setTimeout as wait } from "node:timers/promises";
import { accessValues } from "../../components/object-store/minio/access-values";
import { minioDefaults } from "../../components/object-store/minio/settings";
import { buildArchive } from "../../components/database/postgres/archive";
import { archiveDefaults } from "../../components/database/postgres/archive-settings";
import { missingPrograms, PostgresServer } from "./backup/postgres-server";
import { S3_PROGRAMS, S3Server, type Keys, type Statement } from "./backup/s3-server";

const PROGRAMS = ["initdb", "postgres", "psql", "barman-cloud-backup", "barman-cloud-wal-archive"];
const KEYS: Keys = { id: "postgres", secret: "archive-0123456789" };
const settings = archiveDefaults();
const LOST = settings.archive;
const NEW = `${LOST}-2`;

/**
 * What the plugin's containers run, with the user and the address that the platform gives them: the same programs of
 * Barman on a PostgreSQL of this machine. The operator and its plugin do not run here.
 */
describe("Grafana's database, archived and recovered", function () {
    let store: S3Server;
    let database: PostgresServer;
    /** Options and environment for Barman, as the plugin takes them out of its ObjectStore. */
    let cloud: string[];
    let env: Record<string, string>;
    /** All rows as one sum, before the damage and when they were whole. */
    let whole: string;
    let wholeAt: string;

    const rows = () => database.query("SELECT count(*) || ' ' || md5(string_agg(t::text, ',' ORDER BY id)) FROM t");
    const insert = (from: number, to: number) =>
        database.query(`INSERT INTO t SELECT i, md5(i::text) FROM generate_series(${from}, ${to}) i`);
    const archiving = (folder: string) => ({
        archive_mode: "on",
        archive_command: ["barman-cloud-wal-archive", "--gzip", ...cloud, folder, "%p"].join(" "),
    });

    before(async function () {
        const absent = missingPrograms([...PROGRAMS, ...S3_PROGRAMS]);
        if (absent.length > 0) {
            console.log(`      not run: ${absent.join(", ")} not found; barman-cloud-* come with PyPI's barman[cloud]`);
            this.skip();
        }
        store = await S3Server.start();
        const request = { store: "database" as const, buckets: [settings.bucket] };
        const others = { store: "logs" as const, buckets: ["loki-chunks"] };
        for (const bucket of [...request.buckets, ...others.buckets]) store.mc(["mb", `s3/${bucket}`]);
        const made = accessValues([request, others], false, minioDefaults("node").rotation, {
            nodeSelector: {},
            tolerations: [],
        });
        const [own] = made.policies as { statements: Statement[] }[];
        store.user(KEYS, own?.statements ?? []);

        const address = { endpoint: store.url.replace("http://", ""), tls: false, region: "us-east-1" };
        const { spec } = buildArchive(settings, address, { keys: undefined });
        const { destinationPath, endpointURL } = spec.configuration;
        cloud = ["--cloud-provider", "aws-s3", "--endpoint-url", endpointURL, destinationPath];
        env = {
            ...Object.fromEntries(spec.instanceSidecarConfiguration.env.map(({ name, value }) => [name, value])),
            AWS_ACCESS_KEY_ID: KEYS.id,
            AWS_SECRET_ACCESS_KEY: KEYS.secret,
        };
        database = await PostgresServer.inNewFolder(env);
        database.initialize();
        await database.start(archiving(LOST));
    });

    after(async () => {
        await (database as PostgresServer | undefined)?.destroy();
        (store as S3Server | undefined)?.stop();
    });

    it("writes base backup and log with the rights of the platform's user, and into no other bucket", async () => {
        database.query("CREATE TABLE t (id int PRIMARY KEY, text text)");
        insert(1, 5000);
        database.run("barman-cloud-backup", ["--gzip", "--immediate-checkpoint", ...cloud, LOST]);
        insert(5001, 8000);
        [whole, wholeAt] = [rows(), database.query("SELECT clock_timestamp()")];
        await wait(1100);
        database.query("DELETE FROM t WHERE id % 2 = 0");
        database.query("INSERT INTO t VALUES (0, 'after')");
        await database.archived();
        const elsewhere = [...cloud.slice(0, -1), "s3://loki-chunks/"];
        assert.throws(() => database.run("barman-cloud-backup", [...elsewhere, LOST]), /Forbidden|AccessDenied|denied/);
        console.log(`      archived: ${store.sums("postgres-archive").size} objects; damaged after ${wholeAt}`);
    });

    it("comes back as it was at a moment, from nothing but the archive", async () => {
        await database.destroy();
        database = await PostgresServer.inNewFolder(env);
        const list = database.run("barman-cloud-backup-list", ["--format", "json", ...cloud, LOST]);
        const [backup] = (JSON.parse(list) as { backups_list: { backup_id: string }[] }).backups_list;
        assert.ok(backup);
        database.run("barman-cloud-restore", [...cloud, LOST, backup.backup_id, database.data]);
        database.run("chmod", ["700", database.data]);
        database.run("touch", [`${database.data}/recovery.signal`]);
        await database.start({
            restore_command: ["barman-cloud-wal-restore", ...cloud, LOST, "%f", "%p"].join(" "),
            recovery_target_time: wholeAt,
            recovery_target_action: "promote",
            ...archiving(NEW),
        });
        assert.equal(rows(), whole);
        console.log(`      recovered: ${whole.split(" ")[0] ?? ""} of 8000 rows, the same sum`);
    });

    it("goes on in an archive of its own, since that of the lost one takes no other's log", async () => {
        const check = (folder: string) => database.run("barman-cloud-check-wal-archive", [...cloud, folder]);
        assert.throws(() => check(LOST), /Expected empty archive/);
        insert(8001, 9000);
        await database.archived();
        database.run("barman-cloud-backup", ["--gzip", "--immediate-checkpoint", ...cloud, NEW]);
        const policy = ["--retention-policy", "REDUNDANCY 1"];
        const taken = () =>
            database
                .run("barman-cloud-backup-list", [...cloud, NEW])
                .trim()
                .split("\n")
                .slice(1).length;
        database.run("barman-cloud-backup", ["--gzip", "--immediate-checkpoint", ...cloud, NEW]);
        assert.equal(taken(), 2);
        database.run("barman-cloud-backup-delete", [...policy, ...cloud, NEW]);
        assert.equal(taken(), 1);
    });
});
