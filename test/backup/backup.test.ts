import assert from "node:assert/strict";
import { platformOf } from "../fixtures/platform";
import { backupNetwork } from "../../components/backup/backup";
import { buildCopyJob, buildRestoreJob, type JobArgs } from "../../components/backup/jobs";
import { networkPolicySpecs } from "../../components/kubernetes/network-policies";
import { parseSettings, type Settings } from "../../components/platform/settings";
import { preview, type Plan } from "../../tools/plan/engine";
import { readStackFile } from "../../tools/plan/stack-file";
import { record, records } from "../../tools/records";
import { planned, root } from "../fixtures/planned";
import { keyPairs } from "../fixtures/key-pairs";

const credentials = { from: "settings", accessKeyId: "id-of-test", secretAccessKey: "key-of-test" };
const target = { endpoint: "s3.example.com:443", bucket: "offsite", credentials };

function parsed(change: object) {
    return parseSettings({ cluster: "prod", domain: "a.example.com", survives: "zone", ...change });
}

function settings(backup: object): Settings {
    const result = parsed({ backup });
    assert.ok("settings" in result, JSON.stringify(result));
    return result.settings;
}

function problems(change: object): string[] {
    const result = parsed(change);
    return "problems" in result ? result.problems.map(({ path }) => path) : [];
}

function jobArgs(backup: object): JobArgs {
    const { platform, backup: own } = settings({ target, ...backup });
    assert.ok(own.target);
    return {
        platform,
        settings: own,
        target: own.target,
        targetSecret: "backup-target",
        image: "image",
        store: "logs",
        buckets: ["chunks", "ruler"],
        storeUrl: "http://minio:9000",
        hasKeys: true,
        tokenService: undefined,
    };
}

describe("backup's settings", () => {
    it("make no copies until a target is given, and speak TLS to it", () => {
        assert.equal(settings({}).backup.target, undefined);
        assert.equal(settings({ target }).backup.target?.tls, true);
    });

    it("refuse hours that do not divide a day, and times that mean nothing", () => {
        assert.deepEqual(problems({ backup: { target, everyHours: 5 } }), ["backup.everyHours"]);
        assert.deepEqual(problems({ backup: { target, restore: { at: "yesterday" } } }), ["backup.restore.at"]);
    });

    it("ask an outside S3 for key pairs that only read", () => {
        const each = keyPairs("rw", "metrics", "logs", "traces");
        const readOnly = keyPairs("ro", "metrics", "logs", "traces");
        const outside = { kind: "s3", endpoint: "s3.example.com:443", region: "eu-west-1", credentials: each };
        assert.deepEqual(
            problems({ objectStore: outside, backup: { target } }),
            ["metrics", "logs", "traces"].map((role) => `objectStore.readOnlyCredentials.${role}`),
        );
        assert.deepEqual(
            problems({ objectStore: { ...outside, readOnlyCredentials: readOnly }, backup: { target } }),
            [],
        );
        assert.deepEqual(problems({ objectStore: outside }), []);
    });
});

describe("backup's jobs", () => {
    it("never run twice at once, and end before the next is due, which goes on where they were", () => {
        for (const everyHours of [1, 6, 24]) {
            const { spec } = record(buildCopyJob(jobArgs({ everyHours }))) as { spec: Record<string, unknown> };
            assert.equal(spec.concurrencyPolicy, "Forbid");
            assert.equal(spec.schedule, `25 */${everyHours} * * *`);
            const deadline = Number(record(record(spec.jobTemplate).spec).activeDeadlineSeconds);
            assert.ok(deadline > 0 && deadline < everyHours * 3600, String(deadline));
        }
    });

    it("copy with a key pair that reads, restore with one that writes, and run none of them but by hand", () => {
        const restoring = jobArgs({ restore: { at: "2026-01-31T06:00:00Z" } });
        const copy = buildCopyJob(restoring);
        const restore = buildRestoreJob(restoring);
        const secretsOf = (job: unknown) => JSON.stringify(job).match(/(reader|writer)-logs/g);
        assert.deepEqual(secretsOf(copy), ["reader-logs", "reader-logs"]);
        assert.deepEqual(secretsOf(restore), ["writer-logs", "writer-logs"]);
        // A copy during a restore would take a half-empty store for the truth.
        assert.deepEqual([record(copy.spec).suspend, record(restore.spec).suspend], [true, true]);
        assert.equal(record(buildCopyJob(jobArgs({})).spec).suspend, false);
        assert.match(JSON.stringify(restore), /"name":"AT","value":"2026-01-31T06:00:00Z"/);
    });

    it("opens a store that knows pods by their account by an account of the job's own, and no key of it", () => {
        const tokenService = "https://sts.eu-west-1.amazonaws.com";
        const job = buildCopyJob({ ...jobArgs({}), hasKeys: false, tokenService });
        const pod = JSON.stringify(job.spec);
        assert.match(pod, /"serviceAccountName":"copy-logs"/);
        assert.match(pod, /"name":"MC_STS_ENDPOINT_store","value":"https:\/\/sts\.eu-west-1\.amazonaws\.com"/);
        assert.doesNotMatch(pod, /STORE_ACCESS_KEY_ID/);
        assert.match(pod, /COPY_ACCESS_KEY_ID/);
        assert.doesNotMatch(JSON.stringify(buildCopyJob(jobArgs({})).spec), /serviceAccountName|MC_STS/);
    });

    it("may go out to both object stores, and nothing comes in", () => {
        const peer = { peer: { namespace: "minio", podPort: 9000 }, identityAgents: [] };
        const specs = networkPolicySpecs(backupNetwork(platformOf("zone"), { endpoint: "s3.example.com:8443" }, peer));
        assert.deepEqual(Object.keys(specs).sort(), [
            "default-deny",
            "dns",
            "same-namespace",
            "to-copy",
            "to-object-store",
        ]);
        assert.match(JSON.stringify(specs["to-copy"]), /0\.0\.0\.0\/0.*"port":8443/);
        assert.match(JSON.stringify(specs["to-object-store"]), /"minio".*"port":9000/);
    });
});

describe("backup in a stack", () => {
    let plan: Plan;

    before(async () => {
        const file = readStackFile(root, "prod");
        const key = `${file.project}:backup`;
        const config = { ...file.config, [key]: JSON.stringify({ target, restore: {} }) };
        plan = await preview(root, "prod", { ...file, config, secretKeys: [...file.secretKeys, key] });
    });

    const inNamespace = (type: string) =>
        plan.resources.filter((each) => each.type === type && record(each.inputs.metadata).namespace === "backup");

    it("has a job for every role, each with the role's own buckets and a Secret that exists", () => {
        const jobs = inNamespace("kubernetes:batch/v1:CronJob");
        const secrets = new Set(
            inNamespace("kubernetes:core/v1:Secret").map(({ inputs }) => record(inputs.metadata).name),
        );
        const buckets = new Map<string, unknown>();
        for (const { inputs } of jobs) {
            const template = record(record(record(record(inputs.spec).jobTemplate).spec).template);
            const [container] = records(record(template.spec).containers);
            for (const { name, value, valueFrom } of records(container?.env)) {
                if (name === "BUCKETS") buckets.set(String(record(inputs.metadata).name), value);
                if (valueFrom !== undefined) assert.ok(secrets.has(record(record(valueFrom).secretKeyRef).name));
            }
            assert.match(String(container?.image), /@sha256:/);
        }
        const roles = {
            metrics: "cortex-blocks cortex-ruler",
            logs: "loki-chunks loki-ruler",
            traces: "tempo-traces",
        };
        const expected = Object.entries(roles).flatMap(([role, of]) =>
            ["copy", "restore"].map((verb): [string, string] => [`${verb}-${role}`, of]),
        );
        assert.deepEqual(Object.fromEntries(buckets), Object.fromEntries(expected));
    });

    it("keeps keys out of all but Secrets", () => {
        for (const { type, inputs } of plan.resources) {
            if (type === "kubernetes:core/v1:Secret") continue;
            assert.doesNotMatch(JSON.stringify(inputs), /(id|key)-of-test/, type);
        }
    });

    it("adds nothing to a stack without a target", async () => {
        const { resources } = await planned("prod");
        assert.deepEqual(
            resources.filter(({ name }) => /backup|reader/.test(name)).map(({ name }) => name),
            [],
        );
    });
});
