import assert from "node:assert/strict";
import { grantOf } from "../../../components/contracts/object-store";
import type { Endpoint } from "../../../components/contracts/ready";
import { networkPolicySpecs } from "../../../components/kubernetes/network-policies";
import { buildArchive, buildSchedule } from "../../../components/database/postgres/archive";
import { archiveDefaults } from "../../../components/database/postgres/archive-settings";
import { buildCluster } from "../../../components/database/postgres/cluster";
import { databaseNetwork } from "../../../components/database/postgres/network-policies";
import { buildPluginValues } from "../../../components/database/postgres/plugin-values";
import { parseSettings, type Settings } from "../../../components/platform/settings";
import { systemsOf } from "../../../components/platform/systems";
import { preview } from "../../../tools/plan/engine";
import { readStackFile } from "../../../tools/plan/stack-file";
import { summarize } from "../../../tools/plan/summary";
import { flowsOf } from "../../fixtures/flows";
import { platformOf } from "../../fixtures/platform";
import { root } from "../../fixtures/planned";
import { objectStore } from "../../fixtures/stores";
import { keyPairs } from "../../fixtures/key-pairs";

const each = keyPairs("rw", "metrics", "logs", "traces");
const readOnly = keyPairs("ro", "metrics", "logs", "traces");
const { database } = keyPairs("rw", "database");
const { database: databaseRead } = keyPairs("ro", "database");
const outside = { kind: "s3", endpoint: "s3.example.com:443", region: "eu-west-1", credentials: each };

function parsed(database: object, more: object = {}) {
    return parseSettings({ cluster: "c", domain: "o11y.example.com", survives: "zone", database, ...more });
}

function settings(database: object, more: object = {}): Settings {
    const result = parsed(database, more);
    assert.ok("settings" in result, JSON.stringify(result));
    return result.settings;
}

function problems(database: object, more: object = {}): string[] {
    const result = parsed(database, more);
    return "problems" in result ? result.problems.map(({ path }) => path) : [];
}

const specOf = (database: object) => {
    const { platform, database: own } = settings(database);
    return buildCluster({ platform, settings: own }).spec;
};
const grant = grantOf(objectStore, "database", ["database-bucket"]);

const archive = (tls = false) =>
    buildArchive(archiveDefaults(), { endpoint: "s3.example.com:9000", tls, region: "eu-west-1" }, grant).spec;

describe("the database's archive: settings", () => {
    it("is off until it is asked for, and is asked for by an empty map", () => {
        assert.equal(settings({}).database.backup, undefined);
        assert.deepEqual(settings({ backup: {} }).database.backup, archiveDefaults());
    });

    it("is refused where there is no database", () => {
        assert.deepEqual(problems({ backup: {} }, { survives: "nothing" }), ["database.backup"]);
    });

    it("has a bucket of its own", () => {
        assert.deepEqual(problems({ backup: { bucket: "loki-chunks" } }), ["database.backup.bucket"]);
    });

    it("asks an outside S3 for the keys, and for those that read where buckets are copied", () => {
        const target = {
            endpoint: "s3.example.org:443",
            bucket: "offsite",
            credentials: { from: "secret", secretName: "s" },
        };
        const found = (credentials: object, readOnlyCredentials: object) =>
            problems(
                { backup: {} },
                { objectStore: { ...outside, credentials, readOnlyCredentials }, backup: { target } },
            );
        assert.deepEqual(found(each, readOnly), [
            "objectStore.credentials.database",
            "objectStore.readOnlyCredentials.database",
        ]);
        assert.deepEqual(found({ ...each, database }, { ...readOnly, database: databaseRead }), []);
    });

    it("refuses a recovery that has nowhere to come from, or writes where it reads", () => {
        assert.deepEqual(problems({ recoverFrom: { archive: "grafana-db" } }), ["database.recoverFrom"]);
        const same = { backup: {}, recoverFrom: { archive: "grafana-db" } };
        assert.deepEqual(problems(same), ["database.backup.archive"]);
        const at = { backup: { archive: "b" }, recoverFrom: { archive: "grafana-db", at: "2026-01-31 06:00" } };
        assert.deepEqual(problems(at), ["database.recoverFrom.at"]);
    });

    it("is missed when one base backup failed and the next is late", () => {
        const hours = (postgres: object) =>
            systemsOf(settings(postgres)).flatMap(({ role, alerts }) =>
                role === "database"
                    ? (alerts.backups ?? [])
                          .filter(({ alert }) => alert === "BackupTooOld")
                          .map(({ expr }) => /> (\d+) \* 3600$/.exec(expr)?.[1])
                    : [],
            );
        assert.deepEqual(
            [hours({}), hours({ backup: {} }), hours({ backup: { everyHours: 6 } })],
            [[], ["49"], ["13"]],
        );
    });
});

describe("the database's archive: objects", () => {
    it("has the instances write to the archive's own folder, by the plugin alone", () => {
        const parameters = { barmanObjectName: "grafana-db-archive", serverName: "grafana-db" };
        const spec = specOf({ backup: {} });
        assert.deepEqual("plugins" in spec && spec.plugins, [
            { name: "barman-cloud.cloudnative-pg.io", isWALArchiver: true, parameters },
        ]);
        assert.doesNotMatch(JSON.stringify(spec), /barmanObjectStore/, "the operator's own way ends with 1.31");
        assert.equal("plugins" in specOf({}), false);
    });

    it("is at the object store's address, signed for its region, with keys out of a Secret", () => {
        assert.equal(archive().configuration.endpointURL, "http://s3.example.com:9000");
        assert.equal(archive(true).configuration.endpointURL, "https://s3.example.com:9000");
        assert.equal(archive().configuration.destinationPath, "s3://postgres-archive/");
        const env = new Map(archive().instanceSidecarConfiguration.env.map(({ name, value }) => [name, value]));
        assert.equal(env.get("AWS_DEFAULT_REGION"), "eu-west-1");
        assert.equal(env.get("AWS_REQUEST_CHECKSUM_CALCULATION"), "when_required");
        const { s3Credentials } = archive().configuration;
        assert.ok("accessKeyId" in s3Credentials);
        assert.equal(s3Credentials.accessKeyId.name, "archive-s3");
        assert.equal(archive().retentionPolicy, "30d");
    });

    it("has the instances' account known to the cloud, and no key, where pods are known by their account", () => {
        const { spec } = buildArchive(archiveDefaults(), objectStore, { keys: undefined });
        assert.deepEqual(spec.configuration.s3Credentials, { inheritFromIAMRole: true });
        const platform = platformOf("zone");
        const own = settings({ backup: {} }).database;
        const of = (accountAnnotations: Record<string, string>) =>
            buildCluster({ platform, settings: own, grant: { accountAnnotations } }).spec;
        assert.deepEqual("serviceAccountTemplate" in of({ role: "r" }) && of({ role: "r" }).serviceAccountTemplate, {
            metadata: { annotations: { role: "r" } },
        });
        assert.equal("serviceAccountTemplate" in of({}), false);
        const specs = networkPolicySpecs(
            databaseNetwork(platform, { ...objectStore, identityAgents: ["169.254.170.23", "fd00:ec2::23"] }),
        );
        assert.deepEqual(specs["to-identity-agent"]?.egress, [
            {
                to: [{ ipBlock: { cidr: "169.254.170.23/32" } }, { ipBlock: { cidr: "fd00:ec2::23/128" } }],
                ports: [{ port: 80, protocol: "TCP" }],
            },
        ]);
    });

    it("takes a base backup at once and then at set hours, and begins anew with another archive", () => {
        const schedule = buildSchedule({ ...archiveDefaults(), everyHours: 6 });
        assert.equal(schedule.spec.schedule, "0 0 */6 * * *", "the operator's schedules begin with seconds");
        assert.deepEqual([schedule.spec.immediate, schedule.spec.method], [true, "plugin"]);
        const other = buildSchedule({ ...archiveDefaults(), archive: "grafana-db-2" });
        assert.notEqual(other.metadata.name, schedule.metadata.name);
    });

    it("recovers into the same names and password, reads the lost archive and writes to a new one", () => {
        const at = "2026-01-31T06:00:00Z";
        const spec = specOf({ backup: { archive: "grafana-db-2" }, recoverFrom: { archive: "grafana-db", at } });
        assert.ok("externalClusters" in spec && "plugins" in spec);
        const [source] = spec.externalClusters ?? [];
        assert.deepEqual(spec.bootstrap.recovery, {
            source: source?.name,
            database: "grafana",
            owner: "grafana",
            secret: { name: "grafana-db-app" },
            recoveryTarget: { targetTime: at },
        });
        assert.equal(source?.plugin.parameters.serverName, "grafana-db");
        assert.equal(spec.plugins?.[0]?.parameters.serverName, "grafana-db-2");
        const latest = specOf({ backup: { archive: "b" }, recoverFrom: { archive: "a" } });
        assert.ok(latest.bootstrap.recovery);
        assert.equal("recoveryTarget" in latest.bootstrap.recovery, false);
    });

    it("runs one plugin, and takes its image and that of its containers from the platform's registry", () => {
        const values = buildPluginValues(platformOf("zone", { imageRegistry: "reg.example.com/m" }));
        assert.equal(values.replicaCount, 1);
        assert.equal(values.image?.registry, "reg.example.com/m");
        assert.equal(values.sidecarImage?.registry, "reg.example.com/m");
    });

    it("lets instances out to the object store, wherever it is, and only where they archive", () => {
        const out = (peer: Endpoint | undefined) => {
            const archive = peer && { peer, identityAgents: [] };
            return JSON.stringify(networkPolicySpecs(databaseNetwork(platformOf("zone"), archive))["to-object-store"]);
        };
        assert.match(out({ namespace: "minio", podPort: 9000 }), /"minio".*"port":9000/);
        assert.match(out({ namespace: undefined, podPort: 443 }), /0\.0\.0\.0\/0.*"port":443/);
        assert.equal(out(undefined), undefined);
    });
});

describe("the database's archive in a stack", () => {
    it("has a bucket that its user alone opens, a copy of it, and the object store's door open to the instances", async () => {
        const file = readStackFile(root, "prod");
        const target = {
            endpoint: "s3.example.com:443",
            bucket: "offsite",
            credentials: { from: "secret", secretName: "s" },
        };
        const config = {
            ...file.config,
            [`${file.project}:database`]: JSON.stringify({ backup: {} }),
            [`${file.project}:backup`]: JSON.stringify({ target }),
        };
        const plan = await preview(root, "prod", { ...file, config });
        const access = summarize("prod", plan).access.filter(({ buckets }) => buckets.includes("postgres-archive"));
        assert.deepEqual(access, [
            { user: "database-ro", buckets: ["postgres-archive"] },
            { user: "database-rw", buckets: ["postgres-archive"] },
        ]);
        const names = plan.resources.map(({ type, name }) => `${type.split(":").at(-1) ?? ""} ${name}`);
        for (const name of ["CronJob copy-database", "Release plugin-barman-cloud"]) {
            assert.ok(names.includes(name), name);
        }
        assert.ok(flowsOf(plan.resources, "minio").includes("from-postgres"));
        const find = (kind: string, name: string) =>
            plan.resources.find((made) => made.name === name && made.type.endsWith(`:${kind}`));
        const waits = (kind: string, name: string, forKind: string, forName: string) => {
            const urn = find(forKind, forName)?.urn;
            assert.ok(urn !== undefined && find(kind, name)?.dependencies.includes(urn), `${name} before ${forName}`);
        };
        waits("Cluster", "grafana-db", "Release", "plugin-barman-cloud");
        waits("Cluster", "grafana-db", "ObjectStore", "grafana-db-archive");
        // The new key of a rotation is written for the archive when MinIO knows it.
        waits("Secret", "archive-s3", "Release", "minio");
        waits("ScheduledBackup", "base-backups-grafana-db", "Cluster", "grafana-db");
    });
});
